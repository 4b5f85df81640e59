import assert from "node:assert/strict";
import fc from "fast-check";
import { CouldNotLookError } from "../../../../cli/exit-code.js";
import { plannedObjects } from "../../../../operate/verify/planned-objects.js";
import type { StackPlan } from "../../../../review/planned-resource.js";
import { fixtureCluster } from "../../../support/unit/fixture-cluster.js";
import { fixturePlan, verified } from "../../../support/unit/verified-stack.js";

/** Values that no field of these names has in Kubernetes. */
const values: readonly unknown[] = [
  null,
  5,
  "x",
  [],
  [null],
  [5],
  [{}],
  {},
  { entries: 5 },
  { inventory: { entries: 5 } },
  { inventory: { entries: [5] } },
  { suspend: {} },
  { sourceRef: 5 },
  [{ rules: 5 }],
  [{ resources: 5 }],
  [{ clientConfig: 5 }],
  { service: 5 },
  { template: 5 },
  { template: { spec: { containers: 5 } } },
  { template: { spec: { containers: [null] } } },
  { inventory: 5 },
  { conditions: [null] },
];
const fields = ["spec", "status", "data", "rules", "subjects", "roleRef", "webhooks"];

describe("fleet verify of a cluster whose objects have other forms", () => {
  let plan: StackPlan;
  before(async () => {
    plan = await fixturePlan();
  });

  it("has findings, or says that it could not look, and never ends as a fault of its own", async () => {
    const objects = plannedObjects(plan);
    const failures = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...objects),
        fc.constantFrom(...fields),
        fc.constantFrom(...values),
        fc.boolean(),
        async ({ kind, metadata, group, version }, field, value, isForeign) => {
          const cluster = fixtureCluster(plan);
          const live = cluster.get(kind, metadata.name, metadata.namespace);
          if (isForeign) {
            const foreign = {
              ...structuredClone(live),
              metadata: { ...live.metadata, name: "foreign" },
              [field]: value,
            };
            cluster.put({ group, version, kind }, foreign);
          } else Object.assign(live, { [field]: value });
          const error = await verified(plan, cluster).then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
          if (error === undefined || error instanceof CouldNotLookError) return;
          failures.add(
            `${kind} ${field} ${JSON.stringify(value)}: ${(error as Error).stack?.split("\n").slice(0, 3).join(" ")}`,
          );
        },
      ),
      { numRuns: 300 },
    );
    assert.deepEqual([...failures], []);
  });

  for (const kind of ["Kustomization", "GitRepository"]) {
    it(`could not look at a ${kind} whose conditions have another form, and repeats nothing of them`, async () => {
      const cluster = fixtureCluster(plan);
      const found = plannedObjects(plan).find((one) => one.kind === kind);
      assert.ok(found !== undefined);
      Object.assign(cluster.get(kind, found.metadata.name, found.metadata.namespace), {
        status: { conditions: [null, "hidden"] },
      });
      await assert.rejects(verified(plan, cluster), (error: Error) => {
        assert.ok(error instanceof CouldNotLookError);
        assert.match(error.message, /an object has a form that this version does not know: status\.conditions\.0/);
        assert.doesNotMatch(error.message, /hidden/);
        return true;
      });
    });
  }
});
