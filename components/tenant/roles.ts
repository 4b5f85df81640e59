import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Addon } from "../../config/stack/addons.js";
import { fleetLabels } from "../../lib/kubernetes/ownership-labels.js";
import { canaryRole, canaryRules } from "../../policies/rbac/canaries.js";
import { operatorRole, operatorRules, viewerRole, viewerRules } from "../../policies/rbac/people.js";
import { type PolicyRule, tenantRole, tenantRules } from "../../policies/rbac/reconciler.js";
import { robotRole, robotRules } from "../../policies/rbac/robot.js";

/** What tenants and their people may do, said once for all of them; bindings limit it to each tenant's namespaces. */
export class TenantRoles extends pulumi.ComponentResource {
  /** The roles that tenants' bindings refer to. */
  readonly roles: readonly pulumi.Resource[];

  constructor(
    name: string,
    args: { readonly stack: string; readonly offers: readonly Addon[] },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("fleet:tenant:Roles", name, {}, opts);

    const role = (child: string, roleName: string, rules: readonly PolicyRule[]) =>
      new k8s.rbac.v1.ClusterRole(
        `${name}-${child}`,
        { metadata: { name: roleName, labels: fleetLabels(args.stack) }, rules: [...rules] },
        { parent: this },
      );
    this.roles = [
      role("reconciler", tenantRole, tenantRules),
      role("viewer", viewerRole, viewerRules),
      role("operator", operatorRole, operatorRules),
      role("robot", robotRole, robotRules),
      ...(args.offers.includes("flagger") ? [role("canaries", canaryRole, canaryRules)] : []),
    ];

    this.registerOutputs();
  }
}
