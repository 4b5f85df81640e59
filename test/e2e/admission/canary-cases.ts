import { canary, webDeployment } from "../../support/objects/network.js";
import { type Fields, object } from "../../support/objects/object.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";

/** Queries that take Flagger's time or memory. */
const costlyQueries = [
  '{{ define "a" }}{{ template "b" }}{{ template "b" }}{{ end }}{{ define "b" }}{{ end }}{{ template "a" }}',
  '{{ printf "%1000000d" 1 }}',
  "{{ range 1000000000 }}a{{ end }}",
  "{{ target | html | html }}",
  "{{ variables.text }}".repeat(51),
  'sum(rate(a{b="{{ print target target }}"}[1m]))',
];

/** Queries of Flagger's documentation. */
const plainQueries = [
  'sum(rate(istio_requests_total{destination_workload=~"{{ target }}", namespace="{{ namespace }}"}[{{ interval }}]))',
  'avg:errors{service:{{service}},ingress:{{- ingress -}}}.as_rate() + {{ variables.direction }} + {{ index variables "a" }}',
  "SELECT 1",
  "{{ variables.text }}".repeat(50),
];

/** Addresses that Flagger's own pods must not call. */
const forbiddenAddresses = [
  "http://169.254.169.254/latest/meta-data",
  "http://localhost:8080",
  "http://metadata.google.internal",
  "http://user@169.254.169.254",
  "http://[::1]:8080",
  "http://2852039166",
  "ftp://prometheus.monitoring",
  "prometheus.monitoring:9090",
] as const;

/** Policy fleet-canaries. */
export function canaryCases(place: Place): Case[] {
  const metric = (namespace?: string) => ({ name: "errors", templateRef: { name: "errors", namespace } });
  const alert = (namespace?: string) => ({ name: "us", severity: "info", providerRef: { name: "us", namespace } });
  const template = (provider: Fields) => object("MetricTemplate", place, { spec: { provider, query: "1" } });
  const asking = (query: string) =>
    object("MetricTemplate", place, { spec: { provider: { type: "prometheus" }, query } });
  const alerts = (spec: Fields) => object("AlertProvider", place, { spec });
  const measured = { metrics: [metric("team-b")] };
  const told = { alerts: [alert("team-b")] };
  return [
    ...refused(/a Canary must refer to objects of its own namespace: remove the namespace/, {
      "a Canary measured by another tenant's template, with that one's password": canary(place, {
        analysis: { metrics: [metric(), metric("team-b")] },
      }),
      "a Canary that tells another tenant's channel": canary(place, { analysis: told }),
      "a Canary measured by another tenant's template, by the analysis' former name": canary(place, {
        canaryAnalysis: measured,
      }),
      "a Canary that tells another tenant's channel, by the analysis' former name": canary(place, {
        canaryAnalysis: told,
      }),
      ...each(["targetRef", "autoscalerRef", "ingressRef", "routeRef", "upstreamRef"], (field) => [
        `a Canary whose ${field} is in another namespace`,
        canary(place, { [field]: { ...webDeployment, namespace: "team-b" } }),
      ]),
      "a Canary that mirrors its requests to another tenant": canary(place, {
        service: { port: 80, mirror: [{ backendRef: { name: "web", namespace: "team-b", port: 80 } }] },
      }),
    }),
    ...refused(
      /metrics must not be read with the identity of Flagger, or with a Secret that can disclose it: set spec/,
      {
        ...each(["stackdriver", "cloudwatch", "keptn"], (type) => [
          `a MetricTemplate of ${type}`,
          template({ type, secretRef: { name: "mine" } }),
        ]),
      },
    ),
    ...refused(/Flagger must not call an address of a network, itself, the API server or a metadata service: write/, {
      ...each(forbiddenAddresses, (address) => [
        `a MetricTemplate at ${address}`,
        template({ type: "prometheus", address }),
      ]),
      "a Canary with metrics of the metadata service": canary(place, { metricsServer: forbiddenAddresses[0] }),
      "a Canary whose webhook is the API server": canary(place, {
        analysis: { webhooks: [{ name: "load", url: "https://kubernetes.default.svc/api/v1/secrets" }] },
      }),
      "a Canary whose webhook is an address, by the analysis' former name": canary(place, {
        canaryAnalysis: { webhooks: [{ name: "load", url: "http://10.0.0.1" }] },
      }),
      "an AlertProvider at an address": alerts({ type: "slack", address: "https://10.0.0.1/hook" }),
      "an AlertProvider by a proxy at an address": alerts({ type: "slack", proxy: "http://10.0.0.1:3128" }),
    }),
    ...refused(/queries of metrics must only insert values, because one Flagger renders those of all tenants: write/, {
      ...each(costlyQueries, (query) => [`a MetricTemplate with the query ${query.slice(0, 60)}`, asking(query)]),
      ...each(["analysis", "canaryAnalysis"], (analysis) => [
        `a Canary with a costly query of its own, under ${analysis}`,
        canary(place, { [analysis]: { metrics: [{ name: "errors", query: costlyQueries[0] }] } }),
      ]),
    }),
    ...refused(/values of templateVariables must have 1000 letters at most, because queries insert them many times/, {
      ...each(["analysis", "canaryAnalysis"], (analysis) => [
        `a Canary with a long variable of its queries, under ${analysis}`,
        canary(place, { [analysis]: { metrics: [{ ...metric(), templateVariables: { text: "a".repeat(1001) } }] } }),
      ]),
    }),
    ...refused(/times of a Canary must be 1s to 24h, because one Flagger waits for those of all tenants/, {
      ...each(["0s", "999ms", "24h1s", "-1m", "1d", "soon"], (time) => [
        `a Canary with an interval of ${time}`,
        canary(place, { analysis: { interval: time } }),
      ]),
      "a Canary with an endless webhook": canary(place, {
        analysis: { webhooks: [{ name: "load", url: "http://load.test", timeout: "8760h" }] },
      }),
      "a Canary with an endless webhook, by the analysis' former name": canary(place, {
        canaryAnalysis: { webhooks: [{ name: "load", url: "http://load.test", timeout: "8760h" }] },
      }),
      "a Canary whose requests never end": canary(place, { service: { port: 80, timeout: "8760h" } }),
      ...each([0, 86_401], (progressDeadlineSeconds) => [
        `a Canary with ${progressDeadlineSeconds} seconds to progress`,
        canary(place, { progressDeadlineSeconds }),
      ]),
    }),
    ...allowed({
      ...each(plainQueries, (query) => [`a MetricTemplate with the query ${query.slice(0, 60)}`, asking(query)]),
      "a Canary with a plain query of its own": canary(place, {
        analysis: { metrics: [{ name: "errors", query: plainQueries[0] }] },
      }),
      "a Canary with variables and times": canary(place, {
        progressDeadlineSeconds: 600,
        service: { port: 80, timeout: "15s" },
        analysis: {
          interval: "1m30s",
          webhooks: [{ name: "load", url: "http://load.test", timeout: "5m" }],
          metrics: [{ ...metric(), interval: "1m", templateVariables: { text: "a".repeat(1000), other: "" } }],
        },
      }),
      "a MetricTemplate at the platform's Prometheus": template({
        type: "prometheus",
        address: "http://prometheus.monitoring:9090",
      }),
      "a MetricTemplate without an address": template({ type: "datadog", secretRef: { name: "mine" } }),
      "an AlertProvider at a public host": alerts({ type: "slack", address: "https://hooks.example.com/a?b=c" }),
      "a Canary of a mesh with webhooks": canary(place, {
        provider: "istio",
        analysis: { webhooks: [{ name: "load", url: "http://flagger-loadtester.test/" }] },
      }),
      "a Canary without analysis": canary(place),
      "a Canary that names what is its own, and says so": canary(place, {
        targetRef: { ...webDeployment, namespace: place.namespace },
        analysis: { metrics: [metric(), metric(place.namespace)], alerts: [alert(place.namespace)] },
      }),
    }),
  ];
}
