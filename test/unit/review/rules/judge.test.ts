import assert from "node:assert/strict";
import { findingLine, isBlocking, judge } from "../../../../review/rules/judge.js";
import type { Rule } from "../../../../review/rules/rule.js";
import type { Waiver } from "../../../../review/rules/waivers.js";
import { planned, stackPlan } from "../../../support/unit/plan.js";

const today = "2027-03-31";
const resource = planned("test:Thing", "thing", {}, "team-a");
const plan = stackPlan([resource, planned("test:Thing", "other", {}, "team-b"), planned("test:Thing", "platform", {})]);

const rule = (changed: Partial<Rule> = {}): Rule => ({
  name: "no-things",
  level: "mandatory",
  title: "there is no thing",
  reason: "things break",
  fix: "remove the thing",
  violations: (stack) => stack.plan.resources.map((one) => ({ resource: one, message: `${one.name} is there` })),
  ...changed,
});

const waiver = (changed: Partial<Waiver> = {}): Waiver => ({
  rule: "no-things",
  tenant: "team-a",
  reason: "moved in May",
  owner: "@acme/security",
  expires: today,
  ...changed,
});

/** Names of the resources whose violation is accepted. */
function accepted(...waivers: readonly Waiver[]): string[] {
  const findings = judge({ plan }, { waivers, today, rules: [rule()] });
  return findings.filter((finding) => finding.waiver !== undefined).map((finding) => finding.resource);
}

describe("the findings of rules", () => {
  it("are mandatory unless a waiver accepts them, and advisory ones never end a review", () => {
    const blocking = (...args: Parameters<typeof judge>) =>
      judge(...args)
        .filter(isBlocking)
        .map((one) => one.resource);
    assert.deepEqual(blocking({ plan }, { waivers: [waiver()], today, rules: [rule()] }), ["other", "platform"]);
    assert.deepEqual(blocking({ plan }, { waivers: [], today, rules: [rule({ level: "advisory" })] }), []);
  });

  const waivers: Readonly<Record<string, readonly [Waiver, readonly string[]]>> = {
    "of another rule": [waiver({ rule: "no-holes" }), []],
    "of another stack": [waiver({ stack: "prod-eu" }), []],
    "of this stack": [waiver({ stack: "staging" }), ["thing"]],
    "of another tenant": [waiver({ tenant: "team-c" }), []],
    "of a resource": [waiver({ tenant: undefined, resource: "platform" }), ["platform"]],
    "of a resource of another tenant": [waiver({ resource: "other" }), []],
    "on its last day": [waiver(), ["thing"]],
    "on the day after": [waiver({ expires: "2027-03-30" }), []],
  };
  for (const [title, [one, resources]] of Object.entries(waivers)) {
    it(`a waiver ${title} accepts ${resources.length === 0 ? "nothing" : resources.join()}`, () => {
      assert.deepEqual(accepted(one), resources);
    });
  }

  it("name the field of the tenant's file, the file of fleet/, the setting of the stack, or the resource", () => {
    const locate = (tenant: string, place: readonly PropertyKey[]) => ({
      file: `stacks/base/tenants/${tenant}.yaml`,
      line: 7,
      path: place.join("."),
    });
    const [field, place] = [["namespace", "podSecurity"], { file: "fleet/a.yaml", line: 3 }];
    const violations = () => [
      { resource, message: "the field is wrong", field },
      { resource: planned("test:Thing", "seed", {}), message: "the file is wrong", place },
      { resource: planned("test:Thing", "gone", {}, "team-gone"), message: "the tenant goes", field },
      { resource: planned("test:Thing", "policy", {}), message: "the setting is wrong", setting: "fleet:admission" },
      { resource: planned("test:Thing", "role", {}), message: "the program is wrong", setting: "fleet:unset" },
    ];
    const locateSetting = (path: string) =>
      path === "fleet:admission" ? { file: "Pulumi.staging.yaml", line: 4, path } : undefined;
    const args = { waivers: [], today, locate, locateSetting, rules: [rule({ violations })] };
    const lines = judge({ plan }, args).map(findingLine);
    assert.deepEqual(lines, [
      "stacks/base/tenants/team-a.yaml:7: namespace.podSecurity: [no-things, mandatory] the field is wrong: things break. Remove the thing.",
      "fleet/a.yaml:3: [no-things, mandatory] the file is wrong: things break. Remove the thing.",
      "stacks/staging/tenants/team-gone.yaml: [no-things, mandatory] the tenant goes: things break. Remove the thing.",
      "Pulumi.staging.yaml:4: fleet:admission: [no-things, mandatory] the setting is wrong: things break. Remove the thing.",
      "role: [no-things, mandatory] the program is wrong: things break. Remove the thing.",
    ]);
  });

  it("say who accepted them, why, and until when", () => {
    const [finding] = judge({ plan }, { waivers: [waiver()], today, rules: [rule()] });
    assert.ok(finding);
    assert.match(findingLine(finding), / Accepted until 2027-03-31 by @acme\/security: moved in May\.$/);
  });
});
