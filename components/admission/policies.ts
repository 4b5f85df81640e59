import type { FleetSpec } from "../../stacks/schema.js";
import { fleetLabels } from "../labels.js";
import { canaries } from "./canaries.js";
import { exposedServices } from "./exposed-services.js";
import { fluxSource } from "./flux-source.js";
import { fluxSync } from "./flux-sync.js";
import { hostPorts } from "./host-ports.js";
import { identities } from "./identities.js";
import { ownedNamespaces } from "./owned-namespaces.js";
import { ownedObjects } from "./owned-objects.js";
import type { AdmissionPolicy, PolicyContext } from "./policy.js";

/** The part of a stack that decides what its admission policies say. */
export type AdmissionSpec = Pick<FleetSpec, "stack" | "github" | "admission"> & {
  readonly platform: Pick<FleetSpec["platform"], "offers">;
};

/** Every policy that the stack's files alone decide. */
export function fixedPolicies(spec: AdmissionSpec): readonly AdmissionPolicy[] {
  const context = contextOf(spec);
  return [
    ownedObjects(context),
    ownedNamespaces(context),
    fluxSync(context),
    hostPorts(context),
    exposedServices(context, spec.admission.serviceExposure),
    identities(context, spec.admission.identityAnnotations),
    ...(spec.platform.offers.includes("flagger") ? [canaries(context)] : []),
  ];
}

/**
 * The policy on sources.
 *
 * @param cloneHost host, with its port if any, of the URLs that the program itself gives to tenants' sources: as
 *   GitHub's API tells it, which need not be the host of that API. @default - not known yet
 */
export function sourcePolicy(spec: AdmissionSpec, cloneHost?: string): AdmissionPolicy {
  const { github, admission } = spec;
  const gitHubHosts = [github.host, ...(cloneHost === undefined ? [] : [cloneHost])];
  return fluxSource(contextOf(spec), {
    hosts: [...gitHubHosts, ...admission.sourceHosts],
    gitHubHosts,
    owners: [github.owner, ...admission.sourceOwners],
  });
}

function contextOf({ stack, admission }: AdmissionSpec): PolicyContext {
  return { labels: fleetLabels(stack), mode: admission.mode };
}
