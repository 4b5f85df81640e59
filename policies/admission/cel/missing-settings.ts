import type { FleetSpec } from "../../../config/fleet-spec.js";
import { cel, celList, celString } from "./cel.js";
import type { Expressions, Validation } from "./policy.js";
import { listOf, type Rule, securityFaults, textsOf } from "./security-faults.js";

type Settings = Pick<FleetSpec["admission"], "images" | "workloadResources">;

/** Resources whose limits a stack may require. */
export const computeResources: readonly string[] = ["cpu", "memory"];

/** CEL that is true when all of these limits of a container or pod are above zero. An absent one is `missing`. */
export function hasLimits(subject: string, names: readonly string[], missing: string): string {
  return cel`
    ${celList(names)}.all(
      name,
      quantity(string(${subject}.?resources.?limits[?name].orValue('${missing}'))).isGreaterThan(quantity('0'))
    )
  `;
}

/**
 * Variables about the settings that a pod lacks: `missing`, a list of fixes. The API server answers with the message of
 * one policy, whichever it is. So the three policies that an ordinary Deployment breaks each name the fixes of all, and
 * its author needs one push instead of one for each policy.
 */
export function missingSettings({ images, workloadResources }: Settings): Expressions {
  const limits: Rule = [
    "set resources.limits.cpu and resources.limits.memory",
    cel`
      ${hasLimits("variables.pod", computeResources, "0")}
      ? ''
      : variables.containers.filter(one, !${hasLimits("one", computeResources, "0")}).map(one, one.name).join(', ')
    `,
  ];
  const pull: Rule = [
    "set imagePullPolicy: Always",
    "variables.containers.filter(one, one.?imagePullPolicy.orValue('') != 'Always').map(one, one.name).join(', ')",
  ];
  const rules = [
    ...(workloadResources === "required" ? [limits] : []),
    ...(images.pullPolicy === "Always" ? [pull] : []),
  ];
  return { ...securityFaults, unset: listOf(rules), missing: `${textsOf("variables.unset")} + variables.faults` };
}

/** A validation whose message also lists everything else that the pod lacks. Needs {@link missingSettings}. */
export function withMissingSettings({ expression, message }: Validation): Validation {
  const messageExpression = cel`
    ${celString(message)}
    + (variables.missing.size() > 1 ? '. All that is missing: ' + variables.missing.join('; ') : '')
  `;
  return { expression, message, messageExpression };
}
