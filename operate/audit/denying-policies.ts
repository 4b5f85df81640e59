import { z } from "zod";
import type { AuditedCluster } from "./audited-cluster.js";
import type { AuditFinding } from "./finding.js";

const bindingSpec = z.object({ policyName: z.string(), validationActions: z.array(z.string()).default([]) });

/** Names that a text has, of policies and the like. */
const mostNames = 3;

/**
 * The names of the ValidatingAdmissionPolicies that are bound to refuse requests. An audit does not evaluate them: that needs
 * the requests of each step.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#validation-actions
 */
export function denyingPolicies({ ValidatingAdmissionPolicyBinding: bindings = [] }: AuditedCluster): string[] {
  const specs = bindings.map(({ spec }) => bindingSpec.parse(spec));
  const denying = specs.filter(({ validationActions }) => validationActions.includes("Deny"));
  return [...new Set(denying.map(({ policyName }) => policyName))].sort();
}

/** A finding that follows from rights alone, with the policies that may refuse what the rights allow. */
export function withDenyingPolicies(finding: AuditFinding, policies: readonly string[]): AuditFinding {
  if (policies.length === 0) return finding;
  const further = policies.length - mostNames;
  const names = [...policies.slice(0, mostNames), ...(further > 0 ? [`${further} more`] : [])].join(", ");
  const note =
    policies.length === 1
      ? `the ValidatingAdmissionPolicy ${names} is bound, and may refuse a step that these rights allow`
      : `ValidatingAdmissionPolicies are bound (${names}), and may refuse a step that these rights allow`;
  return { ...finding, detail: `${finding.detail}; ${note}` };
}
