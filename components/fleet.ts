import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import { AdmissionPolicies } from "./admission/admission-policies.js";
import { backgroundDeletion, fixedFieldManager } from "./field-manager.js";
import type { FleetArgs, SecretValues } from "./fleet-args.js";
import { FluxInstall } from "./flux/install.js";
import { HandedOver } from "./github/handed-over.js";
import { PlatformRepository } from "./platform/repository.js";
import { PlatformSync } from "./platform/sync.js";
import { createProviders } from "./providers.js";
import { stateAliases } from "./state-aliases.js";
import { TenantTemplate } from "./tenant/repository/template.js";
import { TenantRoles } from "./tenant/roles.js";
import { Tenant, type TenantOutputs } from "./tenant/tenant.js";
import { TenantElsewhere } from "./tenant/tenant-elsewhere.js";

/** One cluster of the fleet: Flux, the platform that Flux applies, the admission policies, and the tenants. */
export class Fleet extends pulumi.ComponentResource {
  /** By tenant name. */
  readonly tenants: Readonly<Record<string, TenantOutputs>>;

  constructor(name: string, args: FleetArgs) {
    const { spec, fluxObjects: objects } = args;
    // Every child inherits the providers, the field manager and the propagation of deletions.
    const providers = createProviders(spec.github.owner);
    const transformations = [fixedFieldManager, backgroundDeletion, stateAliases(args.state)];
    super("fleet:index:Fleet", name, {}, { providers, transformations });
    const opts = { parent: this };
    const listed = spec.github.sshHostKeys ?? args.existing.hostKeys;
    const hostKeys = listed ?? github.getSshKeysOutput(opts).apply(({ keys }) => keys);

    const { controllers, namespace } = new FluxInstall(`${name}-flux`, { objects, ...spec.flux }, opts);
    const afterFlux = { ...opts, dependsOn: [...controllers] };
    const repository = new PlatformRepository(`${name}-platform`, args, opts);
    const { cloneUrl } = repository;
    const admission = new AdmissionPolicies(`${name}-admission`, { spec, cloneUrl }, afterFlux);
    const { roles } = new TenantRoles(`${name}-tenant-roles`, spec, opts);
    // Tenants depend on the platform's sync alone, and so on all of these. The state would repeat the list for each tenant.
    const dependencies = [...admission.bindings, ...roles];
    const syncArgs = { spec, namespace, repository, hostKeys, dependencies };
    const sync = new PlatformSync(`${name}-platform-sync`, syncArgs, afterFlux);
    const templateDependencies = spec.github.ownsRepositories
      ? new TenantTemplate(`${name}-tenant-template`, args, opts).dependencies
      : [];

    const dependsOn = [...sync.dependencies];
    const tenants = spec.tenants.map((tenant) => {
      const secrets = args.secrets?.apply((all) => all?.[tenant.name] ?? {}) ?? pulumi.secret<SecretValues>({});
      const tenantArgs = { ...args, tenant, secrets, hostKeys, dependsOn, templateDependencies };
      return [tenant.name, new Tenant(tenant.name, tenantArgs, opts).outputs] as const;
    });
    for (const tenant of spec.tenantsElsewhere) {
      new TenantElsewhere(tenant.name, { ...args, tenant, templateDependencies }, opts);
    }
    this.tenants = Object.fromEntries(tenants);
    if (args.handedOver.length > 0) new HandedOver(`${name}-handed-over`, args.handedOver, opts);
    this.registerOutputs({ tenants: this.tenants });
  }
}
