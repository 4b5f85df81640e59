import { flagNames, flagValues, parseFlag, setFeatureGates, setFlag } from "./arguments.js";
import { containerStep } from "./controller.js";

/**
 * The flags that isolate tenants, by the trait of the controllers that take them. A controller exits when it is given a
 * flag that it does not know.
 */
const isolation = [
  // An object may refer to sources, providers and policies of its own namespace only.
  ["crossNamespaceFlag", "no-cross-namespace-refs", "true"],
  // A kustomization may not read bases that no GitRepository has verified; remote-files.ts closes what this leaves.
  ["remoteBasesFlag", "no-remote-bases", "true"],
  // The account of an object that names none. It exists in every namespace and has no rights, so the API server's refusal
  // in the object's status explains the fix. See https://fluxcd.io/flux/installation/configuration/multitenancy/
  ["impersonates", "default-service-account", "default"],
  // Every object is dry-run before any is applied, and the API server accepts a binding from an account without admin
  // rights only once its Role exists. Otherwise a tenant that pushes both would never get either.
  // See https://github.com/fluxcd/kustomize-controller/issues/748
  ["appliesInStages", "custom-apply-stage-kinds", "rbac.authorization.k8s.io/Role"],
] as const;

/** Flags whose value holds the cluster's domain, by trait. */
const addresses = [
  ["sendsEvents", "events-addr"],
  ["servesArtifacts", "storage-adv-addr"],
] as const;

const releasedDomain = /\.svc\.cluster\.local(?=\.?(?:\/|$))/;

/** Feature gate with which kustomize-controller and helm-controller accept source-watcher's artifacts. */
export const EXTERNAL_ARTIFACT_GATE = "ExternalArtifact";

/**
 * Sets the flags that isolate tenants, and those that the stack chooses for all controllers. Every flag is given exactly
 * once, because the last of several would win, unseen.
 */
export const setFlags = containerStep(({ has, args, unexpected }, { settings }) => {
  const malformed = args.find((argument) => !parseFlag(argument));
  if (malformed !== undefined) throw unexpected(`the argument ${malformed} is not of the form --name=value`);
  const repeated = flagNames(args).find((name) => name !== "feature-gates" && flagValues(args, name).length > 1);
  if (repeated) throw unexpected(`the argument --${repeated} is there more than once`);

  let next: readonly string[] = args;
  const replace = (name: string, change: (released: string) => string): void => {
    const [released] = flagValues(args, name);
    if (released === undefined) throw unexpected(`expected the argument --${name}`);
    next = setFlag(next, name, change(released));
  };
  replace("watch-all-namespaces", () => "true");
  replace("log-level", () => settings.logLevel);
  for (const [trait, name] of addresses) {
    if (!has(trait)) continue;
    replace(name, (address) => {
      if (releasedDomain.test(address)) return address.replace(releasedDomain, `.svc.${settings.clusterDomain}`);
      throw unexpected(`expected the domain svc.cluster.local in --${name}=${address}`);
    });
  }
  for (const [trait, name, value] of isolation) {
    if (has(trait)) next = setFlag(next, name, value);
  }
  // source-watcher is never installed, so only a tenant could create an ExternalArtifact.
  next = setFeatureGates(next, { [EXTERNAL_ARTIFACT_GATE]: undefined });
  // Otherwise a fix is reconciled only after the health checks of the broken revision have timed out.
  if (has("cancelsHealthChecks")) next = setFeatureGates(next, { CancelHealthCheckOnNewRevision: "true" });
  return { args: [...next] };
});
