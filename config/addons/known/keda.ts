import { addonNames, type KnownAddon, kindsOf } from "../addon.js";
import { copiedAnnotations, type FieldRule } from "../field-rule.js";

/** Metadata of the triggers below. Fields of Prometheus that name another tenant's data are not among them. */
const triggerFields = [
  ...["type", "value", "activationValue", "containerName", "podSelector"],
  ...["timezone", "start", "end", "desiredReplicas"],
  ...["serverAddress", "query", "threshold", "activationThreshold", "ignoreNullValues", "authModes"],
];

const scaledObject: readonly FieldRule[] = [
  // KEDA gives them to the autoscaler, from whose annotations sources of metrics take queries.
  copiedAnnotations("keda.sh"),
  { at: "spec.scaleTargetRef.kind", form: "value", of: ["Deployment", "StatefulSet"] },
  { at: "spec.scaleTargetRef.apiVersion", form: "value", of: ["apps/v1"] },
  // Other triggers connect to an address of the tenant's choice, or with KEDA's own identity in the cloud.
  { at: "spec.triggers[].type", form: "value", of: ["cpu", "memory", "cron", "kubernetes-workload", "prometheus"] },
  { at: "spec.triggers[].metadata", form: "fields", names: triggerFields },
  { at: "spec.triggers[].metadata.serverAddress", form: "address", of: "named" },
  // One KEDA evaluates the formulas of all tenants, without a bound of time. Without lists and texts there is no loop: ranges,
  // brackets, quotes, pipes and a second argument make one.
  {
    at: "spec.advanced.scalingModifiers.formula",
    form: "text",
    pattern: "^([A-Za-z0-9_]+([.][0-9]+)?|[ ()+*/%<>=!&?:-])*$",
    words: "arithmetic and comparisons of triggers, without lists, texts, pipes and commas",
  },
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
