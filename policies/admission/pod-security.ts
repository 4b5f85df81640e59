import type { FleetSpec } from "../../config/fleet-spec.js";
import { cel, specChanges } from "./cel/cel.js";
import { missingSettings } from "./cel/missing-settings.js";
import { templateKinds } from "./cel/pod-template-kinds.js";
import type { PolicyDefinition } from "./cel/policy.js";
import { fromTemplate } from "./cel/principals.js";

/**
 * The policy that applies Pod Security to templates. The API server enforces Pod Security on pods alone: it accepts a
 * Deployment whose pods it then refuses, and the reason stands in the events of a ReplicaSet, where the sync does not
 * look. Here the workload itself is refused, with all its faults, in the status of its sync. It isolates nothing that
 * Pod Security does not, so it knows the rules that ordinary workloads break; the others are refused later. In doubt it
 * allows: it must never refuse a template whose pods Pod Security admits.
 *
 * Kubernetes' own controllers are exempt. They must be able to scale a ReplicaSet down that is older than the level.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function podSecurity(admission: FleetSpec["admission"]): PolicyDefinition {
  return {
    name: "fleet-pod-security",
    resourceRules: templateKinds,
    matchConditions: { ...specChanges, "not-from-a-template": `!(${fromTemplate})` },
    variables: missingSettings(admission),
    validations: [
      {
        expression: "variables.faults.size() == 0",
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
