/** Label that says which tool made an object; Kubernetes' own recommended key. */
export const MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";
/** Value of {@link MANAGED_BY_LABEL} on everything this program creates: ours to adopt, change and remove. */
export const MANAGED_BY = "fleet";
/** Label that names the stack (environment) an object belongs to. */
export const STACK_LABEL = "fleet.dev/stack";
/** Label that names the tenant an object belongs to; absent on the platform's own objects. */
export const TENANT_LABEL = "fleet.dev/tenant";
/** Repository topic on GitHub that says the same as {@link MANAGED_BY_LABEL} does on a cluster. */
export const GITHUB_OWNERSHIP_TOPIC = "managed-by-fleet";

/**
 * Annotation of a tenant's namespace that says where its image automation may push; only the platform writes there. Its
 * one value is {@link TO_DEFAULT_BRANCH}.
 */
export const IMAGE_AUTOMATION_ANNOTATION = "fleet.dev/image-automation";
/** Value of {@link IMAGE_AUTOMATION_ANNOTATION}: anywhere, the default branch included. */
export const TO_DEFAULT_BRANCH = "default-branch";

/**
 * Annotation of a tenant's namespace with the hosts that may be served from there, separated by commas; only the platform
 * writes there. No annotation: none.
 */
export const HOSTS_ANNOTATION = "fleet.dev/hosts";

/** Namespace of the Flux controllers, and the name of the installation. */
export const FLUX_NAMESPACE = "flux-system";
/** Label whose value `flux` is how the flux CLI (`flux check`, `flux version`) finds what belongs to an installation. */
export const PART_OF_LABEL = "app.kubernetes.io/part-of";
/** Label that names the installation, here always {@link FLUX_NAMESPACE}. */
export const INSTANCE_LABEL = "app.kubernetes.io/instance";
/** Label that carries the version of Flux; `flux check` reads it from the GitRepository CRD. */
export const VERSION_LABEL = "app.kubernetes.io/version";
/** Label by which the release manifest says which controller an object belongs to. */
export const COMPONENT_LABEL = "app.kubernetes.io/component";

/** Labels as Kubernetes takes them. */
export type Labels = Readonly<Record<string, string>>;

/** Labels of everything the program creates on the cluster of `stack`. */
export function fleetLabels(stack: string): Record<string, string> {
  return { [MANAGED_BY_LABEL]: MANAGED_BY, [STACK_LABEL]: stack };
}

/** Labels of everything the program creates for one tenant on the cluster of `stack`. */
export function tenantLabels(stack: string, tenant: string): Record<string, string> {
  return { ...fleetLabels(stack), [TENANT_LABEL]: tenant };
}

/**
 * Labels of Flux's own objects: the ones by which the flux CLI recognises an installation, and ours.
 *
 * @param version Flux version with its `v`: `v2.9.2`.
 * @see https://github.com/fluxcd/flux2/blob/v2.9.2/pkg/manifestgen/labels.go
 */
export function fluxLabels(stack: string, version: string): Record<string, string> {
  return {
    ...fleetLabels(stack),
    [PART_OF_LABEL]: "flux",
    [INSTANCE_LABEL]: FLUX_NAMESPACE,
    [VERSION_LABEL]: version,
  };
}

/** Whether an object with these labels is one of ours. */
export function isManagedByFleet(labels: Labels | undefined): boolean {
  return labels?.[MANAGED_BY_LABEL] === MANAGED_BY;
}
