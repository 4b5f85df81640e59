import type { FleetSpec } from "../../config/fleet-spec.js";
import { kinds } from "../kinds.js";
import { cel, celList, specChanges } from "./cel/cel.js";
import { createOrUpdate, type Expressions, type PolicyDefinition, type Validation } from "./cel/policy.js";
import { platform } from "./cel/principals.js";

type Settings = Pick<FleetSpec["admission"], "serviceExposure" | "loadBalancerClasses">;
type Exposure = Settings["serviceExposure"][number];

/** Exposures that are types of Services. The others are fields. */
const exposedTypes: readonly Exposure[] = ["NodePort", "LoadBalancer", "ExternalName"];

/**
 * The policy on Services that are reached from outside the cluster, past the ingress and its rules, that lead out of
 * their namespace, or that choose their address. An external IP receives the traffic of its owner (CVE-2020-8554). An
 * external name bypasses network policies: an ingress controller follows it with its own network rights, to another
 * tenant's Service or to a port of its own node (CVE-2021-25740). The platform creates such Services for a tenant
 * file's imports, so it passes. An address of choice may be one that others still connect to, or that is kept for them.
 */
export function exposedServices({ serviceExposure, loadBalancerClasses }: Settings): PolicyDefinition {
  const types = ["ClusterIP", ...exposedTypes.filter((type) => serviceExposure.includes(type))];
  const fields: Partial<Record<Exposure, Validation>> = { externalIPs: noExternalIPs, loadBalancerIP, clusterIP };
  const refused = Object.entries(fields).filter(([field]) => !serviceExposure.includes(field as Exposure));
  return {
    name: "fleet-exposed-services",
    resourceRules: createOrUpdate(kinds("", "services")),
    matchConditions: specChanges,
    variables: { type: "object.spec.?type.orValue('ClusterIP')", platform, ...addresses },
    validations: [
      {
        expression: `variables.type in ${celList(types)} || (variables.type == 'ExternalName' && variables.platform)`,
        message: `Services must be of the type ${types.join(" or ")}: change spec.type and expose them by an Ingress, import Services of others (imports in the tenant file), or ask the platform team (fleet:serviceExposure)`,
      },
      loadBalancerClass(loadBalancerClasses),
      ...refused.map(([, validation]) => validation),
    ],
  };
}

const noExternalIPs: Validation = {
  expression: "object.spec.?externalIPs.orValue([]).size() == 0",
  message: "Services must not have external IPs: remove spec.externalIPs, and expose them by an Ingress",
};

const loadBalancerIP: Validation = {
  expression: "object.spec.?loadBalancerIP.orValue('') == ''",
  message:
    "Services must not choose the address of their load balancer, because it may be kept for others: remove spec.loadBalancerIP, or ask the platform team (fleet:serviceExposure)",
};

function loadBalancerClass(classes: readonly string[]): Validation {
  const otherwise = classes.length === 0 ? "" : `set it to one of ${classes.join(", ")}, or `;
  return {
    expression: `object.spec.?loadBalancerClass.orValue('') in ${celList(["", ...classes])}`,
    message: `load balancers must be those that the platform offers: remove spec.loadBalancerClass, or ${otherwise}ask the platform team (fleet:loadBalancerClasses)`,
  };
}

/**
 * The API server assigns addresses before it evaluates policies, so an assigned address and a chosen one look alike. But
 * it lists the fields of a request before that: an address is chosen if it is a managed field. A client can neither
 * remove a field of its request from that list, nor create an object without the list.
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.0/staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go
 */
const addresses: Expressions = {
  getsAddress: cel`
    request.operation == 'CREATE'
    || object.spec.?clusterIPs.orValue([]).size() > oldObject.spec.?clusterIPs.orValue([]).size()
  `,
  managedFields: "object.metadata.?managedFields.orValue([])",
};

const clusterIP: Validation = {
  expression: cel`
    !variables.getsAddress
    || object.spec.?clusterIP.orValue('') in ['', 'None']
    || (
      variables.managedFields.size() > 0
      && variables.managedFields.all(
        entry,
        ['f:clusterIP', 'f:clusterIPs'].all(field, !(field in entry.?fieldsV1[?'f:spec'].orValue({})))
      )
    )
    || variables.platform
  `,
  message:
    "Services must not choose their address, because others may still use it: remove spec.clusterIP (also an empty one) and spec.clusterIPs, or set spec.clusterIP to None; or ask the platform team (fleet:serviceExposure)",
};
