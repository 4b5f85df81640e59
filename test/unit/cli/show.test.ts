import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { loadStack } from "../../../cli/load-stack.js";
import { soundTree } from "../../support/unit/checkout-tree.js";
import { older } from "../../support/unit/lock-checkout.js";
import { runFleet } from "../../support/unit/run-fleet.js";
import { type Tree, writeTree } from "../../support/unit/tree-files.js";

const settings = [
  "config:",
  '  pulumi:disable-default-providers: ["*"]',
  "  fleet:repositoryOwner: staging",
  "  fleet:fluxVersion: v2.9.2",
  "  fleet:secrets: {team-a: {slack: {secure: x}}}",
  "",
].join("\n");

const files = {
  ...soundTree,
  "Pulumi.staging.yaml": settings,
  "flux.lock.json": JSON.stringify({ "v2.9.2": older }),
  "stacks/groups/web.yaml": "limits:\n  size: medium\nrepository:\n  protection: {pullRequest: true}\n",
  "stacks/base/tenants/team-a.yaml": [
    "name: team-a",
    "group: web",
    'description: "A #1 team: shops"',
    "hosts: [a.example.com, b.example.com]",
    "namespace:\n  labels: {cost-center: '4711'}",
    `  annotations: {note: "first # line of a text that is long\\nsecond line${" of a long text".repeat(9)}"}`,
    "namespaces: {a-jobs: {}}",
    "syncs: {jobs: {namespace: a-jobs, path: ./jobs}}",
    "notifications: {chat: {type: slack, secret: slack}}",
    "",
  ].join("\n"),
  "stacks/staging/defaults.yaml": "sync:\n  interval: 30s\n  timeout: 9m\n",
  "stacks/staging/tenants/team-a.yaml": "# Slow.\nsync:\n  interval: 2m\n  timeout: null\n",
};

describe("fleet show", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-show-"));
    write(files);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function write(tree: Tree): void {
    writeTree(root, tree);
  }

  const show = (...args: readonly string[]) => runFleet(root, "show", ...args);

  it("refuses wrong arguments, with what is meant", async () => {
    for (const [args, message] of [
      [["team-aa", "--stack", "staging"], /the stack staging has no tenant "team-aa"\. Did you mean team-a\?/],
      [["team-a", "--stack", "stagin"], /there is no stack "stagin"\. Did you mean staging\?/],
      [["team-a"], /required option '--stack <stack>' not specified/],
      [["team-a", "--stack", "staging", "--output", "xml"], /Allowed choices are yaml, json/],
    ] as const) {
      const { code, out, err } = await show(...args);
      assert.deepEqual([code, out], [2, ""]);
      assert.match(err, message);
    }
  });

  it("reports the problems of the files, and prints nothing", async () => {
    write({ "stacks/staging/defaults.yaml": "limits: {size: huge}\n" });
    const { code, out, err } = await show("team-a", "--stack", "staging");
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /stacks\/staging\/defaults\.yaml:1: limits\.size: must be one of small/);
  });

  it("prints a file that makes the same tenant without any defaults", async () => {
    const { spec: before } = await loadStack(root, "staging");
    for (const flags of [[], ["--origin"], ["--output", "json"]]) {
      write(files);
      const { code, out } = await show("team-a", "--stack", "staging", ...flags);
      assert.equal(code, 0);
      rmSync(join(root, "stacks/groups/web.yaml"));
      write({
        "stacks/base/tenants/team-a.yaml": out,
        "stacks/staging/defaults.yaml": "",
        "stacks/staging/tenants/team-a.yaml": "",
      });
      const { spec: after, problems } = await loadStack(root, "staging");
      assert.deepEqual(problems, []);
      assert.deepEqual(after?.tenants, before?.tenants);
    }
  });

  it("names the file and line of each value", async () => {
    const { out } = await show("team-a", "--stack", "staging", "--origin");
    const lines = out.split("\n");
    const base = "stacks/base/tenants/team-a.yaml";
    for (const line of [
      `description: "A #1 team: shops"  # ${base}:3`,
      "    pullRequest: true  # stacks/groups/web.yaml:4",
      "    reviews: 1  # stacks/groups/web.yaml:4",
      "    enabled: true  # default",
      `    cost-center: "4711"  # ${base}:6`,
      "  size: medium  # stacks/groups/web.yaml:2",
      `hosts:  # ${base}:4`,
      "  - b.example.com",
      "  interval: 2m  # stacks/staging/tenants/team-a.yaml:3",
      "  timeout: 3m  # default, by null in stacks/staging/tenants/team-a.yaml:4",
      `    path: ./jobs  # ${base}:9`,
      `    events: error  # ${base}:10`,
      "webhook: false  # default",
    ]) {
      assert.ok(lines.includes(line), `${line}\nis missing in\n${out}`);
    }
    const values = lines.filter((line) => !line.trimStart().startsWith("- ") && !line.endsWith(":") && line !== "");
    for (const line of values) assert.match(line, / {2}# (default|stacks\/[\w/.-]+:\d+)/);
    assert.deepEqual(parse(out), parse((await show("team-a", "--stack", "staging")).out));
  });

  it("prints the same as JSON", async () => {
    const { out } = await show("team-a", "--stack", "staging", "--origin", "--output", "json");
    const values = JSON.parse(out) as readonly { readonly field: string }[];
    const of = (field: string) => values.find((one) => one.field === field);
    assert.deepEqual(of("sync.interval"), {
      field: "sync.interval",
      value: "2m",
      origin: "overlay",
      file: "stacks/staging/tenants/team-a.yaml",
      line: 3,
    });
    assert.deepEqual(of("webhook"), { field: "webhook", value: false, origin: "default" });
    assert.deepEqual(of("hosts"), {
      field: "hosts",
      value: ["a.example.com", "b.example.com"],
      origin: "base",
      file: "stacks/base/tenants/team-a.yaml",
      line: 4,
    });
  });
});
