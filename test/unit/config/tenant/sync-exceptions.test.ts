import assert from "node:assert/strict";
import { describeException, exceptionProblems, syncExceptions } from "../../../../config/tenant/syncs/exceptions.js";
import { assertProblems, load } from "../../../support/unit/checkout-tree.js";
import { tenantSpec } from "../../../support/unit/spec.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";
const file = (...lines: readonly string[]) => ({ files: { [base]: `name: team-a\n${lines.join("\n")}\n` } });
const locate = (tenant: string, place: readonly PropertyKey[]) => ({ file: `${tenant}.yaml`, path: place.join(".") });
const problemsOn = (today: string, sync: object) =>
  exceptionProblems(syncExceptions([tenantSpec("team-a", { sync })]), today, locate);

describe("an exception of a sync is refused, naming file, line and field, for", () => {
  it("pruning that is off without an end", () => {
    assertProblems(
      file("sync: {prune: false}", "syncs: {jobs: {path: ./jobs, prune: false}}"),
      /:2: sync\.prune: is false without an end: what leaves Git would stay for ever\. Add pruneOffUntil/,
      /:3: syncs\.jobs\.prune: is false without an end/,
    );
  });

  it("ends of nothing", () => {
    assertProblems(
      file("sync:", '  pruneOffUntil: "2027-01-31"', "  suspendUntil: 2027-01-31"),
      /:3: sync\.pruneOffUntil: has no effect without prune: false/,
      /:4: sync\.suspendUntil: has no effect without suspend: true/,
    );
  });

  it("ends that are no days", () => {
    assertProblems(
      file("sync: {prune: false, pruneOffUntil: 2027-02-30, suspend: true, suspendUntil: tomorrow}"),
      /sync\.pruneOffUntil: "2027-02-30" is not a day of the calendar\. Write it like 2027-01-31/,
      /sync\.suspendUntil: "tomorrow" is not a day of the calendar/,
    );
  });

  it("an end that the overlay takes away from the base file", () => {
    assertProblems(
      {
        files: {
          [base]: "name: team-a\nsync: {prune: false, pruneOffUntil: 2027-01-31}\n",
          [overlay]: "sync: {pruneOffUntil: null}\n",
        },
      },
      /sync\.prune: is false without an end/,
    );
  });
});

describe("an exception of a sync", () => {
  it("may have its end in the overlay, and a suspension needs none", () => {
    const files = {
      [base]: "name: team-a\nsync: {prune: false, pruneOffUntil: 2027-01-31}\n",
      [overlay]: "sync: {pruneOffUntil: 2027-01-15, suspend: true}\n",
    };
    const [tenant] = load({ files }).tenants;
    assert.ok(tenant);
    const [{ prune, pruneOffUntil, suspend, suspendUntil }] = tenant.syncs;
    assert.deepEqual([prune, pruneOffUntil, suspend, suspendUntil], [false, "2027-01-15", true, undefined]);
  });

  it("holds on its last day, and not on the next one", () => {
    const sync = { prune: false, pruneOffUntil: "2027-01-31" };
    assert.deepEqual(problemsOn("2027-01-31", sync), []);
    const [ended, ...others] = problemsOn("2027-02-01", sync);
    assert.deepEqual(others, []);
    assert.equal(ended?.message, "prune: false of the sync team-a of team-a ended on 2027-01-31");
    assert.deepEqual([ended?.file, ended?.path], ["team-a.yaml", "sync.pruneOffUntil"]);
  });

  it("ends after 90 days at most", () => {
    const sync = { suspend: true, suspendUntil: "2027-04-01" };
    assert.deepEqual(problemsOn("2027-01-01", sync), []);
    assert.match(
      problemsOn("2026-12-31", sync)[0]?.message ?? "",
      /suspend: true of the sync team-a .* ends on 2027-04-01, in more than 90 days/,
    );
  });

  it("has a sentence of its own for each thing that Flux leaves out", () => {
    const sync = { prune: false, pruneOffUntil: "2027-01-31", suspend: true, suspendUntil: "2027-01-15" };
    const [pruning = "", suspension = ""] = syncExceptions([tenantSpec("team-a", { sync })]).map(describeException);
    assert.match(pruning, /^Pruning of the sync team-a in the namespace team-a is off until 2027-01-31 \(UTC/);
    assert.match(suspension, /^The sync team-a in the namespace team-a is suspended by its file until 2027-01-15/);
  });
});
