import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { type Case, objectOf, type Place, type Spec } from "./cases.js";

/** Flagger's kinds as far as the API server must know them: it takes whatever the spec says. */
export const flaggerKinds: readonly KubernetesObject[] = [
  ["Canary", "canaries"],
  ["MetricTemplate", "metrictemplates"],
  ["AlertProvider", "alertproviders"],
].map(([kind, plural]) => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${plural}.flagger.app` },
  spec: {
    group: "flagger.app",
    names: { kind, plural },
    scope: "Namespaced",
    versions: [
      {
        name: "v1beta1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
}));

/** Policy fleet-canaries. */
export function canaryCases(place: Place): Case[] {
  const targetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
  const canary = (spec: Spec) =>
    objectOf(place, "flagger.app/v1beta1", "Canary", { targetRef, service: { port: 80 }, ...spec });
  const metric = (namespace?: string) => ({ name: "errors", templateRef: { name: "errors", namespace } });
  const alert = (namespace?: string) => ({ name: "us", severity: "info", providerRef: { name: "us", namespace } });
  const refused = /a Canary must refer to objects of its own namespace: remove the namespace/;
  return [
    {
      title: "a Canary measured by another tenant's template, with that one's password",
      object: canary({ analysis: { metrics: [metric(), metric("team-b")] } }),
      refused,
    },
    {
      title: "a Canary that tells another tenant's channel",
      object: canary({ analysis: { alerts: [alert("team-b")] } }),
      refused,
    },
    {
      title: "a Canary measured by another tenant's template, by the analysis' former name",
      object: canary({ canaryAnalysis: { metrics: [metric("team-b")] } }),
      refused,
    },
    {
      title: "a Canary that tells another tenant's channel, by the analysis' former name",
      object: canary({ canaryAnalysis: { alerts: [alert("team-b")] } }),
      refused,
    },
    ...["targetRef", "autoscalerRef", "ingressRef", "routeRef", "upstreamRef"].map((field) => ({
      title: `a Canary whose ${field} is in another namespace`,
      object: canary({ [field]: { ...targetRef, namespace: "team-b" } }),
      refused,
    })),
    { title: "a Canary without analysis", object: canary({}) },
    {
      title: "a Canary that names what is its own, and says so",
      object: canary({
        targetRef: { ...targetRef, namespace: place.namespace },
        analysis: { metrics: [metric(), metric(place.namespace)], alerts: [alert(place.namespace)] },
      }),
    },
  ];
}
