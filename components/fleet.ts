import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { FleetSpec } from "../config/fleet-spec.js";
import { TENANT_TEMPLATE_REPOSITORY } from "../config/names.js";
import type { ExistingRepository, ExistingTeam, Rulesets } from "../lib/github/existing.js";
import type { KubernetesObject } from "../lib/kubernetes/object.js";
import { serviceConnections } from "../policies/service-connections.js";
import { AdmissionPolicies } from "./admission/admission-policies.js";
import { fixedFieldManager } from "./field-manager.js";
import { FluxInstall } from "./flux/install.js";
import { PlatformRepository } from "./platform/repository.js";
import { PlatformSync } from "./platform/sync.js";
import { createProviders } from "./providers.js";
import { TenantTemplate } from "./tenant/repository/template.js";
import { TenantRoles } from "./tenant/roles.js";
import { Tenant } from "./tenant/tenant.js";

/** Everything that is decided before the first registration. */
export interface FleetArgs {
  readonly spec: FleetSpec;
  /** Flux's objects, verified against the lock and hardened. */
  readonly fluxObjects: readonly KubernetesObject[];
  /** Repositories that exist, by their name in lower case. */
  readonly repositories: ReadonlyMap<string, ExistingRepository>;
  /** Teams that exist, by their slug; as far as tenants have teams. @default - none */
  readonly teams?: ReadonlyMap<string, ExistingTeam>;
  /** Rulesets that a lost state left. @default - none */
  readonly rulesetsToImport?: Rulesets;
  /** What a new platform repository starts with, path → content. */
  readonly platformSeed: Readonly<Record<string, string>>;
  /** Paths of those among them that the platform repository has already. @default - none */
  readonly platformFiles?: ReadonlySet<string>;
  /** Values of tenants' secrets, by tenant and name; a secret itself. @default - none */
  readonly secrets?: pulumi.Output<Readonly<Record<string, Readonly<Record<string, string>>>>>;
}

/** What a stack tells its readers about one tenant. */
export interface TenantOutputs {
  readonly namespace: pulumi.Output<string>;
  readonly repository: pulumi.Output<string>;
  /** Fingerprint of this cluster's deploy key. */
  readonly keyFingerprint: pulumi.Output<string>;
}

/** One member of the fleet: Flux, what Flux brings for the platform, and the tenants, in this order. */
export class Fleet extends pulumi.ComponentResource {
  /** By tenant name. */
  readonly tenants: Readonly<Record<string, TenantOutputs>>;

  constructor(name: string, args: FleetArgs) {
    const { spec, repositories, teams = new Map<string, ExistingTeam>() } = args;
    const providers = createProviders(spec.github.owner);
    super(
      "fleet:index:Fleet",
      name,
      {},
      {
        providers: [providers.kubernetes, providers.github, providers.tls],
        transformations: [fixedFieldManager],
      },
    );
    const existing = (repository: string) => repositories.get(repository.toLowerCase());
    const { ownsRepositories } = spec.github;
    const secrets = args.secrets ?? pulumi.secret({} as Readonly<Record<string, Readonly<Record<string, string>>>>);
    const lostRulesets: Rulesets = args.rulesetsToImport ?? new Map();

    const hostKeys = github.getSshKeysOutput({ parent: this }).apply(({ keys }) => keys);

    const flux = new FluxInstall(
      `${name}-flux`,
      { objects: args.fluxObjects, version: spec.flux.version, readyTimeout: spec.flux.readyTimeout },
      { parent: this },
    );

    const platformRepository = new PlatformRepository(
      `${name}-platform`,
      {
        repository: spec.platform.repository,
        cluster: spec.cluster,
        owned: ownsRepositories,
        existing: existing(spec.platform.repository.name),
        seed: args.platformSeed,
        existingFiles: args.platformFiles,
      },
      { parent: this },
    );
    const admission = new AdmissionPolicies(
      `${name}-admission`,
      { spec, cloneUrl: platformRepository.cloneUrl },
      { parent: this, dependsOn: [...flux.controllers] },
    );
    const platform = new PlatformSync(
      `${name}-platform-sync`,
      { spec, namespace: flux.namespace, repository: platformRepository, hostKeys },
      { parent: this, dependsOn: [...flux.controllers] },
    );

    const roles = new TenantRoles(
      `${name}-tenant-roles`,
      { stack: spec.stack, offers: spec.platform.addons },
      { parent: this },
    );
    const template = ownsRepositories
      ? new TenantTemplate(
          `${name}-tenant-template`,
          { stacks: spec.stacks, existing: existing(TENANT_TEMPLATE_REPOSITORY) },
          { parent: this },
        ).dependencies
      : [];
    const tenants = spec.tenants.map((tenant) => {
      const member = new Tenant(
        tenant.name,
        {
          tenant,
          paths: serviceConnections(tenant, spec),
          clusterDomain: spec.flux.clusterDomain,
          bounds: spec.admission,
          stack: spec.stack,
          cluster: spec.cluster,
          github: { ...spec.github, hostKeys, existing, team: (slug) => teams.get(slug), lostRulesets },
          secrets: secrets.apply((all) => all[tenant.name] ?? {}),
          webhookUrl: spec.flux.webhookUrl,
          dependsOn: [...flux.controllers, ...admission.bindings, ...platform.dependencies, ...roles.roles],
          template,
        },
        { parent: this },
      );
      return [
        tenant.name,
        { namespace: member.namespace, repository: member.cloneUrl, keyFingerprint: member.keyFingerprint },
      ] as const;
    });
    this.tenants = Object.fromEntries(tenants);

    this.registerOutputs({ tenants: this.tenants });
  }
}
