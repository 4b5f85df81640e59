import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import type { ControllerTraits } from "../release/controllers.js";
import { flagNames, flagValues, parseFlag, removeFeatureGate, setFeatureGate, setFlag } from "./arguments.js";
import { mapManagers } from "./deployment.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "flags";

/**
 * The service account that kustomize-controller and helm-controller impersonate for an object that names none.
 *
 * `default` exists in every namespace from the start and has no rights. The API server refuses such an object in its
 * own status, and it is not applied with Flux's rights. The error for an account that does not exist would not explain
 * the fix.
 * @see https://fluxcd.io/flux/installation/configuration/multitenancy/
 */
export const UNPRIVILEGED_ACCOUNT = "default";

/**
 * Sets the flags that isolate tenants, and those that the stack chooses for all controllers.
 *
 * Every flag is given exactly once, because the last of several would win, unseen.
 */
export function setFlags(objects: readonly KubernetesObject[], context: HardenContext): KubernetesObject[] {
  return mapManagers(objects, context, step, ({ traits, container }, deployment) => {
    const fail = (message: string) => unexpectedManifest(context, step, objectName(deployment), message);
    const { args = [] } = container;
    for (const argument of args) {
      if (!parseFlag(argument)) throw fail(`the argument ${argument} is not of the form --name=value`);
    }
    const once = (name: string): string => {
      const [value, ...more] = flagValues(args, name);
      if (value === undefined) throw fail(`expected the argument --${name}`);
      if (more.length > 0) throw fail(`the argument --${name} is there more than once`);
      return value;
    };
    for (const name of new Set(flagNames(args))) {
      if (name !== "feature-gates") once(name);
    }

    let next: readonly string[] = args;
    once("watch-all-namespaces");
    next = setFlag(next, "watch-all-namespaces", "true");
    once("log-level");
    next = setFlag(next, "log-level", context.settings.logLevel);
    for (const name of addressFlags(traits)) {
      const address = inDomain(once(name), context.settings.clusterDomain);
      if (address === undefined) throw fail(`expected the domain svc.cluster.local in --${name}=${once(name)}`);
      next = setFlag(next, name, address);
    }
    for (const [name, value] of lockdown(traits)) next = setFlag(next, name, value);
    // Without source-watcher only a tenant could create an ExternalArtifact.
    if (!context.selected.includes("source-watcher")) next = removeFeatureGate(next, EXTERNAL_ARTIFACT_GATE);
    if (traits.appliesInStages) next = setFlag(next, "custom-apply-stage-kinds", ROLES_FIRST);
    if (traits.cancelsHealthChecks) next = setFeatureGate(next, CANCEL_HEALTH_CHECK_GATE, "true");
    return { ...container, args: [...next] };
  });
}

/** Feature gate with which kustomize-controller and helm-controller accept source-watcher's artifacts. */
export const EXTERNAL_ARTIFACT_GATE = "ExternalArtifact";

/**
 * Kinds that kustomize-controller applies before the others.
 *
 * kustomize-controller dry-runs each object before it applies any. The API server accepts a binding from an account
 * without admin rights only once the Role exists, so that a tenant that pushes both would never get either.
 * @see https://github.com/fluxcd/kustomize-controller/issues/748
 */
const ROLES_FIRST = "rbac.authorization.k8s.io/Role";

/**
 * Feature gate with which a new revision cancels the health checks of the previous one.
 *
 * Every tenant's sync waits for its workloads. Without the gate, a fix is reconciled only after the timeout of the
 * broken revision.
 */
export const CANCEL_HEALTH_CHECK_GATE = "CancelHealthCheckOnNewRevision";

/** The flags that isolate tenants. A controller exits when it is given a flag that it does not know. */
function lockdown(traits: ControllerTraits): (readonly [name: string, value: string])[] {
  return [
    // An object may refer to sources, providers and policies of its own namespace only.
    ...(traits.crossNamespaceFlag ? [["no-cross-namespace-refs", "true"] as const] : []),
    // A kustomization may not read bases that no GitRepository has verified; remote-files.ts closes what this leaves.
    ...(traits.remoteBasesFlag ? [["no-remote-bases", "true"] as const] : []),
    ...(traits.impersonates ? [["default-service-account", UNPRIVILEGED_ACCOUNT] as const] : []),
  ];
}

/** Flags whose value holds the cluster's domain. */
function addressFlags(traits: ControllerTraits): string[] {
  return [...(traits.sendsEvents ? ["events-addr"] : []), ...(traits.servesArtifacts ? ["storage-adv-addr"] : [])];
}

/** An address of a Service with another cluster domain; undefined when there is no `cluster.local` to replace. */
function inDomain(address: string, domain: string): string | undefined {
  const pattern = /\.svc\.cluster\.local(?=\.?(?:\/|$))/;
  return pattern.test(address) ? address.replace(pattern, `.svc.${domain}`) : undefined;
}
