import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { main } from "../../../cli/fleet.js";
import { soundTree } from "../../support/unit/checkout-tree.js";
import { older } from "../../support/unit/lock-checkout.js";

const settings = [
  "encryptionsalt: v1:made-up",
  "config:",
  '  pulumi:disable-default-providers: ["*"]',
  "  fleet:repositoryOwner: staging",
  "  fleet:fluxVersion: v2.9.2",
];
const urn = "urn:pulumi:staging::fleet::fleet:index:Fleet$fleet:tenant:Tenant::team-a";
const proof = "urn:pulumi:staging::fleet::pulumi:index:Stash::fleet-proved";

/** Notes its arguments, its folder and the file of the update, and ends as the variable says. */
const engine = `#!/bin/sh
{ printf '%s\\n' "$@"; pwd; echo "$FLEET_TENANT_UPDATE"; cat "$FLEET_TENANT_UPDATE"; } > "$NOTES"
exit "$EXIT_CODE"
`;

describe("fleet up", () => {
  let root: string;
  let notes: string;
  const { PATH: path } = process.env;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-up-"));
    notes = join(root, "notes");
    write({
      ...soundTree,
      "Pulumi.yaml": "name: fleet\n",
      "Pulumi.staging.yaml": `${settings.join("\n")}\n`,
      "flux.lock.json": JSON.stringify({ "v2.9.2": older }),
      "bin/pulumi": engine,
    });
    chmodSync(join(root, "bin", "pulumi"), 0o755);
    Object.assign(process.env, { PATH: [join(root, "bin"), path].join(delimiter), NOTES: notes, EXIT_CODE: "0" });
  });
  afterEach(() => {
    process.env.PATH = path;
    for (const name of ["NOTES", "EXIT_CODE"]) delete process.env[name];
    rmSync(root, { recursive: true, force: true });
  });

  function write(files: Readonly<Record<string, string | Uint8Array>>): void {
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), content);
    }
  }

  async function up(...args: readonly string[]) {
    let err = "";
    const streams = {
      out: () => undefined,
      err: (text: string) => {
        err += text;
      },
    };
    return { code: await main(["up", ...args], streams, root), err };
  }

  const noted = () => readFileSync(notes, "utf8").trim().split("\n");

  for (const [args, code, message] of [
    [["staging"], 2, /required option '--tenant <name>' not specified/],
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
      assert.equal(existsSync(notes), false);
    });
  }

  it("starts no engine while the files of any tenant have problems", async () => {
    write({ "stacks/base/tenants/team-a.yaml": "name: team-a\nlimits: {size: huge}\n" });
    const { code, err } = await up("staging", "--tenant", "team-a");
    assert.equal(code, 1);
    assert.match(err, /team-a\.yaml:2: limits\.size: must be one of small/);
    assert.equal(existsSync(notes), false);
  });

  for (const name of ["PULUMI_OPTION_TARGET", "PULUMI_OPTION_TARGET_REPLACE", "PULUMI_OPTION_EXCLUDE"]) {
    it(`starts no engine with ${name}, which would add targets that the program does not register`, async () => {
      process.env[name] = urn.replace("team-a", "team-b");
      try {
        const { code, err } = await up("staging", "--tenant", "team-a");
        assert.equal(code, 1);
        assert.match(err, new RegExp(`^${name} would change which resources the engine updates.*\n.*unset it`));
        assert.equal(existsSync(notes), false);
      } finally {
        delete process.env[name];
      }
    });
  }

  it("says what is missing when there is no engine", async () => {
    process.env.PATH = join(root, "stacks");
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
    assert.deepEqual(await up("staging", "--tenant", "team-a", "--yes", "--skip-preview"), { code: 0, err: "" });
    const [command, ...further] = noted();
    const [folder, file = "", content = ""] = further.splice(-3);
    assert.equal(command, "up");
    const wanted = [
      "--stack",
      "staging",
      "--target",
      urn,
      "--target",
      proof,
      "--target-dependents",
      "--yes",
      "--skip-preview",
    ];
    assert.deepEqual(further, wanted);
    assert.equal(folder, root);
    assert.deepEqual(JSON.parse(content), { content: "team-a", pid: process.pid });
    assert.equal(existsSync(file), false);
  });

  it("asks before the update without --yes, and never updates with --preview-only", async () => {
    await up("staging", "--tenant", "team-a");
    assert.deepEqual(
      noted().slice(0, 8).join(" "),
      `up --stack staging --target ${urn} --target ${proof} --target-dependents`,
    );
    await up("staging", "--tenant", "team-a", "--preview-only", "--yes", "--skip-preview");
    const [command, ...further] = noted();
    assert.equal(command, "preview");
    assert.deepEqual(further.slice(0, -3), [
      "--stack",
      "staging",
      "--target",
      urn,
      "--target",
      proof,
      "--target-dependents",
    ]);
  });

  it("leaves the name to the program when encrypted settings hide the stack's spec", async () => {
    write({ "Pulumi.staging.yaml": `${settings.join("\n")}\n  fleet:allowedImageRegistries: {secure: x}\n` });
    assert.equal((await up("staging", "--tenant", "team-z")).code, 0);
    assert.match(noted().join(), /::team-z/);
  });
});
