import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addReportCommand, type ReportSystems } from "../../../../cli/commands/report.js";
import { reportInPage } from "../../../../operate/report/page-data.js";
import type { Report } from "../../../../operate/report/report.js";
import type { StackPlan } from "../../../../review/planned-resource.js";
import { soundSettings, soundTree } from "../../../support/unit/checkout-tree.js";
import { FakeCluster } from "../../../support/unit/fake-cluster.js";
import { FakeClusters } from "../../../support/unit/fake-cluster-server.js";
import { clusterAnswers, readyLists } from "../../../support/unit/live-stack.js";
import { older } from "../../../support/unit/lock-checkout.js";
import { runFleetWith } from "../../../support/unit/run-fleet.js";
import { writeTree } from "../../../support/unit/tree-files.js";
import { atOnce, planOfTenants } from "../../../support/unit/verified-stack.js";

const tree = {
  ...soundTree,
  "Pulumi.staging.yaml": soundSettings(),
  "Pulumi.prod-eu.yaml": soundSettings(),
  "Pulumi.yaml": "name: fleet\n",
  "flux.lock.json": JSON.stringify({ "v2.9.2": older }),
};
const now = Date.parse("2026-11-27T12:00:00Z");

describe("fleet report", () => {
  let root: string;
  let plan: StackPlan;
  let clusters: FakeClusters;
  let verified: FakeCluster;
  let file: string;
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "fleet-report-"));
    writeTree(root, tree);
    file = join(root, "report.html");
    plan = planOfTenants(2);
    verified = new FakeCluster(plan);
    clusters = new FakeClusters();
    await clusters.add("one", clusterAnswers("staging", readyLists("staging", ["team-a"])));
  });
  afterEach(async () => {
    rmSync(root, { recursive: true, force: true });
    await clusters.end();
  });

  const report = async (...args: readonly string[]) => {
    const use: ReportSystems = {
      environment: { ...clusters.environment(), GITHUB_OWNER: "acme" },
      now: () => now,
      verify: { connect: async () => verified, plan: async () => plan, now: () => now, settle: atOnce },
    };
    const all = ["report", ...args, "--without-github"];
    return await runFleetWith((program, streams) => addReportCommand(program, streams, root, use), ...all);
  };
  const written = (): Report => {
    const read = reportInPage(readFileSync(file, "utf8"));
    assert.ok("report" in read);
    return read.report;
  };

  it("writes the page of a stack that holds, and ends with 0; the same state gives the same bytes", async () => {
    const { code, out, err } = await report("staging", "--html", file);
    assert.deepEqual({ code, err }, { code: 0, err: "" });
    assert.match(out, /│ staging │ holds, without GitHub +│ 0 +│ 0 +│/);
    const [stack] = written().stacks;
    assert.deepEqual([stack?.context, stack?.problems], ["one", []]);
    assert.equal(stack?.proof?.accounts.length, 4);
    assert.equal(stack?.cluster?.tenants[0]?.syncs[0]?.repository, "acme/team-a");
    const other = join(root, "again.html");
    assert.equal((await report("staging", "--html", other)).code, 0);
    assert.equal(readFileSync(other, "utf8"), readFileSync(file, "utf8"));
  });

  it("ends with 1 for findings, and compares with the report that it replaces, or with another one", async () => {
    await report("staging", "--html", file);
    verified.granted.add("system:serviceaccount:team-0:default get secrets");
    const { code, out, err } = await report("staging", "--html", file);
    assert.equal(code, 1);
    assert.match(err, /^The stack staging: 2 findings\.\n$/);
    assert.match(out, /3 since 2026-11-27T12:00:00\.000Z/);
    assert.match(
      readFileSync(file, "utf8"),
      /team-0\/default: get secrets in team-1<\/th><td>was not there<\/td><td>allowed/,
    );
    const other = join(root, "new.html");
    const since = await report("staging", "--html", other, "--since", file, "--output", "json");
    assert.equal(since.code, 1);
    assert.deepEqual(JSON.parse(since.out).changes.changes, []);
  });

  it("shows a stack that it could not look at beside the others, and ends with 3", async () => {
    const { code, out, err } = await report("staging", "prod-eu", "--html", file);
    assert.equal(code, 3);
    assert.match(err, /^prod-eu: no context of KUBECONFIG leads to its cluster\.$/m);
    assert.match(out, /│ prod-eu │ could not look/);
    assert.deepEqual(
      written().stacks.map(({ proof }) => proof !== undefined),
      [true, false],
    );
  });

  it("shows a stack that could not be verified, with the reason, and ends with 3", async () => {
    verified.faults.set("/apis/authorization.k8s.io/", { status: 403, body: { message: "no" } });
    const { code, err } = await report("staging", "--html", file);
    assert.equal(code, 3);
    assert.match(err, /may not create subjectaccessreviews\.authorization\.k8s\.io/);
    assert.match(readFileSync(file, "utf8"), /Could not look: .*subjectaccessreviews/);
  });

  it("ends with 2 before the first request, and leaves files as they are", async () => {
    writeFileSync(join(root, "notes.html"), "notes");
    symlinkSync(join(root, "none"), join(root, "dangling.html"));
    for (const [args, message] of [
      [["stagin", "--html", file], /Did you mean staging\?/],
      [["staging"], /required option '--html <file>' not specified/],
      [["--html", file], /missing required argument 'stack'/],
      [["staging", "--html", join(root, "none", "x.html")], /the folder of .* does not exist\. Create it: mkdir -p/],
      [["staging", "--html", root], /is no file/],
      [
        ["staging", "--html", join(root, "notes.html")],
        /is no page of fleet report, so it is not written over\. .* --force/,
      ],
      [["staging", "--html", file, "--since", join(root, "none.html")], /--since: .* does not exist/],
      [["staging", "--html", file, "--since", root], /--since: .* cannot be read: EISDIR/],
      [["staging", "--html", join(root, "dangling.html")], /dangling\.html is no file/],
      [["staging", "--html", file, "--since", join(root, "notes.html")], /--since: .* is no page of fleet report/],
    ] as const) {
      const { code, out, err } = await report(...args);
      assert.deepEqual({ code, out }, { code: 2, out: "" }, err);
      assert.match(err, message);
    }
    assert.equal(readFileSync(join(root, "notes.html"), "utf8"), "notes");
    assert.deepEqual(verified.sent, []);
  });

  it("replaces another file by force, and leaves no part of a page behind", async () => {
    writeFileSync(file, "notes");
    assert.equal((await report("staging", "--html", file, "--force")).code, 0);
    assert.equal(written().stacks.length, 1);
    assert.deepEqual(
      readdirSync(root).filter((name) => name.endsWith(".part")),
      [],
    );
  });

  /** Has something happen while the command looks. */
  const meanwhile = (happen: () => void) => {
    const send = verified.send.bind(verified);
    verified.send = async (request) => {
      happen();
      return await send(request);
    };
  };

  it("says why it cannot write, as for a folder that went while it looked", async () => {
    const folder = join(root, "reports");
    mkdirSync(folder);
    meanwhile(() => rmSync(folder, { recursive: true, force: true }));
    const { code, out, err } = await report("staging", "--html", join(folder, "x.html"));
    assert.deepEqual({ code, out }, { code: 1, out: "" });
    assert.match(err, /x\.html: cannot be written: ENOENT: .* Name another file\.$/m);
  });

  it("writes nothing over a file that came while it looked", async () => {
    meanwhile(() => writeFileSync(file, "of another person"));
    const { code, err } = await report("staging", "--html", file);
    assert.equal(code, 1);
    assert.match(err, /exists since a moment, so it is not written over/);
    assert.equal(readFileSync(file, "utf8"), "of another person");
    assert.deepEqual(
      readdirSync(root).filter((name) => name.endsWith(".part")),
      [],
    );
  });
});
