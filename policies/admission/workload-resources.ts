import type { FleetSpec } from "../../config/fleet-spec.js";
import { cel, celList, specChanges } from "./cel/cel.js";
import { computeResources, hasLimits, missingSettings, withMissingSettings } from "./cel/missing-settings.js";
import { podTemplateKinds } from "./cel/pod-template-kinds.js";
import type { PolicyDefinition } from "./cel/policy.js";

/** A node's disk: containers' files, their logs, and their pod's empty directories. */
const disk = "ephemeral-storage";

/**
 * The policy on resources of tenants' containers: declared, and above zero. To the kubelet a limit of zero is no limit,
 * and to the quota and the limit range it is zero: the container could take the whole node for free.
 *
 * Policies see pods after the limit range has set its defaults. Missing limits are therefore refused in templates only,
 * and only where a stack requires them; a pod without limits is in a namespace whose limit range is gone. Disk may
 * always be left to the limit range, because few authors know how much disk a container needs. Only limits are checked:
 * Kubernetes sets a missing request to the limit. Ephemeral containers cannot have resources. A quota bounds only the
 * resources that it names, so containers may not request any others, GPUs or huge pages for instance.
 * @param admission.workloadResources `required`: every template declares limits; `defaulted`: a template may leave them
 *   to the limit range
 * @param admission.extendedResources resources beside CPU, memory and disk that the stack's quotas count
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/#resource-quota-for-extended-resources
 */
export function workloadResources(admission: FleetSpec["admission"]): PolicyDefinition {
  const { workloadResources: limits, extendedResources: extended } = admission;
  const counted = [...computeResources, disk, ...Object.keys(extended)];
  const declared = `variables.limited || ${containersHaveLimits(computeResources, "0")}`;
  const notZero = containersHaveLimits(computeResources, "1");
  return {
    name: "fleet-workload-resources",
    resourceRules: podTemplateKinds("resize"),
    matchConditions: specChanges,
    variables: {
      ...missingSettings(admission),
      limited: hasLimits("variables.pod", computeResources, "0"),
      counted: celList(counted),
      takers: "variables.containers + [variables.pod]",
    },
    validations: [
      withMissingSettings({
        expression: limits === "required" ? declared : `request.resource.resource == 'pods' ? ${declared} : ${notZero}`,
        message:
          "containers must declare limits: set resources.limits.cpu and resources.limits.memory, above zero, on every container and init container, or both in spec.resources of the pod; requests are the same unless you set them",
      }),
      {
        expression: containersHaveLimits([disk], "1"),
        message: `a limit of zero is no limit: set resources.limits.${disk} above zero, or leave it to the limit range`,
      },
      {
        expression: cel`
          variables.takers.all(
            taker,
            ['limits', 'requests'].all(list, taker.?resources[?list].orValue({}).all(name, name in variables.counted))
          )
        `,
        message: `containers may only use resources that a quota counts: remove requests and limits of anything but ${counted.join(", ")}, or ask the platform team (fleet:extendedResources)`,
      },
    ],
  };
}

function containersHaveLimits(names: readonly string[], missing: string): string {
  return `variables.containers.all(container, ${hasLimits("container", names, missing)})`;
}
