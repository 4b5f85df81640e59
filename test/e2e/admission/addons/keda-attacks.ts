import type { Fields } from "../../../support/objects/object.js";
import type { AddonAttack } from "./addon-attack.js";

const scaled = (trigger: Fields): Fields => ({
  scaleTargetRef: { name: "web" },
  triggers: [{ type: "cpu", metadata: { value: "50" } }, trigger],
});
const prometheus = (metadata: Fields, fields: Fields = {}): Fields => ({
  type: "prometheus",
  metadata: { query: "1", threshold: "1", ...metadata },
  ...fields,
});

const computed = (formula: string): Fields => ({
  ...scaled({ type: "cpu", metadata: { value: "50" } }),
  advanced: { scalingModifiers: { formula, target: "1" } },
});
const behaving = (behavior: Fields): Fields => ({
  ...scaled({ type: "cpu", metadata: { value: "50" } }),
  advanced: { horizontalPodAutoscalerConfig: { behavior } },
});

/** Objects that each break one rule of keda. */
export const keda: readonly AddonAttack[] = [
  {
    kind: "ScaledObject",
    at: "spec.scaleTargetRef.kind",
    spec: { scaleTargetRef: { name: "web", kind: "Rollout" }, triggers: [] },
  },
  {
    kind: "ScaledObject",
    at: "spec.scaleTargetRef.apiVersion",
    spec: { scaleTargetRef: { name: "web", apiVersion: "example.com/v1" }, triggers: [] },
  },
  ...["aws-sqs-queue", "metrics-api", "external"].map(
    (type): AddonAttack => ({
      kind: "ScaledObject",
      at: "spec.triggers[].type",
      spec: scaled({ type, metadata: {} }),
    }),
  ),
  ...["customHeaders", "cortexOrgId", "namespace", "identityOwner"].map(
    (field): AddonAttack => ({
      kind: "ScaledObject",
      at: "spec.triggers[].metadata",
      spec: scaled(prometheus({ [field]: "team-b" })),
    }),
  ),
  ...["http://169.254.169.254", "http://localhost:9090", "https://kubernetes.default.svc"].map(
    (serverAddress): AddonAttack => ({
      kind: "ScaledObject",
      at: "spec.triggers[].metadata.serverAddress",
      spec: scaled(prometheus({ serverAddress })),
    }),
  ),
  ...[
    "let a = 1..1000; all(a, all(a, all(a, all(a, true)))) ? 1 : 2",
    "all(1..1000, all(1..1000, true)) ? 1 : 2",
    'repeat("a", 1000000) == "b" ? 1 : 2',
    "string(11) | split(string(1)) | all(true) ? 1 : 2",
    // Each call doubles the text of the one in it.
    `len(${"toJSON(".repeat(40)}1${")".repeat(41)}`,
  ].map(
    (formula): AddonAttack => ({
      kind: "ScaledObject",
      at: "spec.advanced.scalingModifiers.formula",
      form: "text",
      spec: computed(formula),
    }),
  ),
  {
    kind: "ScaledObject",
    at: "spec.advanced.scalingModifiers.formula",
    form: "size",
    spec: computed(`${"(".repeat(1000)}1${")".repeat(1000)}`),
  },
  ...(["start", "end"] as const).flatMap((field) =>
    ["TZ=0", "CRON_TZ=", "@every 1ns", "0 8 * *"].map(
      (text): AddonAttack => ({
        kind: "ScaledObject",
        at: `spec.triggers[].metadata.${field}`,
        spec: scaled({ type: "cron", metadata: { timezone: "UTC", desiredReplicas: "1", [field]: text } }),
      }),
    ),
  ),
  ...(
    [
      ["pollingInterval", [0, -1, 86_401]],
      ["cooldownPeriod", [-1, 86_401]],
      ["initialCooldownPeriod", [-1, 86_401]],
    ] as const
  ).flatMap(([field, seconds]) =>
    seconds.map(
      (value): AddonAttack => ({
        kind: "ScaledObject",
        at: `spec.${field}`,
        spec: { ...scaled({ type: "cpu", metadata: { value: "50" } }), [field]: value },
      }),
    ),
  ),
  ...(["scaleUp", "scaleDown"] as const).flatMap((way): AddonAttack[] => {
    const behavior = `spec.advanced.horizontalPodAutoscalerConfig.behavior.${way}`;
    return [
      ...[-1, 3601].map((stabilizationWindowSeconds): AddonAttack => {
        const spec = behaving({ [way]: { stabilizationWindowSeconds } });
        return { kind: "ScaledObject", at: `${behavior}.stabilizationWindowSeconds`, spec };
      }),
      ...[0, 1801].map((periodSeconds): AddonAttack => {
        const spec = behaving({ [way]: { policies: [{ type: "Pods", value: 1, periodSeconds }] } });
        return { kind: "ScaledObject", at: `${behavior}.policies[].periodSeconds`, spec };
      }),
    ];
  }),
  // KEDA would send the platform's token to the tenant's own server.
  {
    kind: "ScaledObject",
    at: "spec.triggers[].authenticationRef.kind",
    spec: scaled(
      prometheus(
        { serverAddress: "https://thief.example.com", authModes: "bearer" },
        { authenticationRef: { kind: "ClusterTriggerAuthentication", name: "prometheus" } },
      ),
    ),
  },
  ...["metric-config.external.all.prometheus/query", "k8s-sidecar-target-directory"].map(
    (key): AddonAttack => ({
      kind: "ScaledObject",
      at: "metadata.annotations",
      spec: scaled({ type: "cpu", metadata: { value: "60" } }),
      annotations: { [key]: "x" },
    }),
  ),
  ...[
    { podIdentity: { provider: "aws" } },
    { hashiCorpVault: { address: "http://10.0.0.1" } },
    { boundServiceAccountToken: [{ parameter: "token", serviceAccountName: "reconciler" }] },
  ].map((spec): AddonAttack => ({ kind: "TriggerAuthentication", at: "spec", spec })),
];
