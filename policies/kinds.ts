/** Kinds of API groups, as roles and admission policies select them. */
export interface Kinds {
  readonly apiGroups: string[];
  readonly resources: string[];
}

/** Kinds of one API group; the core group is "". */
export function kinds(apiGroup: string, ...resources: string[]): Kinds {
  return { apiGroups: [apiGroup], resources };
}

/** Flux's syncs of manifests. */
export const kustomizations = kinds("kustomize.toolkit.fluxcd.io", "kustomizations");
/** Flux's syncs of charts. */
export const helmReleases = kinds("helm.toolkit.fluxcd.io", "helmreleases");

/** Flux's sources. */
export const fluxSources: Kinds = {
  apiGroups: ["source.toolkit.fluxcd.io"],
  resources: ["gitrepositories", "ocirepositories", "helmrepositories", "helmcharts", "buckets"],
};

/** Flux's notifications. */
export const fluxNotifications = kinds("notification.toolkit.fluxcd.io", "alerts", "providers", "receivers");

/** The kinds of Flux that tenants create themselves. */
export const fluxKinds = [fluxSources, kustomizations, helmReleases, fluxNotifications];

/** Flux's image automation. */
export const imageAutomations: Kinds = {
  apiGroups: ["image.toolkit.fluxcd.io"],
  resources: ["imagerepositories", "imagepolicies", "imageupdateautomations"],
};

/** Routes of Gateway API. */
export const gatewayRoutes = kinds("gateway.networking.k8s.io", "httproutes", "grpcroutes", "tlsroutes");
/** Kinds whose hosts and annotations an ingress controller, a Gateway API controller or external-dns reads. */
export const ingressKinds = [kinds("networking.k8s.io", "ingresses"), gatewayRoutes, kinds("", "services")];
