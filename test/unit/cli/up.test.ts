import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { soundSettings } from "../../support/unit/checkout-tree.js";
import { EngineCheckout } from "../../support/unit/engine-checkout.js";
import { runFleet } from "../../support/unit/run-fleet.js";

const urn = "urn:pulumi:staging::fleet::fleet:index:Fleet$fleet:tenant:Tenant::team-a";
const proof = "urn:pulumi:staging::fleet::pulumi:index:Stash::fleet-proved";
const targets = ["--stack", "staging", "--target", urn, "--target", proof, "--target-dependents"];

/** Notes its arguments, its folder and the file of the update, and how often it saves the state. It ends as the variable says. */
const engine = `#!/bin/sh
echo "$1 \${PULUMI_SKIP_CHECKPOINTS-unset}" >> "$NOTES.checkpoints"
{ printf '%s\\n' "$@"; pwd; echo "$FLEET_TENANT_UPDATE"; cat "$FLEET_TENANT_UPDATE"; } > "$NOTES"
exit "$EXIT_CODE"
`;

describe("fleet up", () => {
  let checkout: EngineCheckout;
  beforeEach(() => {
    checkout = new EngineCheckout({ pulumi: engine });
  });
  afterEach(() => checkout.end());

  const up = (...args: readonly string[]) => runFleet(checkout.root, "up", ...args);

  for (const [args, code, message] of [
    [["staging"], 2, /name the part to update: --tenant NAME or --leave-blocked\. pulumi up updates all/],
    [
      ["staging", "--tenant", "team-a", "--leave-blocked"],
      2,
      /'--tenant <name>' cannot be used with .*'--leave-blocked'/,
    ],
    [["stagin", "--leave-blocked"], 2, /there is no stack "stagin"\. Did you mean staging\?/],
    [["staging", "--leave-blocked", "--exclude", urn], 2, /unknown option '--exclude'/],
    [["--tenant", "team-a"], 2, /missing required argument 'stack'/],
    [["staging", "--tenant"], 2, /argument missing/],
    [["stagin", "--tenant", "team-a"], 2, /there is no stack "stagin"\. Did you mean staging\?/],
    [["staging", "--tenant", "team-aa"], 2, /the stack staging has no tenant "team-aa"\. Did you mean team-a\?/],
    [["staging", "--tenant", "search"], 2, /no tenant "search"\. The tenants are /],
    [["staging", "--tenant", "team-a", "--target", urn], 2, /unknown option '--target'/],
    [["staging", "--tenant", "team-a", "--", "--target"], 2, /too many arguments/],
  ] as const) {
    it(`starts no engine for: up ${args.join(" ")}`, async () => {
      const result = await up(...args);
      assert.equal(result.code, code);
      assert.match(result.err, message);
      assert.deepEqual(checkout.noted(), []);
    });
  }

  it("starts no engine while the files of any tenant have problems", async () => {
    checkout.write({ "stacks/base/tenants/team-a.yaml": "name: team-a\nlimits: {size: huge}\n" });
    const { code, err } = await up("staging", "--tenant", "team-a");
    assert.equal(code, 1);
    assert.match(err, /team-a\.yaml:2: limits\.size: must be one of small/);
    assert.deepEqual(checkout.noted(), []);
  });

  for (const name of ["PULUMI_OPTION_TARGET", "PULUMI_OPTION_TARGET_REPLACE", "PULUMI_OPTION_EXCLUDE"]) {
    it(`starts no engine with ${name}, which would add targets that the program does not register`, async () => {
      process.env[name] = urn.replace("team-a", "team-b");
      try {
        const { code, err } = await up("staging", "--tenant", "team-a");
        assert.equal(code, 1);
        assert.match(err, new RegExp(`^${name} would change which resources the engine updates.*\n.*unset it`));
        assert.deepEqual(checkout.noted(), []);
      } finally {
        delete process.env[name];
      }
    });
  }

  it("says what is missing when there is no engine", async () => {
    process.env.PATH = join(checkout.root, "stacks");
    const { code, err } = await up("staging", "--tenant", "team-a");
    assert.equal(code, 1);
    assert.match(err, /pulumi could not be started: it is not in PATH\.\nWhat to do: install Pulumi/);
  });

  it("fails when the engine fails", async () => {
    process.env.EXIT_CODE = "255";
    const { code, err } = await up("staging", "--tenant", "team-a");
    assert.equal(code, 1);
    assert.match(err, /pulumi up failed \(exit code 255\)/);
  });

  it("limits the engine and the program to the tenant, in the folder of the program", async () => {
    assert.deepEqual(await up("staging", "--tenant", "team-a", "--yes", "--skip-preview"), {
      code: 0,
      out: "",
      err: "",
    });
    const [command, ...further] = checkout.noted();
    const [folder, file = "", content = ""] = further.splice(-3);
    assert.equal(command, "up");
    assert.deepEqual(further, [...targets, "--yes", "--skip-preview"]);
    assert.equal(folder, checkout.root);
    assert.deepEqual(JSON.parse(content), { content: "team-a", pid: process.pid });
    assert.equal(existsSync(file), false);
  });

  it("asks before the update without --yes, and never updates with --preview-only", async () => {
    await up("staging", "--tenant", "team-a");
    assert.deepEqual(checkout.noted().slice(0, 8).join(" "), ["up", ...targets].join(" "));
    await up("staging", "--tenant", "team-a", "--preview-only", "--yes", "--skip-preview");
    const [command, ...further] = checkout.noted();
    assert.equal(command, "preview");
    assert.deepEqual(further.slice(0, -3), targets);
  });

  it("has the engine serialize the state once in a preview, and at each change in an update", async () => {
    await up("staging", "--tenant", "team-a", "--preview-only");
    await up("staging", "--tenant", "team-a");
    process.env.PULUMI_SKIP_CHECKPOINTS = "false";
    try {
      await up("staging", "--tenant", "team-a", "--preview-only");
    } finally {
      delete process.env.PULUMI_SKIP_CHECKPOINTS;
    }
    const noted = readFileSync(`${checkout.notes}.checkpoints`, "utf8");
    assert.equal(noted, "preview true\nup unset\npreview false\n");
  });

  it("leaves the name to the program when encrypted settings hide the stack's spec", async () => {
    checkout.write({ "Pulumi.staging.yaml": soundSettings("fleet:allowedImageRegistries: {secure: x}") });
    assert.equal((await up("staging", "--tenant", "team-z")).code, 0);
    assert.match(checkout.noted().join(), /::team-z/);
  });
});
