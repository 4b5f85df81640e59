/** Label of the tool that manages an object, one of Kubernetes' recommended labels. */
export const MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";
/** Value of {@link MANAGED_BY_LABEL} on every object that fleet manages, and so may adopt, change and remove. */
export const MANAGED_BY = "fleet";
/** Label that names the stack (environment) an object belongs to. */
export const STACK_LABEL = "fleet.dev/stack";
/** Label that names the tenant an object belongs to; absent on the platform's own objects. */
export const TENANT_LABEL = "fleet.dev/tenant";
/** Topic of every GitHub repository that fleet manages, like {@link MANAGED_BY_LABEL} on a cluster. */
export const GITHUB_OWNERSHIP_TOPIC = "managed-by-fleet";

/** Annotation of a tenant's namespace: the branches that its image automation may push to. Only the platform writes it. */
export const IMAGE_AUTOMATION_ANNOTATION = "fleet.dev/image-automation";
/** The only value of {@link IMAGE_AUTOMATION_ANNOTATION}: anywhere, the default branch included. */
export const TO_DEFAULT_BRANCH = "default-branch";
/** Annotation of a tenant's namespace: its hosts, separated by commas; without it, none. Only the platform writes it. */
export const HOSTS_ANNOTATION = "fleet.dev/hosts";
/** Annotation of an add-on's policy: the objects outside of namespaces that tenants may refer to, separated by commas. */
export const SHARED_ANNOTATION = "fleet.dev/shared";

/** Annotation of a Secret with keys that verify signatures: their names and fingerprints. Only the platform writes it. */
export const SIGNING_KEYS_ANNOTATION = "fleet.dev/signing-keys";

/** Annotation of a GitRepository: the fingerprint of the deploy key that it uses. Only the platform writes it. */
export const GIT_KEY_ANNOTATION = "fleet.dev/git-key";
/** As {@link GIT_KEY_ANNOTATION}: the time since which it uses the key, `2026-11-27T09:30:00Z`. */
export const GIT_KEY_SINCE_ANNOTATION = "fleet.dev/git-key-since";
/** Annotations whose values an update makes, so that no plan from the files knows them. */
export const MADE_BY_UPDATE: readonly string[] = [GIT_KEY_ANNOTATION, GIT_KEY_SINCE_ANNOTATION];

/** Annotations of a tenant's sync: the last days of its exceptions. Only the platform writes them. */
export const PRUNE_OFF_UNTIL_ANNOTATION = "fleet.dev/prune-off-until";
/** As {@link PRUNE_OFF_UNTIL_ANNOTATION}. */
export const SUSPENDED_UNTIL_ANNOTATION = "fleet.dev/suspended-until";
/** As {@link PRUNE_OFF_UNTIL_ANNOTATION}, on the sync and on the objects that are suspended for it. */
export const FROZEN_UNTIL_ANNOTATION = "fleet.dev/frozen-until";
/** Annotation beside {@link FROZEN_UNTIL_ANNOTATION}: the reason of the freeze. */
export const FREEZE_REASON_ANNOTATION = "fleet.dev/freeze-reason";

/** Annotation of an object that the program took back: how often, and from which client. Only the platform writes it. */
export const TAKEN_BACK_ANNOTATION = "fleet.dev/taken-back";
/** Name under which the program applies objects. Kubernetes notes it as the owner of every field that it sets. */
export const FIELD_MANAGER = "fleet";

/** Namespace of the Flux controllers, and the name of the installation. */
export const FLUX_NAMESPACE = "flux-system";
/** Label whose value `flux` is how the flux CLI (`flux check`, `flux version`) finds what belongs to an installation. */
export const PART_OF_LABEL = "app.kubernetes.io/part-of";
/** Label that names the installation, here always {@link FLUX_NAMESPACE}. */
export const INSTANCE_LABEL = "app.kubernetes.io/instance";
/** Label of the controller that an object of Flux's release manifest belongs to. */
export const COMPONENT_LABEL = "app.kubernetes.io/component";
/** Label of the version of an object's application; here that of Flux. */
export const VERSION_LABEL = "app.kubernetes.io/version";

/** Labels of every object that fleet creates on the cluster of `stack`. */
export function fleetLabels(stack: string): Record<string, string> {
  return { [MANAGED_BY_LABEL]: MANAGED_BY, [STACK_LABEL]: stack };
}

/** Labels of every object that fleet creates for one tenant on the cluster of `stack`. */
export function tenantLabels(stack: string, tenant: string): Record<string, string> {
  return { ...fleetLabels(stack), [TENANT_LABEL]: tenant };
}

/**
 * Labels of Flux's own objects: those by which the flux CLI recognises an installation, and those of fleet.
 * @param version Flux version with its `v`: `v2.9.2`. `flux check` reads it from the GitRepository CRD.
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

/** Whether fleet manages an object with these labels. */
export function isManagedByFleet(labels: Readonly<Record<string, string>> | undefined): boolean {
  return labels?.[MANAGED_BY_LABEL] === MANAGED_BY;
}
