import type { FleetSpec } from "../../config/fleet-spec.js";
import { kinds } from "../kinds.js";
import { celList, specChanges } from "./cel/cel.js";
import { createOrUpdate, type PolicyDefinition, type Validation } from "./cel/policy.js";
import { platform } from "./cel/principals.js";

/**
 * The policy on Services that are reached from outside the cluster, past the ingress and its rules, or that lead out of
 * their namespace. An external IP receives the traffic of its owner (CVE-2020-8554). An external name bypasses network
 * policies: an ingress controller follows it with its own network rights, to another tenant's Service or to a port of
 * its own node (CVE-2021-25740). The platform creates such Services for a tenant file's imports, so it passes.
 */
export function exposedServices(allowed: FleetSpec["admission"]["serviceExposure"]): PolicyDefinition {
  const types = ["ClusterIP", ...allowed.filter((exposure) => exposure !== "externalIPs")];
  return {
    name: "fleet-exposed-services",
    resourceRules: createOrUpdate(kinds("", "services")),
    matchConditions: specChanges,
    variables: { type: "object.spec.?type.orValue('ClusterIP')", platform },
    validations: [
      {
        expression: `variables.type in ${celList(types)} || (variables.type == 'ExternalName' && variables.platform)`,
        message: `Services must be of the type ${types.join(" or ")}: change spec.type and expose them by an Ingress, import Services of others (imports in the tenant file), or ask the platform team (fleet:serviceExposure)`,
      },
      ...(allowed.includes("externalIPs") ? [] : [noExternalIPs]),
    ],
  };
}

const noExternalIPs: Validation = {
  expression: "object.spec.?externalIPs.orValue([]).size() == 0",
  message: "Services must not have external IPs: remove spec.externalIPs, and expose them by an Ingress",
};
