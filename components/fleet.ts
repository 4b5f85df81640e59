import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import { clonesBySsh, hasGitToken } from "../config/fleet-spec.js";
import { PLATFORM_TOKEN } from "../config/stack/git-tokens.js";
import { AdmissionPolicies } from "./admission/admission-policies.js";
import { backgroundDeletion, fixedFieldManager } from "./field-manager.js";
import type { FleetArgs, SecretSetting, SecretValues } from "./fleet-args.js";
import { FluxInstall } from "./flux/install.js";
import { HandedOver } from "./github/handed-over.js";
import { Leaving } from "./github/leaving.js";
import type { RepositoryIds } from "./github/repository.js";
import { PlatformRepository } from "./platform/repository.js";
import { PlatformSync } from "./platform/sync.js";
import { createProviders } from "./providers.js";
import { stateAliases } from "./state-aliases.js";
import { takeBack } from "./taken-back.js";
import { TenantTemplate } from "./tenant/repository/template.js";
import { TenantRoles } from "./tenant/roles.js";
import { Tenant, type TenantOutputs } from "./tenant/tenant.js";
import { TenantElsewhere } from "./tenant/tenant-elsewhere.js";

/** One cluster of the fleet: Flux, the platform that Flux applies, the admission policies, and the tenants. */
export class Fleet extends pulumi.ComponentResource {
  /** By tenant name. */
  readonly tenants: Readonly<Record<string, TenantOutputs>>;
  /** GitHub's ids of the repositories, which other stacks compare with. Undefined on those. */
  readonly repositoryIds: RepositoryIds | undefined;
  /** Every resource below this one. */
  readonly registered: readonly pulumi.Resource[];

  constructor(name: string, args: FleetArgs) {
    const { spec, fluxObjects: objects } = args;
    // Every child inherits the providers, the field manager and the propagation of deletions.
    const providers = createProviders(spec.github.owner);
    const { repairs, state } = args;
    const registered: pulumi.Resource[] = [];
    const note: pulumi.ResourceTransformation = ({ resource }) => {
      registered.push(resource);
      return undefined;
    };
    const transformations = [
      fixedFieldManager,
      backgroundDeletion,
      stateAliases(state),
      takeBack(repairs, state),
      note,
    ];
    super("fleet:index:Fleet", name, {}, { providers, transformations });
    this.registered = registered;
    const opts = { parent: this };
    const listed = clonesBySsh(spec) ? (spec.github.sshHostKeys ?? args.existing.hostKeys) : [];
    const hostKeys = listed ?? github.getSshKeysOutput(opts).apply(({ keys }) => keys);

    const { controllers, namespace } = new FluxInstall(`${name}-flux`, { objects, ...spec.flux }, opts);
    const afterFlux = { ...opts, dependsOn: [...controllers] };
    const gitTokens = valuesOf(args.gitTokens);
    const token = gitTokens.apply((all) => all[PLATFORM_TOKEN]?.read ?? "");
    const repository = new PlatformRepository(`${name}-platform`, { ...args, token }, opts);
    const { sshUrl: cloneUrl } = repository;
    const admission = new AdmissionPolicies(`${name}-admission`, { spec, cloneUrl }, afterFlux);
    const { roles } = new TenantRoles(`${name}-tenant-roles`, spec, opts);
    // Tenants depend on the platform's sync alone, and so on all of these. The state would repeat the list for each tenant.
    const dependencies = [...admission.bindings, ...roles];
    const syncArgs = { spec, namespace, repository, hostKeys, dependencies };
    const sync = new PlatformSync(`${name}-platform-sync`, syncArgs, afterFlux);
    const template = spec.github.ownsRepositories
      ? new TenantTemplate(`${name}-tenant-template`, args, opts)
      : undefined;
    const templateDependencies = template?.dependencies ?? [];

    const dependsOn = [...sync.dependencies];
    const shared = { commonSecrets: valuesOf(args.commonSecrets), pullSecrets: valuesOf(args.pullSecrets) };
    const allSecrets = valuesOf(args.secrets);
    const tenants = spec.tenants.map((tenant) => {
      const secrets = allSecrets.apply((all): SecretValues => all[tenant.name] ?? {});
      const own = gitTokens.apply((all): SecretValues => all[tenant.name] ?? {});
      const credentials = { secrets, gitTokens: hasGitToken(spec, tenant.name) ? own : undefined };
      const tenantArgs = { ...args, ...shared, ...credentials, tenant, hostKeys, dependsOn, templateDependencies };
      return { name: tenant.name, tenant: new Tenant(tenant.name, tenantArgs, opts) };
    });
    const elsewhere = spec.tenantsElsewhere.map((tenant) => {
      return new TenantElsewhere(tenant.name, { ...args, gitTokens: undefined, tenant, templateDependencies }, opts);
    });
    this.tenants = Object.fromEntries(tenants.map(({ name, tenant }) => [name, tenant.outputs]));
    const managing = [repository, ...tenants.map(({ tenant }) => tenant), ...elsewhere];
    this.repositoryIds = template && Object.assign({}, template.ids, ...managing.map(({ ids }) => ids));
    if (args.leaving.length > 0) new Leaving(`${name}-leaving`, args.leaving, opts);
    if (args.handedOver.length > 0) new HandedOver(`${name}-handed-over`, args.handedOver, opts);
    this.registerOutputs({ tenants: this.tenants });
  }
}

/** The values of a setting with secrets; none without the setting. */
function valuesOf(setting: SecretSetting | undefined): pulumi.Output<Readonly<Record<string, SecretValues>>> {
  return (setting ?? pulumi.secret(null)).apply((all) => all ?? {});
}
