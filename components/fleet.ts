import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import { clonesBySsh, hasGitToken } from "../config/fleet-spec.js";
import { PLATFORM_TOKEN } from "../config/stack/git-tokens.js";
import { DEFAULT_SCAFFOLD, templateRepository, usedScaffolds } from "../config/tenant/repositories/scaffolds.js";
import type { Digests, LastUpdate } from "../lib/state/last-update.js";
import { fleetComponent } from "../lib/state/stack-state.js";
import { sourcePolicy } from "../policies/admission/policies.js";
import { sharedDigests, tenantDigests } from "../policies/tenant-digests.js";
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
import { SharedParts } from "./shared-parts.js";
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
  /** Digests of everything registered, for the next update of one tenant. */
  readonly digests: Digests;

  constructor(name: string, args: FleetArgs) {
    const { spec, repairs, state, only, usesApp = false } = args;
    const shared = new SharedParts();
    // Every child inherits the providers, the field manager and the propagation of deletions.
    const providers = createProviders(spec.github.owner, usesApp);
    const registered: pulumi.Resource[] = [];
    const own = [shared.transformation, fixedFieldManager, backgroundDeletion];
    const transformations = [...own, stateAliases(state), takeBack(repairs, state), noteIn(registered)];
    super(fleetComponent, name, {}, { providers, transformations });
    this.registered = registered;
    const opts = { parent: this };
    const listed = clonesBySsh(spec) ? (spec.github.sshHostKeys ?? args.existing.hostKeys) : [];
    const hostKeys = listed ?? github.getSshKeysOutput(opts).apply(({ keys }) => keys);

    const { repository, sync, templates } = this.#registerShared(name, args, { shared, hostKeys });
    if (only !== undefined) shared.requireUnchanged(only.last);
    const further = {
      hostKeys,
      dependsOn: [...sync.dependencies],
      templateDependencies: new Map([...templates].map(([scaffold, { dependencies }]) => [scaffold, dependencies])),
      commonSecrets: valuesOf(args.commonSecrets),
      pullSecrets: valuesOf(args.pullSecrets),
    };
    const [allSecrets, allTokens] = [valuesOf(args.secrets), valuesOf(args.gitTokens)];
    const tenants = spec.tenants
      .filter(({ name }) => isUpdated(name, args))
      .map((tenant) => {
        const secrets = allSecrets.apply((all): SecretValues => all[tenant.name] ?? {});
        const gitTokens = hasGitToken(spec, tenant.name)
          ? allTokens.apply((all): SecretValues => all[tenant.name] ?? {})
          : undefined;
        const tenantArgs = { ...args, ...further, tenant, secrets, gitTokens };
        return { name: tenant.name, tenant: new Tenant(tenant.name, tenantArgs, opts) };
      });
    const elsewhere = spec.tenantsElsewhere
      .filter(({ name }) => isUpdated(name, args))
      .map((tenant) => {
        return new TenantElsewhere(tenant.name, { ...args, ...further, gitTokens: undefined, tenant }, opts);
      });
    const outputs = Object.fromEntries(tenants.map(({ name, tenant }) => [name, tenant.outputs]));
    // Tenants that stay as they are keep their outputs.
    const kept = keptOf(args);
    this.tenants = { ...known(kept?.tenants), ...outputs };
    const managing = [repository, ...tenants.map(({ tenant }) => tenant), ...elsewhere];
    const managed = [...templates.values(), ...managing];
    const ids = spec.github.ownsRepositories ? Object.assign({}, ...managed.map(({ ids }) => ids)) : undefined;
    this.repositoryIds = ids && { ...known(kept?.repositoryIds), ...ids };
    if (args.leaving.length > 0) new Leaving(`${name}-leaving`, args.leaving, opts);
    if (args.handedOver.length > 0) new HandedOver(`${name}-handed-over`, args.handedOver, opts);
    this.digests = { parts: shared.digests, ...digestsOfTenants(args) };
    this.registerOutputs();
  }

  /** Registers all that tenants share. */
  #registerShared(name: string, args: FleetArgs, { shared, hostKeys }: SharedArgs) {
    const { spec, fluxObjects: objects } = args;
    const opts = { parent: this };
    const flux = { objects, ...spec.flux, formerVersions: args.formerFlux };
    const { controllers, namespace } = shared.register("Flux", () => new FluxInstall(`${name}-flux`, flux, opts));
    const afterFlux = { ...opts, dependsOn: [...controllers] };
    const repository = shared.register("the platform's repository", () => {
      const token = valuesOf(args.gitTokens).apply((all) => all[PLATFORM_TOKEN]?.read ?? "");
      return new PlatformRepository(`${name}-platform`, { ...args, token }, opts);
    });
    const { sshUrl: cloneUrl } = repository;
    const admission = shared.register(
      "the admission policies",
      () => new AdmissionPolicies(`${name}-admission`, { spec, cloneUrl }, afterFlux),
      // Its expressions also contain the host of the clone URL, which only GitHub knows.
      sourcePolicy(spec).policy.spec,
    );
    const { roles } = shared.register(
      "the roles of tenants",
      () => new TenantRoles(`${name}-tenant-roles`, spec, opts),
    );
    // Tenants depend on the platform's sync alone, and so on all of these. The state would repeat the list for each tenant.
    const dependencies = [...admission.bindings, ...roles];
    const syncArgs = { spec, namespace, repository, hostKeys, dependencies, keyDates: args.keyDates };
    const sync = shared.register(
      "the platform's sync",
      () => new PlatformSync(`${name}-platform-sync`, syncArgs, afterFlux),
      pulumi.Output.isInstance(hostKeys) ? [] : hostKeys,
      spec.github.sshAddress ?? "",
    );
    const scaffolds = spec.github.ownsRepositories ? usedScaffolds(spec, args.state.managed) : [];
    const templates = scaffolds.map((scaffold) => {
      const part = scaffold === DEFAULT_SCAFFOLD ? "the tenants' template" : `the tenants' template for ${scaffold}`;
      const component = `${name}-${templateRepository(scaffold)}`;
      const register = () => new TenantTemplate(component, { ...args, scaffold }, opts);
      return [scaffold, shared.register(part, register)] as const;
    });
    return { repository, sync, templates: new Map(templates) };
  }
}

/** Notes every resource in a list. */
function noteIn(registered: pulumi.Resource[]): pulumi.ResourceTransformation {
  return ({ resource }) => {
    registered.push(resource);
    return undefined;
  };
}

interface SharedArgs {
  readonly shared: SharedParts;
  readonly hostKeys: pulumi.Input<readonly string[]>;
}

/** Whether an update changes a tenant, or leaves it as it is. */
function isUpdated(tenant: string, { only, leftOut }: FleetArgs): boolean {
  return only === undefined ? leftOut?.names.includes(tenant) !== true : tenant === only.name;
}

/** The last update, as far as it stays. Undefined for an update of the whole stack. */
function keptOf({ only, leftOut }: FleetArgs): LastUpdate | undefined {
  if (only === undefined) return leftOut?.kept;
  const others = Object.entries(only.last.tenants).filter(([name]) => name !== only.name);
  return { ...only.last, tenants: Object.fromEntries(others) };
}

/** The digests of tenants once this update has ended. Those of tenants that stay as they are do not change. */
function digestsOfTenants(args: FleetArgs): Pick<Digests, "tenants" | "shared"> {
  const { digests } = keptOf(args) ?? {};
  const updated = (all: Readonly<Record<string, string>>, kept: Readonly<Record<string, string>> | undefined) => {
    return { ...kept, ...Object.fromEntries(Object.entries(all).filter(([name]) => isUpdated(name, args))) };
  };
  return {
    tenants: updated(tenantDigests(args.spec), digests?.tenants),
    shared: updated(sharedDigests(args.spec), digests?.shared),
  };
}

/** Values of the last update, as outputs. */
function known<Value>(values: Readonly<Record<string, Value>> = {}) {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, pulumi.output(value)]));
}

/** The values of a setting with secrets; none without the setting. */
function valuesOf(setting: SecretSetting | undefined): pulumi.Output<Readonly<Record<string, SecretValues>>> {
  return (setting ?? pulumi.secret(null)).apply((all) => all ?? {});
}
