import type { PlannedResource, StackPlan } from "../../../review/planned-resource.js";
import { fleetSpec } from "./spec.js";

/** A plan with these resources. Its tenants are those that its resources name. */
export function stackPlan(resources: readonly PlannedResource[], changed: Partial<StackPlan> = {}): StackPlan {
  const tenants = [...new Set(resources.flatMap(({ tenant }) => tenant ?? []))].sort();
  return { stack: "staging", resources, flux: fleetSpec().flux, tenants, existingTeams: {}, ...changed };
}

/** A planned resource. @param owner its tenant. @default the platform */
export function planned(type: string, name: string, inputs: object, owner?: string): PlannedResource {
  const tenant = owner === undefined ? {} : { tenant: owner };
  return { name, type, parent: "fleet", ...tenant, dependsOn: [], inputs: { ...inputs } };
}
