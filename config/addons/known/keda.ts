import { addonNames, type KnownAddon, kindsOf } from "../addon.js";
import { copiedAnnotations, type FieldRule } from "../field-rule.js";
import { FORMULA_PATTERN, MOST_FORMULA_LETTERS } from "../formula-form.js";

/** Metadata of the triggers below. Fields of Prometheus that name another tenant's data are not among them. */
const triggerFields = [
  ...["type", "value", "activationValue", "containerName", "podSelector"],
  ...["timezone", "start", "end", "desiredReplicas"],
  ...["serverAddress", "query", "threshold", "activationThreshold", "ignoreNullValues", "authModes"],
];

/** Five fields of numbers and names. KEDA's parser panics at `TZ=0`, and `@` begins other forms. */
const schedule = {
  pattern: "^[0-9A-Za-z*/,?-]+( +[0-9A-Za-z*/,?-]+){4}$",
  words: "five fields of a schedule, such as 0 8 * * 1-5, without a time zone",
} as const;

const scaledObject: readonly FieldRule[] = [
  // KEDA gives them to the autoscaler, from whose annotations sources of metrics take queries.
  copiedAnnotations("keda.sh"),
  { at: "spec.scaleTargetRef.kind", form: "value", of: ["Deployment", "StatefulSet"] },
  { at: "spec.scaleTargetRef.apiVersion", form: "value", of: ["apps/v1"] },
  // Other triggers connect to an address of the tenant's choice, or with KEDA's own identity in the cloud.
  { at: "spec.triggers[].type", form: "value", of: ["cpu", "memory", "cron", "kubernetes-workload", "prometheus"] },
  { at: "spec.triggers[].metadata", form: "fields", names: triggerFields },
  { at: "spec.triggers[].metadata.serverAddress", form: "address", of: "named" },
  ...["start", "end"].map((field): FieldRule => {
    return { at: `spec.triggers[].metadata.${field}`, form: "text", ...schedule };
  }),
  { at: "spec.advanced.scalingModifiers.formula", form: "size", most: MOST_FORMULA_LETTERS },
  {
    at: "spec.advanced.scalingModifiers.formula",
    form: "text",
    pattern: FORMULA_PATTERN,
    words: "arithmetic and comparisons of triggers, with abs, ceil, float, floor, int, max, min and round alone",
  },
  // All in seconds. A loop of KEDA asks the sources of an object without a pause where the interval is 0.
  { at: "spec.pollingInterval", form: "number", least: 5, most: 86_400 },
  { at: "spec.cooldownPeriod", form: "number", least: 0, most: 86_400 },
  { at: "spec.initialCooldownPeriod", form: "number", least: 0, most: 86_400 },
  ...["scaleUp", "scaleDown"].flatMap((way): FieldRule[] => {
    const behavior = `spec.advanced.horizontalPodAutoscalerConfig.behavior.${way}`;
    return [
      { at: `${behavior}.stabilizationWindowSeconds`, form: "number", least: 0, most: 3600 },
      { at: `${behavior}.policies[].periodSeconds`, form: "number", least: 1, most: 1800 },
    ];
  }),
  // KEDA would send the credentials of a ClusterTriggerAuthentication to the address of a trigger, the tenant's choice.
  { at: "spec.triggers[].authenticationRef.kind", form: "value", of: ["TriggerAuthentication"] },
];

/** Vaults, tokens of accounts and identities of pods lead out of the namespace. */
const authentication: readonly FieldRule[] = [
  { at: "spec", form: "fields", names: ["secretTargetRef", "configMapTargetRef", "env"] },
];

/** ScaledJobs are not among the kinds: KEDA would create a tenant's Jobs under its own name. */
export const keda: KnownAddon = {
  ...addonNames("keda"),
  purpose: "scaling of Deployments and StatefulSets by time, by load and by metrics",
  kinds: kindsOf(
    "keda.sh",
    "v1alpha1",
    { kind: "ScaledObject", plural: "scaledobjects", rules: scaledObject },
    { kind: "TriggerAuthentication", plural: "triggerauthentications", most: 10, rules: authentication },
  ),
  sharedKinds: [],
};
