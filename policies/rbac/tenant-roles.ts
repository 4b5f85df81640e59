import type { Addon } from "../../config/addons/addon.js";
import { addonRules, addonViewerRules } from "./addons.js";
import { operatorRole, operatorRules, viewerRole, viewerRules } from "./people.js";
import { type PolicyRule, tenantRole, tenantRules } from "./reconciler.js";
import { robotRole, robotRules } from "./robot.js";

/** A ClusterRole that role bindings limit to a tenant's namespaces. */
interface TenantClusterRole {
  /** End of the name of its resource. */
  readonly child: string;
  /** Name of the ClusterRole. */
  readonly role: string;
  readonly rules: readonly PolicyRule[];
}

/** The ClusterRoles of tenants and their people on a stack, one set for all tenants. @param addons those that it offers */
export function tenantClusterRoles(addons: readonly Addon[]): readonly TenantClusterRole[] {
  const addonObjects = addonViewerRules(addons);
  return [
    { child: "reconciler", role: tenantRole, rules: tenantRules },
    { child: "viewer", role: viewerRole, rules: [...viewerRules, ...addonObjects] },
    { child: "operator", role: operatorRole, rules: [...operatorRules, ...addonObjects] },
    { child: "robot", role: robotRole, rules: robotRules },
    ...addons.map((addon) => ({ child: addon.binding, role: addon.role, rules: addonRules(addon) })),
  ];
}
