import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { tenantComponent } from "../../../lib/state/stack-state.js";
import { judgeResources } from "../../../policy-pack/judge-resources.js";
import type { EngineResource } from "../../../policy-pack/plan-of.js";
import type { PlannedResource } from "../../../review/planned-resource.js";
import { isBlocking } from "../../../review/rules/judge.js";
import { rules } from "../../../review/rules/rules.js";
import { ruleCases } from "../review/rules/rule-cases.js";

/** The part of `@pulumi/policy` that gives a pack the properties of resources. It has no types. */
const { unknownCheckingProxy, unknownStringValue } = createRequire(import.meta.url)("@pulumi/policy/proxy.js") as {
  readonly unknownCheckingProxy: (properties: unknown) => Record<string, unknown>;
  readonly unknownStringValue: string;
};

const opts = {
  protect: false,
  ignoreChanges: [],
  aliases: [],
  customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
  additionalSecretOutputs: [],
};
const urnOf = (type: string, name: string) => `urn:pulumi:staging::fleet::${type}::${name}`;

function onEngine({ type, name, tenant, inputs }: PlannedResource, index: number): EngineResource {
  const parent = tenant === undefined ? {} : { parent: urnOf(tenantComponent, tenant) };
  const urn = urnOf(type, `${name}-${index}`);
  return { type, name: `${name}-${index}`, urn, props: unknownCheckingProxy(inputs), opts: { ...opts, ...parent } };
}

/** The resources of a plan as the engine shows them to a pack. */
function resourcesOf(plan: readonly PlannedResource[]): EngineResource[] {
  const tenants = new Set(plan.flatMap(({ tenant }) => tenant ?? []));
  const components = [...tenants].map((name) => {
    return { type: tenantComponent, name, urn: urnOf(tenantComponent, name), props: {}, opts };
  });
  return [...components, ...plan.map(onEngine)];
}

/** Every copy of a value in which one text, number or flag is unknown. */
function withUnknown(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return value === undefined ? [] : [unknownStringValue];
  return Object.entries(value).flatMap(([key, field]) =>
    withUnknown(field).map((changed) =>
      Array.isArray(value) ? value.with(Number(key), changed) : { ...value, [key]: changed },
    ),
  );
}

/** Every copy of a plan in which one value is unknown. */
function plansWithUnknown(plan: readonly PlannedResource[]): PlannedResource[][] {
  return plan.flatMap((resource, index) =>
    withUnknown(resource.inputs).map((inputs) =>
      plan.with(index, { ...resource, inputs: inputs as PlannedResource["inputs"] }),
    ),
  );
}

describe("a rule as a policy of the engine", () => {
  for (const rule of rules.filter(({ onlyChanges = false }) => !onlyChanges)) {
    const judgePlan = (plan: readonly PlannedResource[]) =>
      judgeResources(rule, resourcesOf(plan), { waivers: [], today: "2027-01-01" });
    const messages = (findings: readonly { readonly message: string }[]) => findings.map(({ message }) => message);
    const { violating = [], clean = [] } = ruleCases[rule.name] ?? {};
    const ofOneState = violating.filter(({ before }) => before === undefined);

    it(`finds what breaks ${rule.name}, and says of each unknown value that it read that it could not judge it`, () => {
      assert.ok(ofOneState.length > 0);
      let read = 0;
      for (const { after, messages: expected } of ofOneState) {
        assert.deepEqual(messages(judgePlan(after).findings), expected);
        for (const plan of plansWithUnknown(after)) {
          const { findings, unknown } = judgePlan(plan);
          if (unknown.length === 0) assert.deepEqual(messages(findings), expected);
          read += unknown.length;
        }
      }
      assert.ok(read > 0);
    });

    it(`refuses nothing by ${rule.name} because a value is unknown`, () => {
      for (const { after } of clean) {
        assert.deepEqual(judgePlan(after), { findings: [], uncertain: [], unknown: [] });
        for (const plan of plansWithUnknown(after)) assert.deepEqual(judgePlan(plan).findings.filter(isBlocking), []);
      }
    });
  }

  it("judges other tenants in spite of an unknown value, and names the value with its resource", () => {
    const repository = (tenant: string, visibility: string): PlannedResource => {
      const inputs = { name: tenant, visibility };
      return { name: tenant, type: "github:index/repository:Repository", parent: "", tenant, dependsOn: [], inputs };
    };
    const [rule] = rules.filter(({ name }) => name === "private-repositories");
    const plan = [repository("a", unknownStringValue), repository("b", "public")];
    const { findings, uncertain, unknown } = judgeResources(rule ?? assert.fail(), resourcesOf(plan), {
      waivers: [],
      today: "2027-01-01",
    });
    assert.deepEqual(
      [findings, uncertain].map((found) => found.map(({ message }) => message)),
      [["the repository b is public"], ["the repository a is public"]],
    );
    assert.deepEqual(unknown, [{ resource: "a-0", path: "visibility" }]);
  });
});
