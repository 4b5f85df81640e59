import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { fleetLabels } from "../../lib/kubernetes/ownership-labels.js";
import { addonRules, addonViewerRules } from "../../policies/rbac/addons.js";
import { operatorRole, operatorRules, viewerRole, viewerRules } from "../../policies/rbac/people.js";
import { tenantRole, tenantRules } from "../../policies/rbac/reconciler.js";
import { robotRole, robotRules } from "../../policies/rbac/robot.js";

/**
 * The ClusterRoles of tenants and their people, one set for all tenants. Role bindings limit them to a tenant's
 * namespaces.
 */
export class TenantRoles extends pulumi.ComponentResource {
  /** The roles that tenants' role bindings refer to. */
  readonly roles: readonly pulumi.Resource[];

  constructor(name: string, { stack, platform }: FleetSpec, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Roles", name, {}, opts);
    const labels = fleetLabels(stack);
    const { addons } = platform;
    const addonObjects = addonViewerRules(addons);
    const roles = [
      { child: "reconciler", role: tenantRole, rules: tenantRules },
      { child: "viewer", role: viewerRole, rules: [...viewerRules, ...addonObjects] },
      { child: "operator", role: operatorRole, rules: [...operatorRules, ...addonObjects] },
      { child: "robot", role: robotRole, rules: robotRules },
      ...addons.map((addon) => ({ child: addon.binding, role: addon.role, rules: addonRules(addon) })),
    ];
    this.roles = roles.map(({ child, role, rules }) => {
      const args = { metadata: { name: role, labels }, rules: [...rules] };
      return new k8s.rbac.v1.ClusterRole(`${name}-${child}`, args, { parent: this });
    });
    this.registerOutputs();
  }
}
