import type { Addon } from "../../../config/addons/addon.js";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { routeKinds } from "./network.js";
import { type Fields, object } from "./object.js";

/** The definition of a kind. The API server accepts any spec of it. */
function customKind(kind: string, plural: string, group: string, version: string, annotations: Fields = {}) {
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return object(
    "CustomResourceDefinition",
    { name: `${plural}.${group}`, annotations: annotations as Readonly<Record<string, string>> },
    {
      spec: {
        group,
        names: { kind, plural },
        scope: "Namespaced",
        versions: [{ name: version, served: true, storage: true, schema }],
      },
    },
  );
}

/** Flagger's kinds. */
export const flaggerKinds: readonly KubernetesObject[] = [
  customKind("Canary", "canaries", "flagger.app", "v1beta1"),
  customKind("MetricTemplate", "metrictemplates", "flagger.app", "v1beta1"),
  customKind("AlertProvider", "alertproviders", "flagger.app", "v1beta1"),
];

/** Kinds in Gateway API's group must say who agreed to them. */
const approved = { "api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/gateway-api/pull/2466" };

/** The kinds of the Prometheus operator that fleet/ has objects of. */
export const prometheusKinds: readonly KubernetesObject[] = [
  customKind("PodMonitor", "podmonitors", "monitoring.coreos.com", "v1"),
  customKind("PrometheusRule", "prometheusrules", "monitoring.coreos.com", "v1"),
];

/** The kinds of an add-on. */
export function kindsOfAddon({ kinds }: Pick<Addon, "kinds">): KubernetesObject[] {
  return kinds.map(({ kind, plural, group, version }) =>
    customKind(kind, plural, group, version, group === "gateway.networking.k8s.io" ? approved : {}),
  );
}

/** Gateway API's routes. */
export const gatewayKinds: readonly KubernetesObject[] = routeKinds.map((kind) =>
  customKind(kind, `${kind.toLowerCase()}s`, "gateway.networking.k8s.io", "v1", approved),
);
