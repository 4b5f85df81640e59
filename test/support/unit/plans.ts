import type { PlannedResource, StackPlan } from "../../../review/planned-resource.js";
import { fleetSpec } from "./spec.js";

/** A planned Kubernetes object. @param type without `kubernetes:`, such as `core/v1:Namespace` */
export function planned(
  type: string,
  metadata: { readonly name: string; readonly [field: string]: unknown },
  inputs: Readonly<Record<string, unknown>> = {},
  options: Partial<PlannedResource> = {},
): PlannedResource {
  const name = [metadata.namespace, metadata.name, type].filter((part) => part !== undefined).join(".");
  return { name, type: `kubernetes:${type}`, parent: "", dependsOn: [], inputs: { metadata, ...inputs }, ...options };
}

/** A planned object on GitHub. @param kind `Repository`, `TeamMembership` */
export function onGitHub(
  kind: string,
  name: string,
  inputs: Readonly<Record<string, unknown>>,
  options: Partial<PlannedResource> = {},
): PlannedResource {
  const module = `${kind[0]?.toLowerCase()}${kind.slice(1)}`;
  return { name, type: `github:index/${module}:${kind}`, parent: "", dependsOn: [], inputs, ...options };
}

/** A plan of the stack `staging` with these resources. */
export function planOf(resources: readonly PlannedResource[], overrides: Partial<StackPlan> = {}): StackPlan {
  return { stack: "staging", resources, flux: fleetSpec().flux, tenants: [], existingTeams: {}, ...overrides };
}
