import { addonNames, type KnownAddon, kindsOf } from "../addon.js";
import { type FieldRule, inNamespace } from "../field-rule.js";

/** A label of a metric. `namespace` says whose metric it is, and `__address__` and its like where it comes from. */
const metricLabel = {
  pattern: "^[A-Za-z][A-Za-z0-9_]*$",
  except: ["namespace"],
  words: "a label that begins with a letter, other than namespace",
} as const;

/**
 * A label of Services or pods, which becomes a label of their metrics. Prometheus refuses its whole configuration for a
 * label of metrics that begins with a digit.
 */
const serviceLabel = {
  pattern: "^[A-Za-z]",
  except: ["namespace"],
  words: "a label that begins with a letter, other than namespace",
} as const;

/** Actions of which `targetLabel` names each label that they set. `labelmap` computes the names. */
const actions = ["Replace", "Keep", "Drop", "HashMod", "Lowercase", "Uppercase", "KeepEqual", "DropEqual"];

/** Actions that remove labels. */
const removals = ["LabelDrop", "LabelKeep"];

const relabelings = (at: string, of: readonly string[]): FieldRule[] => [
  { at: `${at}[].action`, form: "value", of: of.flatMap((name) => [name, name.toLowerCase()]) },
  { at: `${at}[].targetLabel`, form: "text", ...metricLabel },
  // One Prometheus relabels the metrics of all tenants. A label that two steps double in turn fills its memory.
  { at, form: "size", most: 30 },
  { at, form: "relabelings" },
  { at: `${at}[].sourceLabels`, form: "size", most: 10 },
  { at: `${at}[].regex`, form: "size", most: 4096 },
  { at: `${at}[].replacement`, form: "size", most: 253 },
  {
    at: `${at}[].replacement`,
    form: "text",
    pattern: "^([^$]*[$]){0,4}[^$]*$",
    words: "a text with four groups at most",
  },
];

/** Fields of an endpoint. Files, proxies and other servers of tokens are reached from Prometheus' own pod. */
const endpointFields = [
  ...["port", "targetPort", "path", "scheme", "params", "interval", "scrapeTimeout", "honorTimestamps"],
  ...["trackTimestampsStaleness", "metricRelabelings", "relabelings", "filterRunning", "enableHttp2"],
  ...["followRedirects", "basicAuth", "authorization", "bearerTokenSecret", "tlsConfig"],
];

const tlsFields = ["ca", "cert", "keySecret", "serverName", "insecureSkipVerify", "minVersion", "maxVersion"];

/** Fields of a monitor. `scrapeClass` names credentials of Prometheus itself. */
const monitorFields = [
  ...["selector", "selectorMechanism", "namespaceSelector", "jobLabel", "podTargetLabels", "attachMetadata"],
  ...["sampleLimit", "targetLimit", "labelLimit", "labelNameLengthLimit", "labelValueLengthLimit"],
  ...["bodySizeLimit", "keepDroppedTargets", "scrapeProtocols", "fallbackScrapeProtocol"],
];

interface MonitorFields {
  /** Field with the list of endpoints. */
  readonly list: string;
  /** Further fields with labels of Services that become labels of metrics. */
  readonly targetLabels?: readonly string[];
  readonly ofMonitor?: readonly string[];
  readonly ofEndpoint?: readonly string[];
}

const monitor = ({ list, targetLabels = [], ofMonitor = [], ofEndpoint = [] }: MonitorFields): readonly FieldRule[] => [
  { at: "spec", form: "fields", names: [list, ...targetLabels, ...ofMonitor, ...monitorFields] },
  { at: "spec.namespaceSelector.any", form: "value", of: [false] },
  ...inNamespace("spec.namespaceSelector.matchNames[]"),
  ...["podTargetLabels", ...targetLabels].map((field): FieldRule => {
    return { at: `spec.${field}[]`, form: "text", ...serviceLabel };
  }),
  { at: `spec.${list}[]`, form: "fields", names: [...endpointFields, ...ofEndpoint] },
  { at: `spec.${list}[].tlsConfig`, form: "fields", names: tlsFields },
  // A target without its label `namespace` keeps the label `namespace` of its own answers, which may name any tenant.
  ...relabelings(`spec.${list}[].relabelings`, actions),
  ...relabelings(`spec.${list}[].metricRelabelings`, [...actions, ...removals]),
  { at: `spec.${list}[].interval`, form: "duration", least: "5s", most: "1h" },
  { at: `spec.${list}[].scrapeTimeout`, form: "duration", least: "100ms", most: "5m" },
];

const otherLabels = {
  form: "keys",
  ...metricLabel,
  words: "labels that begin with a letter, without namespace",
} as const;

/** A length of time in Prometheus' units, of four years at most. CEL reads neither days nor weeks. */
const alertTime = {
  pattern: "^(0|([0-9]{1,2}w)?([0-9]{1,3}d)?([0-9]{1,4}h)?([0-9]{1,4}m)?([0-9]{1,4}s)?([0-9]{1,4}ms)?)$",
  words: "a length of time from 0 to 99w999d, such as 5m or 1d12h",
} as const;

const rules: readonly FieldRule[] = [
  { at: "spec.groups[].labels", ...otherLabels },
  { at: "spec.groups[].rules[].labels", ...otherLabels },
  { at: "spec.groups[].interval", form: "duration", least: "5s", most: "24h" },
  { at: "spec.groups[].query_offset", form: "duration", least: "1ms", most: "24h" },
  { at: "spec.groups[].rules[].for", form: "text", ...alertTime },
  { at: "spec.groups[].rules[].keep_firing_for", form: "text", ...alertTime },
];

/**
 * Metrics and alerts of a tenant's workloads. Probes, ScrapeConfigs and AlertmanagerConfigs name any address, and the
 * operator runs pods for its other kinds.
 * @see https://prometheus-operator.dev/docs/api-reference/api/
 */
export const prometheusOperator: KnownAddon = {
  ...addonNames("prometheus-operator"),
  purpose: "metrics of the tenant's workloads, and alerts on them",
  kinds: kindsOf(
    "monitoring.coreos.com",
    "v1",
    {
      kind: "ServiceMonitor",
      plural: "servicemonitors",
      rules: monitor({ list: "endpoints", targetLabels: ["targetLabels"], ofMonitor: ["serviceDiscoveryRole"] }),
    },
    {
      kind: "PodMonitor",
      plural: "podmonitors",
      rules: monitor({ list: "podMetricsEndpoints", ofEndpoint: ["portNumber"] }),
    },
    { kind: "PrometheusRule", plural: "prometheusrules", rules },
  ),
  sharedKinds: [],
};
