import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { requireSpec } from "../../../cli/load-stack.js";
import { loadFleetSpec } from "../../../config/load.js";
import { readStackFile } from "../../../config/stack/stack-file.js";
import { resourcesDigest } from "../../../lib/state/resources-digest.js";
import { readContent } from "../../../promotion/content.js";
import { PROGRAM_FOLDERS } from "../../../promotion/program-digest.js";
import { nextProof } from "../../../promotion/proof.js";
import { noDefaultProviders, soundEnvironment, soundSettings } from "../../support/unit/checkout-tree.js";
import { EngineCheckout } from "../../support/unit/engine-checkout.js";
import { runFleet } from "../../support/unit/run-fleet.js";

/** Prints the outputs of a stack or its state, and notes the arguments of an update with its file. */
const engine = `#!/bin/sh
for stack; do :; done
case "$2" in
output) cat "$(dirname "$NOTES")/outputs-$stack.json"; exit ;;
export) cat "$(dirname "$NOTES")/state.json"; exit ;;
esac
{ printf '%s\\n' "$@"; test -z "$FLEET_LEFT_OUT" || cat "$FLEET_LEFT_OUT"; } > "$NOTES"
exit "$EXIT_CODE"
`;

const fleet = "urn:pulumi:prod-eu::fleet::fleet:index:Fleet";
const tenant = (name: string) => `${fleet}$fleet:tenant:Tenant::${name}`;
const below = (name: string) => `${fleet}$fleet:tenant:Tenant$kubernetes:core/v1:Namespace::${name}.${name}-namespace`;
const state = [
  { urn: `${fleet}::fleet` },
  ...["team-a", "team-b", "team-bb"].flatMap((name) => [
    { urn: tenant(name), parent: `${fleet}::fleet` },
    { urn: below(name), parent: tenant(name) },
  ]),
  { urn: `${fleet}::old`, parent: tenant("team-b"), delete: true },
];

describe("fleet up --leave-blocked", () => {
  let checkout: EngineCheckout;
  beforeEach(async () => {
    checkout = new EngineCheckout({ pulumi: engine });
    const revision = "fleet:platformRevision: {branch: main}";
    for (const folder of PROGRAM_FOLDERS) checkout.write({ [`${folder}/program.ts`]: "export {};\n" });
    checkout.write({
      "Pulumi.prod-eu.yaml": soundSettings("fleet:promotesFrom: staging", revision),
      "stacks/prod-eu/tenants/team-a.yaml": "sync: {ref: {branch: main}}\n",
      "state.json": JSON.stringify({ version: 3, deployment: { resources: state } }),
    });
    for (const name of ["team-b", "team-bb"]) {
      checkout.write({
        [`stacks/base/tenants/${name}.yaml`]: `name: ${name}\n`,
        [`stacks/staging/tenants/${name}.yaml`]: "",
        [`stacks/prod-eu/tenants/${name}.yaml`]: "sync: {ref: {branch: main}}\n",
      });
    }
    for (const stack of ["staging", "prod-eu"]) await prove(stack);
  });
  afterEach(() => {
    delete process.env.GITHUB_STEP_SUMMARY;
    checkout.end();
  });

  /** Has a stack run the files of the checkout. */
  async function prove(stack: string): Promise<void> {
    const content = readContent(checkout.root, await requireSpec(checkout.root, stack));
    const proved = nextProof({ before: undefined, content, now: Date.now() - 1000 });
    checkout.write({ [`outputs-${stack}.json`]: JSON.stringify({ proved }) });
  }
  const change = (name: string) =>
    checkout.write({ [`stacks/base/tenants/${name}.yaml`]: `name: ${name}\nlimits: {size: large}\n` });
  const remove = (file: string) => rmSync(join(checkout.root, file));
  const up = (...args: readonly string[]) => runFleet(checkout.root, "up", "prod-eu", "--leave-blocked", ...args);

  it("starts no engine when more than tenants is held back, and names only what would remain", async () => {
    change("team-b");
    checkout.write({ "config/load.ts": "export const other = 1;\n" });
    const { code, err } = await up();
    assert.equal(code, 1);
    assert.equal(
      err,
      "index.ts: the stack staging has never run this version of the program. Run pulumi up on the stack staging first, from the same files.\n",
    );
    assert.deepEqual(checkout.noted(), []);
  });

  it("starts no engine when the removal of a tenant is held back", async () => {
    change("team-b");
    remove("stacks/prod-eu/tenants/team-bb.yaml");
    const { code, err } = await up();
    assert.equal(code, 1);
    assert.match(err, /team-bb\.yaml: the stack staging still runs the tenant team-bb, which this update removes/);
    assert.deepEqual(checkout.noted(), []);
  });

  it("could not look without the outputs of the stack, and starts no engine", async () => {
    change("team-b");
    remove("outputs-prod-eu.json");
    const { code, err } = await up();
    assert.equal(code, 3);
    assert.match(err, /^outputs of prod-eu: cannot be read: .*Log in to the backend/);
    assert.deepEqual(checkout.noted(), []);
  });

  it("starts no engine with further targets in the environment", async () => {
    process.env.PULUMI_OPTION_EXCLUDE = below("team-a");
    try {
      assert.match((await up()).err, /^PULUMI_OPTION_EXCLUDE would change which resources/);
      assert.deepEqual(checkout.noted(), []);
    } finally {
      delete process.env.PULUMI_OPTION_EXCLUDE;
    }
  });

  it("names the reason when the tenants that stay have more resources than arguments can name", async () => {
    change("team-b");
    // Linux accepts arguments of 128 KiB.
    const long = { urn: `${below("team-b")}${"x".repeat(200_000)}`, parent: tenant("team-b") };
    checkout.write({ "state.json": JSON.stringify({ deployment: { resources: [...state, long] } }) });
    const { code, err } = await up("--yes");
    assert.equal(code, 1);
    assert.match(
      err,
      /\npulumi could not be started: the arguments are longer .* \(E2BIG\).*\nWhat to do: promote some/,
    );
    assert.deepEqual(checkout.noted(), []);
  });

  it("excludes every resource of the tenants that are held back, and no other, and tells the program", async () => {
    change("team-b");
    process.env.GITHUB_STEP_SUMMARY = join(checkout.root, "summary.md");
    const { code, err } = await up("--yes", "--skip-preview");
    assert.equal(code, 0, err);
    const reason =
      "team-b: stacks/base/tenants/team-b.yaml: the stack staging has never run this base file of the tenant team-b. Run pulumi up on the stack staging first, from the same files.";
    assert.equal(err, `stays as it is on prod-eu: ${reason}\n`);
    const lines = checkout.noted();
    const told = JSON.parse(lines.pop() ?? "") as object;
    const excluded = [tenant("team-b"), below("team-b")];
    const options = excluded.flatMap((urn) => ["--exclude", urn]);
    assert.deepEqual(lines, ["up", "--stack", "prod-eu", ...options, "--yes", "--skip-preview"]);
    const resources = resourcesDigest(state.flatMap((one) => ("delete" in one ? [] : [one.urn])));
    assert.deepEqual(told, { pid: process.pid, content: { tenants: ["team-b"], excluded, resources } });
    assert.equal(
      readFileSync(process.env.GITHUB_STEP_SUMMARY, "utf8"),
      `### Tenants that stay as they are on prod-eu\n\n    ${reason}\n\n`,
    );
  });

  it("updates in a freeze what the stack runs already, in the settings of the program, and nothing else", async () => {
    const freeze = "{from: 2026-01-01T00:00, until: 2099-01-01T00:00, timeZone: UTC, reason: Closing}";
    const settings = [
      "fleet:promotesFrom: staging",
      "fleet:platformRevision: {branch: main}",
      `fleet:freezes: [${freeze}]`,
    ];
    checkout.write({ "Pulumi.prod-eu.yaml": soundSettings(...settings) });
    const environment = { ...soundEnvironment, GITHUB_BASE_URL: "https://github.acme.example/" };
    const { root } = checkout;
    const { config } = readStackFile(root, "prod-eu");
    const args = { root, stack: "prod-eu", config, environment, disabledDefaultProviders: noDefaultProviders };
    const { spec } = loadFleetSpec(args);
    const proved = nextProof({ before: undefined, content: readContent(root, spec), now: Date.now() - 1000 });
    checkout.write({ "outputs-prod-eu.json": JSON.stringify({ proved }) });
    Object.assign(process.env, environment);
    try {
      assert.deepEqual(await up("--yes"), { code: 0, out: "", err: "" });
      assert.deepEqual(checkout.noted(), ["up", "--stack", "prod-eu", "--yes"]);
      checkout.write({ "config/load.ts": "export const other = 1;\n" });
      await prove("staging");
      assert.match(
        (await up("--yes")).err,
        /fleet:freezes\[0\]: nothing may change .* changes this version of the program\./,
      );
    } finally {
      for (const name of Object.keys(environment)) delete process.env[name];
    }
  });

  it("writes no summary when the engine fails, or only shows the changes", async () => {
    change("team-b");
    process.env.GITHUB_STEP_SUMMARY = join(checkout.root, "summary.md");
    await up("--preview-only");
    assert.equal(checkout.noted()[0], "preview");
    process.env.EXIT_CODE = "255";
    assert.equal((await up("--yes")).code, 1);
    assert.equal(existsSync(process.env.GITHUB_STEP_SUMMARY), false);
  });

  it("updates the whole stack when no tenant is held back, and a stack without a predecessor", async () => {
    assert.deepEqual(await up("--yes"), { code: 0, out: "", err: "" });
    assert.deepEqual(checkout.noted(), ["up", "--stack", "prod-eu", "--yes"]);
    change("team-b");
    assert.equal((await runFleet(checkout.root, "up", "staging", "--leave-blocked")).code, 0);
    assert.deepEqual(checkout.noted(), ["up", "--stack", "staging"]);
  });
});
