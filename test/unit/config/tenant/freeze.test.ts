import assert from "node:assert/strict";
import { describeException, exceptionProblems, syncExceptions } from "../../../../config/tenant/syncs/exceptions.js";
import { assertProblems, load } from "../../../support/unit/checkout-tree.js";
import { tenantSpec } from "../../../support/unit/spec.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";
const defaults = "stacks/staging/defaults.yaml";
const freeze = { until: "2027-01-31", reason: "Migration of the database" };
const text = JSON.stringify(freeze);
const withFreeze = (lines: readonly string[], syncs = "{}") => ({
  files: { [base]: `name: team-a\nsyncs: ${syncs}\n`, [overlay]: `${lines.join("\n")}\n` },
});
const locate = (tenant: string, place: readonly PropertyKey[]) => ({ file: `${tenant}.yaml`, path: place.join(".") });
const problemsOn = (today: string) =>
  exceptionProblems(syncExceptions([tenantSpec("team-a", { sync: { freeze } })]), today, locate);

describe("a freeze is refused, naming file, line and field, for", () => {
  it("a base file, because it would hold on all stacks", () => {
    assertProblems(
      { files: { [base]: `name: team-a\nsync:\n  freeze: ${text}\n` } },
      /^stacks\/base\/tenants\/team-a\.yaml:3: sync\.freeze: belongs to one stack: a freeze is of one stack/,
    );
  });

  it("no day, no reason, a day that does not exist, and a reason of several lines", () => {
    const jobs = "{jobs: {path: ./jobs, ref: {tag: v1}}, web: {path: ./web, ref: {tag: v2}}}";
    const lines = [
      "sync: {freeze: {until: 2027-02-30, reason: x}}",
      "syncs:",
      '  jobs: {freeze: {until: 2027-01-31, reason: "a\\nb"}}',
      "  web: {freeze: {}}",
    ];
    assertProblems(
      withFreeze(lines, jobs),
      /:1: sync\.freeze\.until: "2027-02-30" is not a day of the calendar/,
      /:3: syncs\.jobs\.freeze\.reason: .* is not one line of text/,
      /:4: syncs\.web\.freeze\.reason: is missing/,
      /:4: syncs\.web\.freeze\.until: is missing/,
    );
  });

  it("one of two syncs that share a source", () => {
    assertProblems(
      withFreeze(["# Before Christmas.", `sync: {freeze: ${text}}`], "{jobs: {path: ./jobs}}"),
      /^stacks\/staging\/tenants\/team-a\.yaml:2: sync\.freeze: team-a has the source team-a in common with jobs, which is not frozen\. .* Write the same freeze into syncs\.jobs\.freeze/,
    );
    assertProblems(
      withFreeze([`syncs: {jobs: {freeze: ${text}}}`], "{jobs: {path: ./jobs}}"),
      /:1: syncs\.jobs\.freeze: jobs has the source team-a in common with team-a, which is not frozen/,
    );
  });

  it("two freezes of one source with different ends", () => {
    const other = JSON.stringify({ ...freeze, until: "2027-01-15" });
    assertProblems(
      withFreeze([`sync: {freeze: ${text}}`, `syncs: {jobs: {freeze: ${other}}}`], "{jobs: {path: ./jobs}}"),
      /:1: sync\.freeze: .* in common with jobs, which has another freeze/,
      /:2: syncs\.jobs\.freeze: .* in common with team-a, which has another freeze/,
    );
  });
});

describe("a freeze", () => {
  const syncsOf = (changes: Parameters<typeof load>[0]) => {
    const [tenant] = load(changes).tenants;
    return tenant?.syncs.map((sync) => [sync.name, sync.freeze]);
  };

  it("may be of one sync alone that has a source of its own", () => {
    const changes = withFreeze([`syncs: {jobs: {freeze: ${text}}}`], "{jobs: {path: ./jobs, ref: {tag: v1}}}");
    assert.deepEqual(syncsOf(changes), [
      ["team-a", undefined],
      ["jobs", freeze],
    ]);
  });

  it("of a stack's defaults holds for every primary sync", () => {
    assert.deepEqual(syncsOf({ files: { [defaults]: `sync: {freeze: ${text}}\n` } }), [["team-a", freeze]]);
  });

  it("of a stack's defaults ends for a tenant whose overlay says null, and an overlay may have another one", () => {
    const withDefault = (lines: string) => ({
      files: { [defaults]: `sync: {freeze: ${text}}\n`, [overlay]: `${lines}\n` },
    });
    assert.deepEqual(syncsOf(withDefault("sync: {freeze: null}")), [["team-a", undefined]]);
    const other = { until: "2027-01-15", reason: "An audit" };
    assert.deepEqual(syncsOf(withDefault(`sync: {freeze: ${JSON.stringify(other)}}`)), [["team-a", other]]);
    assertProblems(
      { files: { [defaults]: "sync: {freeze: null}\n" } },
      /^stacks\/staging\/defaults\.yaml:1: sync\.freeze: must be a map, but is empty/,
    );
  });

  it("holds on its last day, and updates are refused on the next one, and more than 90 days before", () => {
    assert.deepEqual(problemsOn("2027-01-31"), []);
    const [ended, ...others] = problemsOn("2027-02-01");
    assert.deepEqual(others, []);
    assert.equal(ended?.message, "freeze of the sync team-a of team-a ended on 2027-01-31");
    assert.equal(ended?.path, "sync.freeze.until");
    assert.match(problemsOn("2026-11-01")[0]?.message ?? "", /^freeze of .* in more than 90 days$/);
  });

  it("has a sentence with its reason", () => {
    const [sentence] = syncExceptions([tenantSpec("team-a", { sync: { freeze } })]).map(describeException);
    assert.equal(
      sentence,
      "The sync team-a in the namespace team-a is frozen by its file until 2027-01-31 (UTC, freeze.until of team-a): Migration of the database. Flux fetches no new revision, and goes on applying the fetched one",
    );
  });
});
