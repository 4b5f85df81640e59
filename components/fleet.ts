import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { FleetSpec } from "../config/fleet-spec.js";
import type { ExistingGitHub } from "../lib/github/existing.js";
import type { KubernetesObject } from "../lib/kubernetes/object.js";
import { AdmissionPolicies } from "./admission/admission-policies.js";
import { fixedFieldManager } from "./field-manager.js";
import { FluxInstall } from "./flux/install.js";
import { PlatformRepository } from "./platform/repository.js";
import { PlatformSync } from "./platform/sync.js";
import { createProviders } from "./providers.js";
import { TenantTemplate } from "./tenant/repository/template.js";
import { TenantRoles } from "./tenant/roles.js";
import { Tenant } from "./tenant/tenant.js";

/** Values of tenants' secrets by tenant and name, as a secret output. */
export type FleetSecrets = pulumi.Output<Readonly<Record<string, Readonly<Record<string, string>>>>>;

/** The decisions that are made before the first registration. */
export interface FleetArgs {
  readonly spec: FleetSpec;
  /** The objects of Flux, verified against the lock and hardened. */
  readonly fluxObjects: readonly KubernetesObject[];
  /** Objects of GitHub that exist before the update. */
  readonly existing: ExistingGitHub;
  /** Files of a new platform repository, path → content. */
  readonly platformSeed: Readonly<Record<string, string>>;
  /** @default - no tenant has a secret */
  readonly secrets?: FleetSecrets | undefined;
}

/** The outputs of a stack about one tenant. */
export interface TenantOutputs {
  /** Name of the primary namespace. */
  readonly namespace: pulumi.Output<string>;
  /** `ssh://` URL of the primary repository. */
  readonly repository: pulumi.Output<string>;
  /** Fingerprint of this cluster's deploy key for it. */
  readonly keyFingerprint: pulumi.Output<string>;
}

/** One cluster of the fleet: Flux, the platform that Flux applies, the admission policies, and the tenants. */
export class Fleet extends pulumi.ComponentResource {
  /** By tenant name. */
  readonly tenants: Readonly<Record<string, TenantOutputs>>;

  constructor(name: string, args: FleetArgs) {
    const { spec, fluxObjects, existing, platformSeed: seed } = args;
    super("fleet:index:Fleet", name, {}, fleetOptions(spec.github.owner));
    const opts = { parent: this };
    const hostKeys = github.getSshKeysOutput(opts).apply(({ keys }) => keys);

    const flux = new FluxInstall(`${name}-flux`, { objects: fluxObjects, ...spec.flux }, opts);
    const afterFlux = { ...opts, dependsOn: [...flux.controllers] };
    const repository = new PlatformRepository(`${name}-platform`, { spec, existing, seed }, opts);
    const { cloneUrl } = repository;
    const admission = new AdmissionPolicies(`${name}-admission`, { spec, cloneUrl }, afterFlux);
    const { namespace } = flux;
    const sync = new PlatformSync(`${name}-platform-sync`, { spec, namespace, repository, hostKeys }, afterFlux);
    const { roles } = new TenantRoles(`${name}-tenant-roles`, { spec }, opts);
    const templateDependencies = spec.github.ownsRepositories
      ? new TenantTemplate(`${name}-tenant-template`, { spec, existing }, opts).dependencies
      : [];

    const dependsOn = [...flux.controllers, ...admission.bindings, ...sync.dependencies, ...roles];
    this.tenants = this.#registerTenants(args, { hostKeys, dependsOn, templateDependencies });
    this.registerOutputs({ tenants: this.tenants });
  }

  #registerTenants(
    { spec, existing, secrets = noSecrets() }: FleetArgs,
    shared: {
      readonly hostKeys: pulumi.Input<readonly string[]>;
      readonly dependsOn: readonly pulumi.Resource[];
      readonly templateDependencies: readonly pulumi.Resource[];
    },
  ): Record<string, TenantOutputs> {
    const tenants = spec.tenants.map((tenant) => {
      const own = secrets.apply((all) => all[tenant.name] ?? {});
      const args = { tenant, spec, existing, secrets: own, ...shared };
      return [tenant.name, outputsOf(new Tenant(tenant.name, args, { parent: this }))] as const;
    });
    return Object.fromEntries(tenants);
  }
}

function noSecrets(): FleetSecrets {
  return pulumi.secret<Readonly<Record<string, Readonly<Record<string, string>>>>>({});
}

function outputsOf({ namespace, cloneUrl: repository, keyFingerprint }: Tenant): TenantOutputs {
  return { namespace, repository, keyFingerprint };
}

/** Every child inherits the three providers and the field manager. */
function fleetOptions(owner: string): pulumi.ComponentResourceOptions {
  const { kubernetes, github, tls } = createProviders(owner);
  return { providers: [kubernetes, github, tls], transformations: [fixedFieldManager] };
}
