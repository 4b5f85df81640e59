import assert from "node:assert/strict";
import type { FieldRule } from "../../../../config/addons/field-rule.js";
import { KNOWN_ADDONS } from "../../../../config/addons/known-addons.js";
import { named } from "../../../support/unit/policies.js";

/**
 * The lengths of time in the specs of all kinds that tenants create, by the projects' API references. Flagger's are in the
 * policy `fleet-canaries`.
 * @see https://cert-manager.io/docs/reference/api-docs/
 * @see https://external-secrets.io/latest/api/spec/
 * @see https://gateway-api.sigs.k8s.io/reference/spec/
 * @see https://keda.sh/docs/latest/reference/scaledobject-spec/
 * @see https://prometheus-operator.dev/docs/api-reference/api/
 */
const behavior = "spec.advanced.horizontalPodAutoscalerConfig.behavior";
const session = ["spec.rules[].sessionPersistence.absoluteTimeout", "spec.rules[].sessionPersistence.idleTimeout"];
const durations: Readonly<Record<string, readonly string[]>> = {
  Certificate: ["spec.duration", "spec.renewBefore"],
  Issuer: [],
  ExternalSecret: ["spec.refreshInterval"],
  SecretStore: ["spec.refreshInterval", "spec.retrySettings.retryInterval"],
  Password: [],
  UUID: [],
  HTTPRoute: ["timeouts.request", "timeouts.backendRequest", "retry.backoff"]
    .map((field) => `spec.rules[].${field}`)
    .concat(session),
  GRPCRoute: session,
  TLSRoute: [],
  BackendTLSPolicy: [],
  ScaledObject: [
    "spec.pollingInterval",
    "spec.cooldownPeriod",
    "spec.initialCooldownPeriod",
    ...["scaleUp", "scaleDown"].flatMap((way) => [
      `${behavior}.${way}.stabilizationWindowSeconds`,
      `${behavior}.${way}.policies[].periodSeconds`,
    ]),
  ],
  TriggerAuthentication: [],
  ServiceMonitor: ["spec.endpoints[].interval", "spec.endpoints[].scrapeTimeout"],
  PodMonitor: ["spec.podMetricsEndpoints[].interval", "spec.podMetricsEndpoints[].scrapeTimeout"],
  PrometheusRule: [
    "spec.groups[].interval",
    "spec.groups[].query_offset",
    "spec.groups[].rules[].for",
    "spec.groups[].rules[].keep_firing_for",
  ],
  SealedSecret: [],
};

/** Names of fields that hold a length of time. */
const timed = /interval|timeout|duration|period|backoff|ttl|delay|renewbefore$|seconds$|^for$/i;

const kinds = [...KNOWN_ADDONS.values()]
  .filter(({ name }) => name !== "flagger")
  .flatMap((addon) => addon.kinds.filter(({ access }) => access === "write"));

/** Whether a rule bounds a length of time at both ends, for all objects of the kind. */
function isBounded(rule: FieldRule): boolean {
  if (rule.when !== undefined) return false;
  // The pattern of an alert's times has a number of digits for each unit.
  return rule.form === "duration" || (rule.form === "number" && rule.least !== undefined) || rule.form === "text";
}

describe("lengths of time in objects of add-ons", () => {
  it("are known for each kind that tenants create", () => {
    assert.deepEqual(kinds.map(({ kind }) => kind).sort(), Object.keys(durations).sort());
  });

  it("have a bound at both ends, whatever else the object says", () => {
    for (const { kind, rules } of kinds) {
      for (const at of durations[kind] ?? []) {
        const found = rules.filter((rule) => rule.at === at && isBounded(rule));
        assert.equal(found.length, 1, `${kind} ${at}`);
      }
    }
  });

  it("are all of the fields with such names that the rules have or list", () => {
    for (const { kind, rules } of kinds) {
      const listed = rules.flatMap((rule) =>
        rule.form === "fields" ? rule.names.map((name) => `${rule.at}.${name}`) : [],
      );
      const paths = [...rules.map(({ at }) => at), ...listed];
      const found = paths.filter((path) => timed.test(path.replace(/^.*[.]/, "").replace("[]", "")));
      assert.deepEqual(
        found.filter((path) => !durations[kind]?.includes(path)),
        [],
        kind,
      );
    }
  });

  it("end at a bound also in Canaries", () => {
    const { policy } = named("fleet-canaries");
    const { expression = "" } = policy.spec.validations.find(({ message }) => message?.startsWith("times of")) ?? {};
    for (const field of ["interval", "timeout", "service.?timeout", "progressDeadlineSeconds"]) {
      assert.ok(expression.includes(field), field);
    }
  });
});
