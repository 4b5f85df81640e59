import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JOURNAL_FILE } from "../../../../cli/write-journal.js";
import { soundSettings, soundTree } from "../../../support/unit/checkout-tree.js";
import { older } from "../../../support/unit/lock-checkout.js";
import { runFleet } from "../../../support/unit/run-fleet.js";
import { readTree, type Tree, writeTree } from "../../../support/unit/tree-files.js";

const files = {
  ...soundTree,
  "Pulumi.staging.yaml": soundSettings(),
  "Pulumi.prod-eu.yaml": soundSettings("fleet:promotesFrom: staging", "fleet:platformRevision: {branch: main}"),
  "stacks/prod-eu/tenants/team-a.yaml": "sync: {ref: {branch: main}}\n",
  "flux.lock.json": JSON.stringify({ "v2.9.2": older }),
};

describe("fleet tenant new", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-tenant-"));
    write(files);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function write(tree: Tree): void {
    writeTree(root, tree);
  }

  const tenant = (...args: readonly string[]) => runFleet(root, "tenant", ...args);
  const read = (file: string) => readFileSync(join(root, file), "utf8");

  for (const [args, code, message] of [
    [["team-b"], 2, /required option '--stack <stack\.\.\.>' not specified/],
    [["--stack", "staging"], 2, /missing required argument 'name'/],
    [["team-b", "--stack", "stagin"], 2, /there is no stack "stagin"\. Did you mean staging\?/],
    [["team-b", "--stack", "staging", "--members", "ann"], 2, /--members needs --team/],
    [["Team_B", "--stack", "staging"], 2, /'Team_B' is invalid for argument 'name'/],
    [["../../../team-b", "--stack", "staging"], 2, /is invalid for argument 'name'/],
    [["team-b", "--stack", "staging", "--size", "huge"], 1, /limits\.size: must be one of small/],
    [["team-b", "--stack", "staging", "--viewers", "system:masters"], 1, /is a group of Kubernetes' own/],
    [
      ["team-a", "--stack", "staging"],
      1,
      /stacks\/base\/tenants\/team-a\.yaml: exists already, so it is not written over/,
    ],
  ] as const) {
    it(`writes nothing for: ${args.join(" ")}`, async () => {
      const before = readTree(root);
      const result = await tenant("new", ...args);
      assert.deepEqual([result.code, result.out], [code, ""]);
      assert.match(result.err, message);
      assert.deepEqual(readTree(root), before);
    });
  }

  it("completes the files of a killed run, and writes nothing over them", async () => {
    const after = "name: team-b\ndescription: Of the killed run\n";
    const base = "stacks/base/tenants/team-b.yaml";
    write({ [JOURNAL_FILE]: JSON.stringify([{ file: base, before: null, after }]) });
    const dry = await tenant("new", "team-b", "--stack", "staging", "--dry-run");
    assert.equal(dry.code, 1);
    assert.match(dry.err, /is of a command that was killed while it wrote its files/);
    const { code, out, err } = await tenant("new", "team-b", "--stack", "staging");
    assert.equal(code, 1);
    assert.match(out, /^Completed the files of an earlier command/);
    assert.match(err, /team-b\.yaml: exists already/);
    assert.equal(read(base), after);
  });

  it("writes nothing to the target of a symbolic link", async () => {
    const outside = mkdtempSync(join(tmpdir(), "fleet-tenant-outside-"));
    renameSync(join(root, "stacks/base"), join(outside, "base"));
    symlinkSync(join(outside, "base"), join(root, "stacks/base"));
    const before = readTree(outside);
    const { code, err } = await tenant("new", "team-b", "--stack", "staging");
    assert.equal(code, 1);
    assert.match(err, /base\/tenants\/team-b\.yaml: is in a folder behind a symbolic link/);
    assert.deepEqual(readTree(outside), before);
    rmSync(outside, { recursive: true });
  });

  it("writes nothing while a file of another tenant has problems", async () => {
    write({ "stacks/base/tenants/team-a.yaml": "name: team-a\nlimits: {size: huge}\n" });
    const before = readTree(root);
    const { code, err } = await tenant("new", "team-b", "--stack", "staging");
    assert.equal(code, 1);
    assert.match(err, /so nothing was changed:\n.*team-a\.yaml/);
    assert.deepEqual(readTree(root), before);
  });

  it("prints the files, and writes none, with --dry-run", async () => {
    const before = readTree(root);
    const { code, out } = await tenant("new", "team-b", "--stack", "staging", "--dry-run");
    assert.equal(code, 0);
    assert.match(out, /\+name: team-b\n/);
    assert.deepEqual(readTree(root), before);
  });

  it("writes files that are sound, with each value that it was given", async () => {
    const options = ["--team", "shop", "--members", "ann,bob", "--viewers", "shop: web,shop-ops", "--size", "medium"];
    const { code, out, err } = await tenant(
      ...["new", "team-b", "--stack", "staging", "prod-eu", "--description", "A #1 shop: web", ...options],
    );
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /^Created the tenant team-b:\n {2}stacks\/base\/tenants\/team-b\.yaml\n/);
    assert.match(out, /npx fleet up prod-eu --tenant team-b/);
    assert.equal((await runFleet(root, "check")).code, 0);
    assert.equal(
      read("stacks/base/tenants/team-b.yaml"),
      [
        "# yaml-language-server: $schema=../../tenant.schema.json",
        "name: team-b",
        'description: "A #1 shop: web"',
        "# The GitHub team that may push to the repository.",
        "team:",
        "  name: shop",
        "  members:",
        "    - ann",
        "    - bob",
        "# Groups of the cluster's identity provider that read all but Secrets.",
        "access:",
        "  viewers:",
        '    - "shop: web"',
        "    - shop-ops",
        "# Quotas and limits of the namespace.",
        "limits:",
        "  size: medium",
        "",
      ].join("\n"),
    );
    assert.match(read("stacks/staging/tenants/team-b.yaml"), /\n# On staging just as in base\.\n\{\}\n$/);
    assert.match(read("stacks/prod-eu/tenants/team-b.yaml"), /npx fleet promote staging prod-eu --tenant team-b\n/);
  });

  it("is listed on its stacks, and shown with all values", async () => {
    assert.equal((await tenant("new", "team-b", "--stack", "staging")).code, 0);
    write({ "stacks/staging/tenants/team-a.yaml": "sync: {suspend: true, suspendUntil: 2027-01-31}\n" });
    const listed = await tenant("list", "--output", "json");
    assert.deepEqual(JSON.parse(listed.out), [
      {
        name: "team-a",
        stacks: {
          "prod-eu": { namespaces: ["team-a"], suspended: [], frozen: [] },
          staging: { namespaces: ["team-a"], suspended: [{ sync: "team-a", until: "2027-01-31" }], frozen: [] },
        },
      },
      { name: "team-b", stacks: { staging: { namespaces: ["team-b"], suspended: [], frozen: [] } } },
    ]);
    assert.match((await tenant("list", "--output", "markdown")).out, /\n\| team\\?-b \| — \| team\\?-b \|\n/);
    const shown = await tenant("show", "team-a", "--output", "markdown");
    assert.equal(shown.code, 0);
    assert.match(shown.out, /\| Field \| prod-eu \| staging \|\n/);
    assert.match(shown.out, /\| sync\.suspend \| false \| true \|\n/);
    assert.match(shown.out, /\| sync\.suspendUntil \| — \| 2027-01-31 \|\n/);
  });

  it("shows no tenant that is unknown, and none of files with problems", async () => {
    const unknown = await tenant("show", "team-aa");
    assert.deepEqual([unknown.code, unknown.out], [2, ""]);
    assert.match(unknown.err, /no stack has a tenant "team-aa"\. Did you mean team-a\?/);
    write({ "stacks/base/tenants/team-a.yaml": "name: team-a\nlimits: {size: huge}\n" });
    for (const args of [["show", "team-a"], ["list"]]) {
      const { code, out, err } = await tenant(...args);
      assert.deepEqual([code, out], [1, ""]);
      assert.match(err, /limits\.size: must be one of small/);
    }
  });
});
