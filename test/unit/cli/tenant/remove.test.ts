import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addRemoveCommand } from "../../../../cli/tenant/remove.js";
import { JOURNAL_FILE } from "../../../../cli/write-journal.js";
import { soundSettings, soundTree } from "../../../support/unit/checkout-tree.js";
import { older } from "../../../support/unit/lock-checkout.js";
import { runFleet, runFleetWith } from "../../../support/unit/run-fleet.js";
import { readTree, type Tree, writeTree } from "../../../support/unit/tree-files.js";

const slack = "fleet:secrets: {team-a: {slack: {secure: v1:aaaa}}}";
const files: Tree = {
  ...soundTree,
  "Pulumi.staging.yaml": soundSettings(slack, "# Kept.", "fleet:logLevel: debug"),
  "Pulumi.prod-eu.yaml": soundSettings(
    ...["fleet:promotesFrom: staging", "fleet:soak: 24h", "fleet:platformRevision: {branch: main}"],
  ),
  "stacks/staging/tenants/team-a.yaml": "notifications: {slack: {type: slack, secret: slack}}\n",
  "stacks/prod-eu/tenants/team-a.yaml": "sync: {ref: {branch: main}}\n",
  "flux.lock.json": JSON.stringify({ "v2.9.2": older }),
  CODEOWNERS: "* @acme/platform\n/stacks/base/tenants/team-a.yaml @acme/a\n/stacks/base/tenants/team-ab.yaml @acme/b\n",
};

describe("fleet tenant remove", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-remove-"));
    writeTree(root, files);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const remove = (...args: readonly string[]) => runFleet(root, "tenant", "remove", ...args);

  for (const [args, message] of [
    [[], /missing required argument 'name'/],
    [["team-aa", "--yes"], /no stack has a tenant "team-aa"\. Did you mean team-a\?/],
    [["team-a", "--yes", "--stack", "stagin"], /there is no stack "stagin"\. Did you mean staging\?/],
    [["../base/tenants/team-a", "--yes"], /no stack has a tenant/],
  ] as const) {
    it(`removes nothing for: ${args.join(" ")}`, async () => {
      const before = readTree(root);
      const { code, out, err } = await remove(...args);
      assert.deepEqual([code, out], [2, ""]);
      assert.match(err, message);
      assert.deepEqual(readTree(root), before);
    });
  }

  it("removes nothing from a stack that does not run the tenant", async () => {
    rmSync(join(root, "stacks/prod-eu/tenants/team-a.yaml"));
    writeTree(root, { "stacks/prod-eu/tenants/.gitkeep": "" });
    const before = readTree(root);
    const { code, err } = await remove("team-a", "--yes", "--stack", "prod-eu");
    assert.equal(code, 2);
    assert.match(err, /prod-eu has no tenant team-a\. It runs on staging\./);
    assert.deepEqual(readTree(root), before);
  });

  it("says everything and removes nothing without consent, and without a terminal ends with code 2", async () => {
    const before = readTree(root);
    const silent = await remove("team-a");
    assert.equal(silent.code, 2);
    assert.match(silent.err, /without a terminal, remove needs --yes\. Nothing was changed\./);
    assert.match(silent.out, /On staging:\n {2}The namespace team-a is deleted with every object and volume in it/);
    const refused = await answering(false);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /^Nothing was changed\.\n$/);
    const dry = await remove("team-a", "--dry-run", "--yes");
    assert.deepEqual([dry.code, dry.out], [0, silent.out]);
    assert.deepEqual(readTree(root), before);
  });

  it("removes nothing that another tenant still imports from", async () => {
    writeTree(root, {
      "stacks/base/tenants/team-a.yaml":
        "name: team-a\nexports: {api: {service: api, port: 80, pods: {app: api}, to: [team-b]}}\n",
      "stacks/base/tenants/team-b.yaml": "name: team-b\nimports: {api: {tenant: team-a, export: api}}\n",
      "stacks/staging/tenants/team-b.yaml": "{}\n",
    });
    const before = readTree(root);
    const { code, out, err } = await remove("team-a", "--yes", "--stack", "staging");
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /so nothing was changed:\n.*team-b\.yaml.*: imports\.api\.tenant: team-a is not on the stack/);
    assert.deepEqual(readTree(root), before);
  });

  it("removes nothing while a file has problems", async () => {
    writeTree(root, { "stacks/base/tenants/team-a.yaml": "name: team-a\nlimits: {size: huge}\n" });
    const before = readTree(root);
    const { code, err } = await remove("team-a", "--yes");
    assert.equal(code, 1);
    assert.match(err, /limits\.size: must be one of/);
    assert.deepEqual(readTree(root), before);
  });

  it("removes a tenant from one stack, with its settings there, and keeps the stack and the base file", async () => {
    const { code, out, err } = await remove("team-a", "--yes", "--stack", "staging");
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /^Removal of team-a from staging\n/);
    assert.match(out, / {2}prod-eu still runs team-a: the repository team-a stays\.\n/);
    assert.match(out, / {2}edit Pulumi\.staging\.yaml: without fleet:secrets\.team-a\n/);
    assert.doesNotMatch(out, /still name it/);
    const { "stacks/staging/tenants/team-a.yaml": _removed, ...others } = files;
    assert.deepEqual(readFiles(root), {
      ...others,
      "Pulumi.staging.yaml": soundSettings("# Kept.", "fleet:logLevel: debug"),
      "stacks/staging/tenants/.gitkeep": "",
    });
    assert.equal((await runFleet(root, "check")).code, 0);
  });

  it("removes a tenant from all stacks after a yes, and names the lines that are left and the steps", async () => {
    const { code, out, err } = await answering(true);
    assert.deepEqual([code, err], [0, ""]);
    assert.match(
      out,
      /These lines still name it\..*\n {2}CODEOWNERS:2: \/stacks\/base\/tenants\/team-a\.yaml @acme\/a\n\n/,
    );
    assert.match(
      out,
      / {2}2\. pulumi up --stack staging, after the merge\n {2}3\. pulumi up --stack prod-eu, once staging has run without team-a for 24h\n {2}4\. pulumi up --stack staging again, which archives the repositories, after the others: .*\n$/,
    );
    const tenants = Object.keys(readFiles(root)).filter((file) => file.startsWith("stacks/"));
    assert.deepEqual(
      tenants.sort(),
      ["base", "prod-eu", "staging"].map((folder) => `stacks/${folder}/tenants/.gitkeep`),
    );
    assert.equal((await runFleet(root, "check")).code, 0);
  });

  it("first completes the files of an earlier command, and not in a dry run", async () => {
    const file = "stacks/staging/tenants/team-a.yaml";
    const change = { file, before: files[file], after: `${files[file]}# Completed.\n` };
    writeFileSync(join(root, JOURNAL_FILE), JSON.stringify([change]));
    const dry = await remove("team-a", "--dry-run");
    assert.equal(dry.code, 1);
    assert.match(dry.err, /is of a command that was killed while it wrote its files/);
    const { code, out } = await remove("team-a", "--yes", "--stack", "prod-eu");
    assert.equal(code, 0);
    assert.match(out, /^Completed the files of an earlier command/);
    assert.equal(readFiles(root)[file], change.after);
  });

  /** Runs the command on a terminal on which a person answers. */
  function answering(answer: boolean) {
    return runFleetWith(
      (program, streams) => addRemoveCommand(program.command("tenant"), streams, root, async () => answer),
      ...["tenant", "remove", "team-a"],
    );
  }
});

/** The files of a tree, without its folders. */
function readFiles(root: string): Readonly<Record<string, string>> {
  const entries = Object.entries(readTree(root));
  return Object.fromEntries(entries.filter(([path]) => /\.[a-z]+$|CODEOWNERS$/.test(path)));
}
