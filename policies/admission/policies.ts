import type { FleetSpec } from "../../config/fleet-spec.js";
import { addonPolicies } from "./addons/addon-policies.js";
import { type AdmissionPolicy, admissionPolicy } from "./cel/policy.js";
import { configurationAnnotations } from "./configuration-annotations.js";
import { controllers } from "./controllers.js";
import { exposedServices } from "./exposed-services.js";
import { finalizers } from "./finalizers.js";
import { fluxSource } from "./flux-source.js";
import { fluxSync } from "./flux-sync.js";
import { gitHubApps } from "./github-apps.js";
import { hostPorts } from "./host-ports.js";
import { hosts } from "./hosts.js";
import { identities } from "./identities.js";
import { imageAutomation } from "./image-automation.js";
import { images } from "./images.js";
import { ingressReach } from "./ingress-reach.js";
import { labels } from "./labels.js";
import { networkPolicies } from "./network-policies.js";
import { nodeAgents } from "./node-agents.js";
import { nodes } from "./nodes.js";
import { notificationSecrets } from "./notification-secrets.js";
import { notifications } from "./notifications.js";
import { ownedNamespaces } from "./owned-namespaces.js";
import { ownedObjects } from "./owned-objects.js";
import { ownerReferences } from "./owner-references.js";
import { paths } from "./paths.js";
import { platformAccounts } from "./platform-accounts.js";
import { podSecurity } from "./pod-security.js";
import { priorities } from "./priorities.js";
import { quotaReserve } from "./quota-reserve.js";
import { reservedNames } from "./reserved-names.js";
import { robots } from "./robots.js";
import { roleBindings } from "./role-bindings.js";
import { roles } from "./roles.js";
import { shards } from "./shards.js";
import { terminationAndHistory } from "./termination-and-history.js";
import { volumes } from "./volumes.js";
import { workloadResources } from "./workload-resources.js";

/** All policies that the stack's files alone decide. */
export function fixedPolicies(spec: FleetSpec): readonly AdmissionPolicy[] {
  const { admission } = spec;
  const definitions = [
    ownedObjects,
    ownedNamespaces,
    controllers,
    fluxSync,
    hostPorts,
    podSecurity(admission),
    exposedServices(admission),
    ...(admission.hosts === "listed" ? [hosts] : []),
    ingressReach(spec.flux.clusterDomain, admission.annotations, spec.platform.addons),
    paths,
    workloadResources(admission),
    images(admission),
    platformAccounts,
    priorities(admission.priorityClasses),
    finalizers,
    labels(admission),
    ownerReferences,
    terminationAndHistory,
    nodes(admission),
    nodeAgents(admission),
    volumes(admission),
    roles(spec.platform.addons),
    roleBindings,
    networkPolicies,
    identities(admission.identityAnnotations, admission.annotations),
    configurationAnnotations(admission.annotations),
    notifications(spec),
    ...(admission.secretAddresses === "public" ? [notificationSecrets(admission)] : []),
    imageAutomation(spec),
    gitHubApps(spec.github.host),
    ...addonPolicies(spec),
    robots,
    quotaReserve(Object.keys(spec.common.configMaps).length > 0),
    reservedNames,
    ...(spec.flux.shards.length > 0 ? [shards] : []),
  ];
  return definitions.map((definition) => admissionPolicy(spec, definition));
}

/**
 * The policy on sources.
 * @param cloneHost host, with its port if any, of GitHub's clone URLs, which may differ from its API's. @default - not
 *   known
 */
export function sourcePolicy(spec: FleetSpec, cloneHost?: string): AdmissionPolicy {
  return admissionPolicy(spec, fluxSource(spec, cloneHost));
}
