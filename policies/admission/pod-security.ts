import type { FleetSpec } from "../../config/fleet-spec.js";
import { cel, specChanges } from "./cel/cel.js";
import { missingSettings } from "./cel/missing-settings.js";
import { podTemplateKinds } from "./cel/pod-template-kinds.js";
import type { PolicyDefinition } from "./cel/policy.js";
import { fromTemplate } from "./cel/principals.js";

/**
 * The policy that applies Pod Security to templates. The API server enforces Pod Security on pods alone: it accepts a
 * Deployment whose pods it then refuses, and the reason stands in the events of a ReplicaSet, where the sync does not
 * look. Here the workload itself is refused, with all its faults, in the status of its sync. It never refuses a template
 * whose pods the newest Pod Security admits.
 *
 * It checks pods too, because the configuration of an API server may exempt users, namespaces and runtime classes from
 * Pod Security, which no policy sees. The label of the namespace has the level in any case. Volumes that only
 * `restricted` refuses are those of `volumes`.
 *
 * Kubernetes' own controllers are exempt. They must be able to scale a ReplicaSet down that is older than the level.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-admission-controller/
 */
export function podSecurity(admission: FleetSpec["admission"]): PolicyDefinition {
  return {
    name: "fleet-pod-security",
    resourceRules: podTemplateKinds(),
    matchConditions: { ...specChanges, "not-from-a-template": `!(${fromTemplate})` },
    variables: missingSettings(admission),
    validations: [
      {
        // A running pod cannot change these settings.
        expression: cel`
          (request.resource.resource == 'pods' && request.operation == 'UPDATE') || variables.faults.size() == 0
        `,
        message:
          "pods must follow Pod Security: set securityContext.allowPrivilegeEscalation: false, capabilities.drop: [ALL], runAsNonRoot: true and seccompProfile.type: RuntimeDefault",
        messageExpression: cel`
          'pods must follow Pod Security ' + variables.level + ': ' + variables.faults.join('; ')
          + (
            variables.missing.size() > variables.faults.size()
            ? '. All that is missing: ' + variables.missing.join('; ')
            : ''
          )
        `,
      },
    ],
  };
}
