import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import { AdmissionPolicies } from "./admission/admission-policies.js";
import { backgroundDeletion, fixedFieldManager } from "./field-manager.js";
import type { FleetArgs, SecretValues } from "./fleet-args.js";
import { FluxInstall } from "./flux/install.js";
import { PlatformRepository } from "./platform/repository.js";
import { PlatformSync } from "./platform/sync.js";
import { createProviders } from "./providers.js";
import { TenantTemplate } from "./tenant/repository/template.js";
import { TenantRoles } from "./tenant/roles.js";
import { Tenant, type TenantOutputs } from "./tenant/tenant.js";

/** One cluster of the fleet: Flux, the platform that Flux applies, the admission policies, and the tenants. */
export class Fleet extends pulumi.ComponentResource {
  /** By tenant name. */
  readonly tenants: Readonly<Record<string, TenantOutputs>>;

  constructor(name: string, args: FleetArgs) {
    const { spec, fluxObjects: objects } = args;
    // Every child inherits the providers, the field manager and the propagation of deletions.
    const providers = createProviders(spec.github.owner);
    super("fleet:index:Fleet", name, {}, { providers, transformations: [fixedFieldManager, backgroundDeletion] });
    const opts = { parent: this };
    const hostKeys = github.getSshKeysOutput(opts).apply(({ keys }) => keys);

    const { controllers, namespace } = new FluxInstall(`${name}-flux`, { objects, ...spec.flux }, opts);
    const afterFlux = { ...opts, dependsOn: [...controllers] };
    const repository = new PlatformRepository(`${name}-platform`, args, opts);
    const { cloneUrl } = repository;
    const admission = new AdmissionPolicies(`${name}-admission`, { spec, cloneUrl }, afterFlux);
    const sync = new PlatformSync(`${name}-platform-sync`, { spec, namespace, repository, hostKeys }, afterFlux);
    const { roles } = new TenantRoles(`${name}-tenant-roles`, spec, opts);
    const templateDependencies = spec.github.ownsRepositories
      ? new TenantTemplate(`${name}-tenant-template`, args, opts).dependencies
      : [];

    const dependsOn = [...controllers, ...admission.bindings, ...sync.dependencies, ...roles];
    const tenants = spec.tenants.map((tenant) => {
      const secrets = args.secrets?.apply((all) => all?.[tenant.name] ?? {}) ?? pulumi.secret<SecretValues>({});
      const tenantArgs = { ...args, tenant, secrets, hostKeys, dependsOn, templateDependencies };
      return [tenant.name, new Tenant(tenant.name, tenantArgs, opts).outputs] as const;
    });
    this.tenants = Object.fromEntries(tenants);
    this.registerOutputs({ tenants: this.tenants });
  }
}
