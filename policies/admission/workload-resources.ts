import type { ExtendedResources, WorkloadResources } from "../../config/stack/admission-schema.js";
import { containers, pod, podTemplateKinds } from "./cel/pod-template-kinds.js";
import { type AdmissionPolicy, admissionPolicy, celList, type PolicyContext, specChanges } from "./cel/policy.js";

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
 * Disk may be left to the limit range whatever the stack says: hardly anybody knows it of his own containers.
 *
 * Limits alone are looked at: Kubernetes makes a request that is left out equal to the limit. Ephemeral containers
 * cannot have resources.
 *
 * What no quota counts, nobody may ask for: a quota bounds those resources alone that it names, and whoever asks for
 * others, for GPUs or for huge pages, could have all that there are.
 * @param demanded `required`: in every template; `defaulted`: templates may leave them to the limit range
 * @param rules.extended resources beside CPU, memory and disk that the stack's quotas name
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/#resource-quota-for-extended-resources
 */
export function workloadResources(
  { labels, mode }: PolicyContext,
  rules: { readonly demanded: WorkloadResources; readonly extended: ExtendedResources },
): AdmissionPolicy {
  const declared = `variables.limited || variables.containers.all(container, ${limited("container", computeResources, "0")})`;
  const truthful = `variables.containers.all(container, ${limited("container", computeResources, "1")})`;
  const counted = [...computeResources, disk, ...Object.keys(rules.extended)];
  return admissionPolicy({
    name: "fleet-workload-resources",
    labels,
    mode,
    resourceRules: podTemplateKinds(["resize"]),
    matchConditions: [specChanges],
    variables: [
      pod,
      containers,
      { name: "limited", expression: limited("variables.pod", computeResources, "0") },
      { name: "counted", expression: celList(counted) },
      { name: "takers", expression: "variables.containers + [variables.pod]" },
    ],
    validations: [
      {
        expression:
          rules.demanded === "required" ? declared : `request.resource.resource == 'pods' ? ${declared} : ${truthful}`,
        message:
          "containers must say what they take: set resources.limits.cpu and resources.limits.memory, above zero, on every container and init container, or both in spec.resources of the pod; requests are the same unless you set them",
      },
      {
        expression: `variables.containers.all(container, ${limited("container", [disk], "1")})`,
        message: `a limit of zero is none: set resources.limits.${disk} above zero, or leave it to the limit range`,
      },
      {
        expression:
          "variables.takers.all(taker, ['limits', 'requests'].all(list, taker.?resources[?list].orValue({}).all(name, name in variables.counted)))",
        message: `containers may take what a quota counts: remove requests and limits of anything but ${counted.join(", ")}, or ask the platform team (fleet:extendedResources)`,
      },
    ],
  });
}

/** Resources that a stack may demand to be declared. */
const computeResources: readonly string[] = ["cpu", "memory"];

/** Disk of the node: what a container writes, its logs, and its pod's empty directories. */
const disk = "ephemeral-storage";

/** CEL that is true when limits of something with `resources` are above zero. @param absent what a missing one is */
function limited(what: string, names: readonly string[], absent: string): string {
  return `${celList(names)}.all(name, quantity(string(${what}.?resources.?limits[?name].orValue('${absent}'))).isGreaterThan(quantity('0')))`;
}
