import type { PolicyResource } from "@pulumi/policy";
import { tenantComponent } from "../lib/state/stack-state.js";
import type { PlannedResource, StackPlan } from "../review/planned-resource.js";

/** The parts of a resource of the engine that rules read. */
export type EngineResource = Pick<PolicyResource, "type" | "name" | "urn" | "props" | "opts">;

/** The plan of a stack as far as rules read it, from the engine's resources. */
export function planOf(resources: readonly EngineResource[]): Pick<StackPlan, "stack" | "resources" | "tenants"> {
  const byUrn = new Map(resources.map((one) => [one.urn, one]));
  const tenantOf = (one: EngineResource | undefined): string | undefined => {
    if (one === undefined || one.type === tenantComponent) return one?.name;
    return one.opts.parent === undefined ? undefined : tenantOf(byUrn.get(one.opts.parent));
  };
  const planned = resources.map((one): PlannedResource => {
    const [tenant, parent] = [tenantOf(one), byUrn.get(one.opts.parent ?? "")?.name ?? ""];
    const { name, type, props } = one;
    return { name, type, parent, dependsOn: [], inputs: props, ...(tenant === undefined ? {} : { tenant }) };
  });
  const tenants = resources.flatMap(({ type, name }) => (type === tenantComponent ? [name] : []));
  return { stack: stackOf(resources), resources: planned, tenants: tenants.sort() };
}

/** The second part of a URN: `urn:pulumi:STACK::PROJECT::TYPE::NAME`. */
function stackOf([one]: readonly EngineResource[]): string {
  return one?.urn.split("::")[0]?.replace("urn:pulumi:", "") ?? "";
}
