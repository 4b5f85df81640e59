import assert from "node:assert/strict";
import type { FieldRule } from "../../../../config/addons/field-rule.js";
import { INDENTED_TWICE, MOST_ACTIONS, TEMPLATE_PATTERN } from "../../../../config/addons/template-form.js";
import { durationMilliseconds } from "../../../../lib/kubernetes/duration.js";
import { addonAttacks } from "../../../e2e/admission/addon-attacks.js";
import { allowedAddonObjects } from "../../../e2e/admission/addon-objects.js";
import { allowedTemplates, costlyTemplates } from "../../../e2e/admission/addons/templates.js";
import type { Fields } from "../../../support/objects/object.js";
import { allAddons } from "../../../support/unit/addons.js";

const namespace = "team-addons";
const kinds = allAddons()
  .filter(({ name }) => name !== "flagger")
  .flatMap(({ kinds }) => kinds);

/** The values at the path of a rule. */
function valuesAt(object: unknown, path: readonly string[]): unknown[] {
  const [step, ...rest] = path;
  if (step === undefined) return [object];
  const value: unknown = new Map(Object.entries(object ?? {})).get(step.replace("[]", ""));
  if (value === undefined) return [];
  return step.endsWith("[]") && Array.isArray(value)
    ? value.flatMap((item) => valuesAt(item, rest))
    : valuesAt(value, rest);
}

/** Whether a value has the form of a rule. Undefined for forms that depend on a namespace or a stack. */
function hasForm(value: unknown, rule: FieldRule): boolean | undefined {
  const isText = (text: string, { pattern, except = [] }: { readonly pattern: string; except?: readonly string[] }) =>
    new RegExp(pattern).test(text) && !except.includes(text);
  switch (rule.form) {
    case "value":
      return rule.of.some((one) => one === value);
    case "number":
      return Number(value) <= rule.most && Number(value) >= (rule.least ?? Number.NEGATIVE_INFINITY);
    case "duration":
      return isWithin(String(value), rule);
    case "relabelings":
      return Array.isArray(value) && keepLengths(value);
    case "text":
      return isText(String(value), rule);
    case "keys":
      return Object.keys(value ?? {}).every((key) => isText(key, rule));
    case "fields":
      return Object.keys(value ?? {}).every((key) => rule.names.includes(key));
    case "absent":
      return false;
    case "size":
      return (
        (typeof value === "string" || Array.isArray(value) ? value : Object.keys(Object(value))).length <= rule.most
      );
    case "template":
      return areCheap(rule.of === "text" ? [String(value)] : Object.values(Object(value)).map(String));
    default:
      return undefined;
  }
}

function isWithin(text: string, { least, most }: { readonly least: string; readonly most: string }): boolean {
  const [length, floor = 0, ceiling = 0] = [text, least, most].map(durationMilliseconds);
  return text === "0" || (length !== undefined && (length === 0 || (length >= floor && length <= ceiling)));
}

/** Whether no relabeling that joins labels reads one that is written. */
function keepLengths(steps: readonly Fields[]): boolean {
  const written = new Set(steps.map(({ targetLabel }) => targetLabel));
  return steps.every(({ sourceLabels = [], replacement = "" }) => {
    const labels = [sourceLabels].flat();
    return (
      (labels.length <= 1 && String(replacement).split("$").length <= 2) || !labels.some((one) => written.has(one))
    );
  });
}

function areCheap(templates: readonly string[]): boolean {
  const isCheap = (text: string) => new RegExp(TEMPLATE_PATTERN).test(text) && !new RegExp(INDENTED_TWICE).test(text);
  return templates.every(isCheap) && templates.join(" ").split("{{").length - 1 <= MOST_ACTIONS;
}

/** Whether the condition of a rule is met. */
function holds({ when }: FieldRule, object: unknown): boolean {
  return when === undefined || valuesAt(object, when.at.split(".")).some((value) => when.is.includes(String(value)));
}

/** The rules that an object breaks, as far as their data alone decide. */
function broken(kind: string, object: unknown): FieldRule[] {
  const rules = kinds.filter((one) => one.kind === kind).flatMap(({ rules }) => rules);
  return rules.filter(
    (rule) =>
      holds(rule, object) && valuesAt(object, rule.at.split(".")).some((value) => hasForm(value, rule) === false),
  );
}

describe("the pattern of cheap templates", () => {
  it("matches no template that repeats, defines or computes anything, and each that puts values into a text", () => {
    for (const text of costlyTemplates()) assert.ok(!areCheap([text]), text);
    for (const text of Object.values(allowedTemplates())) assert.ok(areCheap([text]), text);
  });
});

describe("the data of the rules on fields of add-ons", () => {
  it("refuse each attack on a field with a form of its own", () => {
    for (const [index, { kind, at, form, spec, annotations = {} }] of addonAttacks.entries()) {
      const rules = kinds.filter((one) => one.kind === kind).flatMap(({ rules }) => rules);
      const attacked = rules.filter((rule) => rule.at === at && (form === undefined || rule.form === form));
      const decided = attacked.filter((rule) => hasForm("", rule) !== undefined);
      if (decided.length === 0) continue;
      const paths = broken(kind, { spec, metadata: { annotations } }).map((rule) => rule.at);
      assert.ok(paths.includes(at), `${kind} ${at}, attack ${index}: ${JSON.stringify({ spec, annotations })}`);
    }
  });

  it("allow each legitimate object", () => {
    for (const [title, object] of allowedAddonObjects({ namespace, organisation: "" })) {
      assert.deepEqual(broken(object.kind, object), [], title);
    }
  });

  it("leave nothing of the known ways out: copied annotations, dropped labels, shared credentials, whole Secrets", () => {
    const of = (kind: string, object: object) => broken(kind, object).map(({ at }) => at);
    const monitor = (field: string) => ({ spec: { endpoints: [{ [field]: [{ action: "labeldrop", regex: "a" }] }] } });
    assert.deepEqual(of("ServiceMonitor", monitor("relabelings")), ["spec.endpoints[].relabelings[].action"]);
    assert.deepEqual(of("ServiceMonitor", monitor("metricRelabelings")), []);
    const annotations = { "replicator.v1.mittwald.de/replicate-from": "team-b/database" };
    assert.deepEqual(of("ExternalSecret", { metadata: { annotations } }), ["metadata.annotations"]);
    assert.deepEqual(of("ScaledObject", { metadata: { annotations } }), ["metadata.annotations"]);
    assert.deepEqual(of("SealedSecret", { spec: { data: "AgBy" } }), ["spec"]);
    const authenticationRef = { kind: "ClusterTriggerAuthentication", name: "prometheus" };
    assert.deepEqual(of("ScaledObject", { spec: { triggers: [{ type: "prometheus", authenticationRef }] } }), [
      "spec.triggers[].authenticationRef.kind",
    ]);
  });
});
