import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { fleetLabels } from "../../lib/kubernetes/ownership-labels.js";
import { tenantClusterRoles } from "../../policies/rbac/tenant-roles.js";

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
    this.roles = tenantClusterRoles(platform.addons).map(({ child, role, rules }) => {
      const args = { metadata: { name: role, labels }, rules: [...rules] };
      return new k8s.rbac.v1.ClusterRole(`${name}-${child}`, args, { parent: this });
    });
    this.registerOutputs();
  }
}
