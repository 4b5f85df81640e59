import type { ServiceExposure } from "../../config/stack/admission-schema.js";
import {
  type AdmissionPolicy,
  admissionPolicy,
  celList,
  createOrUpdate,
  type PolicyContext,
  specChanges,
} from "./cel/policy.js";
import { platform } from "./cel/principals.js";

/**
 * Services that are reached from outside the cluster, past the ingress and its rules, or that lead out of the namespace.
 *
 * External addresses are the gravest: whoever sets one gets the traffic of whoever had it (CVE-2020-8554). An external
 * name is a way around everybody's network policy: an ingress controller goes wherever the name leads, with its own
 * rights in the network, be it to another tenant's Service or to a port of its own node (CVE-2021-25740). The platform
 * makes such Services for what a tenant's file imports, so it passes.
 * @see https://github.com/kubernetes/kubernetes/issues/97076
 * @see https://github.com/kubernetes/kubernetes/issues/103675
 */
export function exposedServices({ labels, mode }: PolicyContext, allowed: readonly ServiceExposure[]): AdmissionPolicy {
  const types = ["ClusterIP", ...allowed.filter((way) => way !== "externalIPs")];
  return admissionPolicy({
    name: "fleet-exposed-services",
    labels,
    mode,
    resourceRules: [createOrUpdate("", ["services"])],
    matchConditions: [specChanges],
    variables: [{ name: "type", expression: "object.spec.?type.orValue('ClusterIP')" }, platform],
    validations: [
      {
        expression: `variables.type in ${celList(types)} || (variables.type == 'ExternalName' && variables.platform)`,
        message: `Services must be of the type ${types.join(" or ")}: change spec.type and expose them by an Ingress, import what is elsewhere (imports in the tenant's file), or ask the platform team (fleet:serviceExposure)`,
      },
      ...(allowed.includes("externalIPs")
        ? []
        : [
            {
              expression: "object.spec.?externalIPs.orValue([]).size() == 0",
              message: "Services must not claim addresses: remove spec.externalIPs, and expose them by an Ingress",
            },
          ]),
    ],
  });
}
