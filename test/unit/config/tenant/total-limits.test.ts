import assert from "node:assert/strict";
import { assertProblems, load } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";
const defaults = "stacks/staging/defaults.yaml";
const file = (...lines: readonly string[]) => ({ files: { [base]: `name: team-a\n${lines.join("\n")}\n` } });

describe("totalLimits", () => {
  it("refuse namespaces whose limits add up to more, and name each share", () => {
    assertProblems(
      file("limits: {size: medium}", "namespaces: {jobs: {}, lab: {limits: {cpu: 500m}}}", "totalLimits:", "  cpu: 20"),
      /:5: totalLimits\.cpu: is 20, and the limits of the namespaces of team-a add up to more: 16 of team-a and 4 of jobs and 500m of lab\. Lower limits\.cpu/,
    );
  });

  it("refuse every amount by itself, whatever its unit", () => {
    assertProblems(
      file("namespaces: {jobs: {}}", "totalLimits: {memory: 16383Mi, pods: 99, fluxObjects: 40}"),
      /totalLimits\.memory: is 16383Mi.*: 8Gi of team-a and 8Gi of jobs/,
      /totalLimits\.pods: is 99.*: 50 of team-a and 50 of jobs/,
    );
  });

  it("refuse a namespace that the overlay adds to those of a stack's total", () => {
    assertProblems(
      { files: { [defaults]: "totalLimits: {cpu: 4}\n", [overlay]: "namespaces: {jobs: {}}\n" } },
      /^stacks\/staging\/defaults\.yaml:1: totalLimits\.cpu: is 4.* of team-a/,
    );
  });

  it("let limits add up to exactly the total, in fractions too", () => {
    const { tenants } = load(
      file("limits: {cpu: 300m}", "namespaces: {jobs: {limits: {cpu: 600m}}}", "totalLimits: {cpu: 900m, pods: 100}"),
    );
    assert.deepEqual(tenants[0]?.totalLimits, { cpu: "900m", pods: 100 });
  });

  it("bound nothing where no file has them", () => {
    const { tenants } = load(file("namespaces: {jobs: {limits: {size: large}}}"));
    assert.deepEqual(tenants[0]?.totalLimits, {});
  });
});
