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
      ...multiplying(`spec.${list}[].${relabelings}`, (steps) => endpoint({ [relabelings]: steps })).map(
        (attack): AddonAttack => ({ kind, ...attack }),
      ),
    ]),
    ...(
      [
        ["interval", "1ms"],
        ["interval", "4s"],
        ["interval", "2h"],
        ["interval", "1d"],
        ["scrapeTimeout", "1ms"],
        ["scrapeTimeout", "1h"],
      ] as const
    ).map(([field, time]): AddonAttack => ({ kind, at: `spec.${list}[].${field}`, spec: endpoint({ [field]: time }) })),
  ];
});

/** Relabelings that make a label long, or cost much. */
function multiplying(
  at: string,
  spec: (steps: readonly Fields[]) => Fields,
): readonly Pick<AddonAttack, "at" | "form" | "spec">[] {
  const step = { sourceLabels: ["a"], targetLabel: "a" };
  return [
    { at, form: "relabelings", spec: spec([{ ...step, sourceLabels: ["a", "a"] }]) },
    { at, form: "relabelings", spec: spec([{ ...step, replacement: "$1$1" }]) },
    {
      at,
      form: "relabelings",
      spec: spec([
        { sourceLabels: ["a", "b"], targetLabel: "b" },
        { sourceLabels: ["a", "b"], targetLabel: "a" },
      ]),
    },
    { at, form: "size", spec: spec(Array(31).fill(step)) },
    { at: `${at}[].sourceLabels`, spec: spec([{ sourceLabels: Array(11).fill("b"), targetLabel: "a" }]) },
    { at: `${at}[].regex`, spec: spec([{ ...step, regex: "a".repeat(4097) }]) },
    ...(
      [
        ["text", "$1$1$1$1$1"],
        ["size", "a".repeat(300)],
      ] as const
    ).map(([form, replacement]) => ({
      at: `${at}[].replacement`,
      form,
      spec: spec([{ sourceLabels: ["b"], targetLabel: "a", replacement }]),
    })),
  ];
}

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
  ...(
    [
      ["interval", "1ms"],
      ["interval", "25h"],
      ["query_offset", "25h"],
      ["query_offset", "1d"],
    ] as const
  ).map(
    ([field, time]): AddonAttack => ({
      kind: "PrometheusRule",
      at: `spec.groups[].${field}`,
      spec: { groups: [{ name: "a", [field]: time, rules: [] }] },
    }),
  ),
  ...(["for", "keep_firing_for"] as const).flatMap((field) =>
    ["1y", "1000d", "-1m"].map(
      (time): AddonAttack => ({
        kind: "PrometheusRule",
        at: `spec.groups[].rules[].${field}`,
        spec: { groups: [{ name: "a", rules: [{ alert: "Down", expr: "up == 0", [field]: time }] }] },
      }),
    ),
  ),
];
