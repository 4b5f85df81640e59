import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { fleetLabels } from "../../lib/kubernetes/ownership-labels.js";
import { canaryRole, canaryRules } from "../../policies/rbac/canaries.js";
import { operatorRole, operatorRules, viewerRole, viewerRules } from "../../policies/rbac/people.js";
import { type PolicyRule, tenantRole, tenantRules } from "../../policies/rbac/reconciler.js";
import { robotRole, robotRules } from "../../policies/rbac/robot.js";

/** The stack that the roles are for. */
export interface TenantRolesArgs {
  readonly spec: Pick<FleetSpec, "stack" | "platform">;
}

/**
 * The ClusterRoles of tenants and their people, one set for all tenants. Role bindings limit them to a tenant's
 * namespaces.
 */
export class TenantRoles extends pulumi.ComponentResource {
  /** The roles that tenants' role bindings refer to. */
  readonly roles: readonly pulumi.Resource[];

  constructor(name: string, { spec }: TenantRolesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Roles", name, {}, opts);

    const role = (child: string, roleName: string, rules: readonly PolicyRule[]) =>
      new k8s.rbac.v1.ClusterRole(
        `${name}-${child}`,
        { metadata: { name: roleName, labels: fleetLabels(spec.stack) }, rules: [...rules] },
        { parent: this },
      );
    this.roles = [
      role("reconciler", tenantRole, tenantRules),
      role("viewer", viewerRole, viewerRules),
      role("operator", operatorRole, operatorRules),
      role("robot", robotRole, robotRules),
      ...(spec.platform.addons.includes("flagger") ? [role("canaries", canaryRole, canaryRules)] : []),
    ];

    this.registerOutputs();
  }
}
