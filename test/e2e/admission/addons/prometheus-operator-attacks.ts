import type { Fields } from "../../../support/objects/object.js";
import type { AddonAttack } from "./addon-attack.js";

/** Attacks of both monitors. */
const monitors = (["ServiceMonitor", "PodMonitor"] as const).flatMap((kind): AddonAttack[] => {
  const list = kind === "ServiceMonitor" ? "endpoints" : "podMetricsEndpoints";
  const monitor = (spec: Fields): Fields => ({ selector: {}, [list]: [{ port: "web" }], ...spec });
  const endpoint = (fields: Fields): Fields => monitor({ [list]: [{ port: "web" }, { port: "web", ...fields }] });
  return [
    { kind, at: "spec", spec: monitor({ scrapeClass: "platform" }) },
    { kind, at: "spec.namespaceSelector.any", spec: monitor({ namespaceSelector: { any: true } }) },
    {
      kind,
      at: "spec.namespaceSelector.matchNames[]",
      spec: monitor({ namespaceSelector: { matchNames: ["team-addons", "team-b"] } }),
    },
    ...["namespace", "1st"].map(
      (label): AddonAttack => ({ kind, at: "spec.podTargetLabels[]", spec: monitor({ podTargetLabels: [label] }) }),
    ),
    // Without the target's own label, the one in the answer counts, which may be another tenant's.
    ...["LabelDrop", "labeldrop", "LabelKeep", "labelkeep"].map(
      (action): AddonAttack => ({
        kind,
        at: `spec.${list}[].relabelings[].action`,
        spec: endpoint({ relabelings: [{ action, regex: "namespace" }] }),
      }),
    ),
    ...[
      { bearerTokenFile: "/var/run/secrets/kubernetes.io/serviceaccount/token" },
      { proxyUrl: "http://10.0.0.1:3128" },
      { honorLabels: true },
      { oauth2: { tokenUrl: "http://169.254.169.254" } },
    ].map((fields): AddonAttack => ({ kind, at: `spec.${list}[]`, spec: endpoint(fields) })),
    { kind, at: `spec.${list}[].tlsConfig`, spec: endpoint({ tlsConfig: { keyFile: "/etc/prometheus/key" } }) },
    ...(["relabelings", "metricRelabelings"] as const).flatMap((relabelings): AddonAttack[] => [
      {
        kind,
        at: `spec.${list}[].${relabelings}[].action`,
        spec: endpoint({ [relabelings]: [{ action: "labelmap", regex: "(.+)", replacement: "__$1__" }] }),
      },
      ...["__address__", "__param_target", "namespace", "$1"].map(
        (targetLabel): AddonAttack => ({
          kind,
          at: `spec.${list}[].${relabelings}[].targetLabel`,
          spec: endpoint({ [relabelings]: [{ targetLabel, replacement: "169.254.169.254:80" }] }),
        }),
      ),
    ]),
  ];
});

/** Objects that each break one rule of prometheus-operator. */
export const prometheusOperator: readonly AddonAttack[] = [
  ...monitors,
  {
    kind: "ServiceMonitor",
    at: "spec.targetLabels[]",
    spec: { selector: {}, endpoints: [], targetLabels: ["namespace"] },
  },
  { kind: "ServiceMonitor", at: "spec.targetLabels[]", spec: { selector: {}, endpoints: [], targetLabels: ["1st"] } },
  {
    kind: "PrometheusRule",
    at: "spec.groups[].labels",
    spec: { groups: [{ name: "a", labels: { namespace: "team-b" } }] },
  },
  {
    kind: "PrometheusRule",
    at: "spec.groups[].rules[].labels",
    spec: { groups: [{ name: "a", rules: [{ alert: "Down", expr: "up == 0", labels: { namespace: "team-b" } }] }] },
  },
];
