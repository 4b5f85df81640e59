import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { fleetLabels } from "../labels.js";
import { tenantRole, tenantRules } from "./identity.js";

/** What tenants may do, said once for all of them; each tenant's RoleBinding limits it to that tenant's namespace. */
export class TenantRoles extends pulumi.ComponentResource {
  /** The roles that tenants' bindings refer to. */
  readonly roles: readonly pulumi.Resource[];

  constructor(name: string, args: { readonly stack: string }, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Roles", name, {}, opts);

    const role = new k8s.rbac.v1.ClusterRole(
      `${name}-reconciler`,
      { metadata: { name: tenantRole, labels: fleetLabels(args.stack) }, rules: [...tenantRules] },
      { parent: this },
    );
    this.roles = [role];

    this.registerOutputs();
  }
}
