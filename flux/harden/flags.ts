import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import type { ControllerTraits } from "../release/controllers.js";
import { flagNames, flagValues, parseFlag, removeFeatureGate, setFeatureGate, setFlag } from "./arguments.js";
import { mapManagers } from "./deployment.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "flags";

/**
 * Whom kustomize-controller and helm-controller impersonate when an object names no service account.
 *
 * `default` exists in every namespace from the moment that the namespace does, and nothing is bound to it: an object
 * that forgets its service account is refused by the API server, in its own status, and not applied with Flux's rights.
 * A name that exists nowhere would be refused as well, but with an error that does not tell the reader what to change.
 * @see https://fluxcd.io/flux/installation/configuration/multitenancy/
 */
export const UNPRIVILEGED_ACCOUNT = "default";

/**
 * Locks the controllers down against each other's tenants, and sets what the stack chooses for all of them.
 *
 * Every flag is on the command line exactly once: given twice, the last one would win, and a reader could miss it.
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
    // Without source-watcher nobody makes an ExternalArtifact but a tenant, by hand.
    if (!context.selected.includes("source-watcher")) next = removeFeatureGate(next, EXTERNAL_ARTIFACT_GATE);
    if (traits.appliesInStages) next = setFlag(next, "custom-apply-stage-kinds", ROLES_FIRST);
    if (traits.cancelsHealthChecks) next = setFeatureGate(next, CANCEL_HEALTH_CHECK_GATE, "true");
    return { ...container, args: [...next] };
  });
}

/** Feature gate that lets kustomize-controller and helm-controller take what source-watcher makes. */
export const EXTERNAL_ARTIFACT_GATE = "ExternalArtifact";

/**
 * Kinds that kustomize-controller applies before the rest.
 *
 * Each object is tried out before anything is applied, and the API server takes a binding from somebody who is no
 * administrator only once its Role is there: a tenant that pushes both would never get either.
 * @see https://github.com/fluxcd/kustomize-controller/issues/748
 */
const ROLES_FIRST = "rbac.authorization.k8s.io/Role";

/**
 * Feature gate that lets a new revision end the wait for the workloads of the one before.
 *
 * Every tenant's sync waits for its workloads. Without the gate, a team whose push never becomes ready waits out the
 * whole time-out before its correction is even looked at.
 */
export const CANCEL_HEALTH_CHECK_GATE = "CancelHealthCheckOnNewRevision";

/** What keeps tenants apart; a controller exits when it is given a flag that it does not know. */
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
