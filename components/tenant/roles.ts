import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Offer } from "../../stacks/offer-problems.js";
import { fleetLabels } from "../labels.js";
import { canaryRole, canaryRules } from "./canaries.js";
import { tenantRole, tenantRules } from "./identity.js";
import { robotRole, robotRules } from "./robot-objects.js";

/** What tenants may do, said once for all of them; each tenant's RoleBinding limits it to that tenant's namespace. */
export class TenantRoles extends pulumi.ComponentResource {
  /** The roles that tenants' bindings refer to. */
  readonly roles: readonly pulumi.Resource[];

  constructor(
    name: string,
    args: { readonly stack: string; readonly offers: readonly Offer[] },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("fleet:tenant:Roles", name, {}, opts);

    const role = new k8s.rbac.v1.ClusterRole(
      `${name}-reconciler`,
      { metadata: { name: tenantRole, labels: fleetLabels(args.stack) }, rules: [...tenantRules] },
      { parent: this },
    );
    const canaries = args.offers.includes("flagger")
      ? [
          new k8s.rbac.v1.ClusterRole(
            `${name}-canaries`,
            { metadata: { name: canaryRole, labels: fleetLabels(args.stack) }, rules: [...canaryRules] },
            { parent: this },
          ),
        ]
      : [];
    const robot = new k8s.rbac.v1.ClusterRole(
      `${name}-robot`,
      { metadata: { name: robotRole, labels: fleetLabels(args.stack) }, rules: robotRules },
      { parent: this },
    );
    this.roles = [role, robot, ...canaries];

    this.registerOutputs();
  }
}
