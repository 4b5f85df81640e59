import type { ServiceExposure } from "../../stacks/admission-config.js";
import { type AdmissionPolicy, admissionPolicy, celList, type PolicyContext, specChanges } from "./policy.js";

/**
 * Services that are reached from outside the cluster, past the ingress and its rules.
 *
 * External addresses are the gravest: whoever sets one gets the traffic of whoever had it (CVE-2020-8554).
 * @see https://github.com/kubernetes/kubernetes/issues/97076
 */
export function exposedServices({ labels, mode }: PolicyContext, allowed: readonly ServiceExposure[]): AdmissionPolicy {
  const types = ["ClusterIP", "ExternalName", ...allowed.filter((way) => way !== "externalIPs")];
  return admissionPolicy({
    name: "fleet-exposed-services",
    labels,
    mode,
    rules: [
      {
        apiGroups: [""],
        apiVersions: ["*"],
        resources: ["services"],
        operations: ["CREATE", "UPDATE"],
        scope: "Namespaced",
      },
    ],
    conditions: [specChanges],
    demands: [
      {
        expression: `object.spec.?type.orValue('ClusterIP') in ${celList(types)}`,
        message: `Services must be of the type ${types.join(" or ")}: change spec.type and expose them by an Ingress, or ask the platform team (fleet:serviceExposure)`,
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
