import type { WorkloadResources } from "../../stacks/admission-config.js";
import { containers, pod, podMakers } from "./pod-makers.js";
import { type AdmissionPolicy, admissionPolicy, type PolicyContext, specChanges } from "./policy.js";

/**
 * What containers take of their node: said, and more than nothing.
 *
 * A limit of zero is none to the kubelet, but a limit to the quota and to the limit range: it counts as nothing there,
 * and the container takes the whole node. So zero is refused whatever the stack says.
 *
 * Pods are judged after the limit range gave its defaults. What declares nothing is therefore refused in a workload's
 * template only, and only where a stack demands that it be declared; a pod that comes without limits even so is in a
 * namespace whose limit range is gone.
 *
 * Limits alone are looked at: Kubernetes makes a request that is left out equal to the limit. Ephemeral containers
 * cannot have resources.
 * @param demanded `required`: in every template; `defaulted`: templates may leave them to the limit range
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
 */
export function workloadResources({ labels, mode }: PolicyContext, demanded: WorkloadResources): AdmissionPolicy {
  const declared = `variables.limited || variables.containers.all(container, ${limited("container", "0")})`;
  const truthful = `variables.containers.all(container, ${limited("container", "1")})`;
  return admissionPolicy({
    name: "fleet-workload-resources",
    labels,
    mode,
    rules: podMakers(["resize"]),
    conditions: [specChanges],
    variables: [pod, containers, { name: "limited", expression: limited("variables.pod", "0") }],
    demands: [
      {
        expression:
          demanded === "required" ? declared : `request.resource.resource == 'pods' ? ${declared} : ${truthful}`,
        message:
          "containers must say what they take: set resources.limits.cpu and resources.limits.memory, above zero, on every container and init container, or both in spec.resources of the pod; requests are the same unless you set them",
      },
    ],
  });
}

/** CEL that is true when both limits of something with `resources` are above zero. @param absent what a missing one is */
function limited(what: string, absent: string): string {
  return `['cpu', 'memory'].all(name, quantity(string(${what}.?resources.?limits[?name].orValue('${absent}'))).isGreaterThan(quantity('0')))`;
}
