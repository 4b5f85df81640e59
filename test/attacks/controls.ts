interface ControlFacts {
  /** Its name in the table. */
  readonly title: string;
  /** Where in the program, or in Flux, it is. */
  readonly where: string;
  /** How the suite removes it. @default - it cannot be removed */
  readonly off?: string;
}

/**
 * Every control that stops a tenant, a closed set. The suite removes them in this order, one after the other.
 */
export const CONTROLS = {
  // The first, because its attack really fills a quota, and others would meet the policy as well.
  "fleet-quota-reserve": admission("quota-reserve"),
  "pods-have-no-rights": {
    title: "RBAC: nothing is bound to the accounts of pods",
    where: "policies/rbac/reconciler.ts",
    off: "the tenant's role is bound to the account",
  },
  "robot-role": {
    title: "RBAC: the robot's role has nothing but Flux's own kinds",
    where: "policies/rbac/robot.ts",
    off: "the tenant's role is bound to the robot",
  },
  "fleet-robots": admission("robots"),
  // Before Pod Security, whose level the policy reads.
  "fleet-pod-security": admission("pod-security"),
  "pod-security": {
    title: "Pod Security `restricted`",
    where: "policies/namespace-metadata.ts",
    off: "the namespace's label says `privileged`",
  },
  "fleet-host-ports": admission("host-ports"),
  "fleet-exposed-services": admission("exposed-services"),
  "fleet-hosts": admission("hosts"),
  "fleet-ingress-reach": admission("ingress-reach"),
  "fleet-paths": admission("paths"),
  "fleet-identities": admission("identities"),
  "fleet-configuration-annotations": admission("configuration-annotations"),
  "fleet-workload-resources": admission("workload-resources"),
  "fleet-images": admission("images"),
  "fleet-platform-accounts": admission("platform-accounts"),
  "fleet-priorities": admission("priorities"),
  "fleet-finalizers": admission("finalizers"),
  "fleet-owner-references": admission("owner-references"),
  "fleet-remains": admission("remains", "termination-and-history"),
  "fleet-nodes": admission("nodes"),
  "fleet-node-agents": admission("node-agents"),
  "fleet-volumes": admission("volumes"),
  "fleet-labels": admission("labels"),
  "fleet-canaries": admission("canaries"),
  "fleet-addon-cert-manager": admission("addon-cert-manager", "addons/addon-policies"),
  "fleet-addon-external-secrets": admission("addon-external-secrets", "addons/addon-policies"),
  "fleet-addon-prometheus-operator": admission("addon-prometheus-operator", "addons/addon-policies"),
  "fleet-addon-keda": admission("addon-keda", "addons/addon-policies"),
  "fleet-reserved-names": admission("reserved-names"),
  "limit-range": {
    title: "LimitRange `tenant`",
    where: "policies/quotas.ts",
    off: "it is emptied",
  },
  quota: { title: "ResourceQuota `tenant`", where: "policies/quotas.ts", off: "it is emptied" },
  "flux-quota": { title: "ResourceQuota `tenant-flux`", where: "policies/quotas.ts", off: "it is emptied" },
  "tenant-role": {
    title: "RBAC: the tenant's role does not have the right",
    where: "policies/rbac/reconciler.ts",
    off: "cluster-admin is bound to the reconciler within the namespace",
  },
  "controller-rights": {
    title: "RBAC: a role for each of Flux's controllers",
    where: "flux/harden/controller-rights.ts",
    off: "the right to write all of Flux's kinds is bound to notification-controller, as Flux is released",
  },
  "fleet-controllers": admission("controllers"),
  "fleet-owned-objects": admission("owned-objects"),
  "fleet-owned-namespaces": admission("owned-namespaces"),
  "fleet-roles": admission("roles"),
  "fleet-role-bindings": admission("role-bindings"),
  "fleet-network-policies": admission("network-policies"),
  "fleet-image-automation": admission("image-automation"),
  "fleet-notifications": admission("notifications"),
  "fleet-notification-secrets": admission("notification-secrets"),
  "fleet-github-apps": admission("github-apps"),
  "fleet-flux-source": admission("flux-source"),
  "fleet-flux-sync": admission("flux-sync"),
  "kustomize-cross-namespace": flag("kustomize-controller", "--no-cross-namespace-refs"),
  "kustomize-default-account": flag("kustomize-controller", "--default-service-account"),
  "git-protocols": {
    title: "no transport for git in kustomize-controller",
    where: "flux/harden/remote-files.ts",
    off: "the variable `GIT_ALLOW_PROTOCOL` is removed",
  },
  "remote-bases": flag("kustomize-controller", "--no-remote-bases"),
  "remote-files": {
    title: "a proxy that leads nowhere in kustomize-controller",
    where: "flux/harden/remote-files.ts",
    off: "the proxy is replaced by one that answers",
  },
  "plain-http": {
    title: "a proxy that leads nowhere in source-controller, for unencrypted requests",
    where: "flux/harden/plain-http.ts",
    off: "the proxy is replaced by one that answers",
  },
  "exec-plugins": {
    title: "no programs in kubeconfigs: kustomize-controller's default",
    where: "flux/harden/controller-settings.ts",
    off: "`--insecure-kubeconfig-exec=true`",
  },
  "helm-cross-namespace": flag("helm-controller", "--no-cross-namespace-refs"),
  "helm-default-account": flag("helm-controller", "--default-service-account"),
  "notification-cross-namespace": flag("notification-controller", "--no-cross-namespace-refs"),
  "chart-size": {
    title: "source-controller's limit for the files of charts, 5 MiB",
    where: "Flux's default of `--helm-chart-file-max-size`",
    off: "the limit is raised to 100 MiB",
  },
  "controllers-without-rights": {
    title: "RBAC: the controllers that apply have no rights of their own",
    where: "flux/harden/impersonation.ts",
    off: "cluster-admin is bound to them, as Flux is released",
  },
  "own-namespace": {
    title: "RBAC: the tenant's role is bound in its own namespace only",
    where: "components/tenant/tenant.ts",
    off: "cluster-admin is bound to the reconciler everywhere",
  },
  "read-only-key": {
    title: "GitHub: the deploy key is read-only",
    where: "components/github/deploy-key.ts",
    off: "the key is registered again, with write access",
  },
  "branch-ruleset": {
    title: "GitHub: the ruleset of the branch that is deployed",
    where: "policies/rulesets.ts",
    off: "the repository's rulesets are removed",
  },
  "key-of-one-repository": {
    title: "GitHub: a deploy key opens one repository",
    where: "components/github/deploy-key.ts",
    off: "the key is registered at that repository instead",
  },
  "platform-ruleset": {
    title: "GitHub: the rulesets of the platform's repository",
    where: "policies/rulesets.ts",
    off: "the rulesets of that repository are removed",
  },
  "key-registration": {
    title: "GitHub: a removed key opens nothing",
    where: "components/github/deploy-key.ts",
    off: "the key is registered again",
  },
  "flux-schema": {
    title: "Flux's API: references to ConfigMaps and Secrets have no namespace",
    where: "Flux's CRDs",
  },
  "secure-file-system": {
    title: "kustomize-controller reads nothing outside the artifact",
    where: "Flux",
  },
  "regular-files": { title: "source-controller leaves symbolic links out of artifacts", where: "Flux" },
  "no-plugins": { title: "kustomize-controller runs no plugins", where: "Flux" },
} as const satisfies Record<string, ControlFacts>;

/** One of {@link CONTROLS}. */
export type ControlId = keyof typeof CONTROLS;

/** Controls that the suite can remove. */
export type SwitchableControl = {
  [Id in ControlId]: (typeof CONTROLS)[Id] extends { readonly off: string } ? Id : never;
}[ControlId];

/** Controls that are built into Flux or Kubernetes. */
export type BuiltInControl = Exclude<ControlId, SwitchableControl>;

/** Every control that the suite removes, in that order. */
export const SWITCH_ORDER: readonly SwitchableControl[] = (Object.keys(CONTROLS) as ControlId[]).filter(isSwitchable);

/** Whether the suite can remove a control. */
export function isSwitchable(control: ControlId): control is SwitchableControl {
  return "off" in CONTROLS[control];
}

/** @param file of policies/admission. @default the policy's name */
function admission<Name extends string, File extends string = Name>(name: Name, file?: File) {
  return {
    title: `admission policy \`fleet-${name}\``,
    where: `policies/admission/${file ?? name}.ts`,
    off: "its binding is deleted",
  } as const;
}

function flag(controller: string, name: string) {
  return {
    title: `${controller} with \`${name}\``,
    where: "flux/harden/flags.ts",
    off: "the argument is removed",
  } as const;
}
