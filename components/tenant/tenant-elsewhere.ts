import * as pulumi from "@pulumi/pulumi";
import { tenantComponent } from "../../lib/state/stack-state.js";
import type { RepositoryIds } from "../github/repository.js";
import { idsOf, tenantRepositories } from "./repository/tenant-repositories.js";
import type { TenantRepositoryArgs } from "./repository/tenant-repository.js";

/** A tenant that this cluster does not run, and the existing objects of GitHub. */
export type TenantElsewhereArgs = Omit<TenantRepositoryArgs, "repository" | "teamId" | "isSynced">;

/**
 * The team and the repositories of a tenant that only other clusters run, on the stack that creates repositories. Type
 * and name are those of `Tenant`: a tenant that leaves this cluster keeps its repositories, and they their resources.
 */
export class TenantElsewhere extends pulumi.ComponentResource {
  readonly ids: RepositoryIds;

  constructor(name: string, args: TenantElsewhereArgs, opts?: pulumi.ComponentResourceOptions) {
    super(tenantComponent, name, {}, opts);
    this.ids = idsOf(tenantRepositories(name, { ...args, isSynced: false }, this));
    this.registerOutputs();
  }
}
