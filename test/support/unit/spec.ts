import type { z } from "zod";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { completeTenant, type TenantSpec, tenantSections } from "../../../config/tenant/schema.js";
import type { DeepReadonly } from "../../../lib/data/freeze.js";

const admission: FleetSpec["admission"] = {
  mode: "enforce",
  sourceHosts: [],
  sourceOwners: [],
  serviceExposure: [],
  loadBalancerClasses: [],
  images: { registries: [], digests: "optional", pullPolicy: "Always" },
  workloadResources: "required",
  extendedResources: {},
  hosts: "listed",
  notificationAddresses: "https",
  secretAddresses: "public",
  annotations: [],
  labels: [],
  identityAnnotations: [],
  priorityClasses: ["tenant-default", "tenant-batch"],
  tolerations: [],
  runtimeClasses: [],
  podAnnotations: [],
  csiDrivers: [],
  storageClasses: [],
  volumeAttributesClasses: [],
  blockVolumes: "refused",
  schedulers: [],
  localhostProfiles: [],
};

/** A complete spec of a made-up stack; a test says only what it is about. */
export function fleetSpec(overrides: Partial<FleetSpec> = {}): FleetSpec {
  return {
    stack: "staging",
    cluster: "staging",
    stacks: ["prod-eu", "staging"],
    github: { owner: "acme", host: "github.com", repositoryOwner: "staging", ownsRepositories: true },
    adopt: { repositories: [], teams: [] },
    repositoryIds: {},
    unreadableStacks: {},
    flux: {
      version: "v2.9.2",
      clusterDomain: "cluster.local",
      logLevel: "info",
      extraComponents: [],
      readyTimeout: "5m",
      controllers: {},
      controllerRights: "impersonate",
      shards: [],
      ingressNamespaces: [],
    },
    platform: {
      repository: {
        name: "platform",
        visibility: "private",
        defaultBranch: "main",
        protection: { enabled: true, pullRequest: true, reviews: 1, codeOwners: true, checks: [] },
        owners: { platform: [], security: [] },
      },
      path: "./fleet/clusters/staging",
      interval: "10m",
      variables: { region: "eu-central" },
      exports: {},
      addons: [],
    },
    admission,
    promotion: { needs: "applied", soak: "0s", freezes: [], longestOverride: "2160h" },
    scaffold: { preReleases: ["staging"] },
    common: { configMaps: {}, secrets: [], pullSecrets: {} },
    tenants: [],
    tenantsElsewhere: [],
    ...overrides,
  };
}

/** Sections of a tenant file. */
export type Sections = DeepReadonly<Partial<z.input<typeof tenantSections>>>;

/** A tenant as the loader completes it from the sections of its file. @param sections @default - none but its name */
export function tenantSpec(name: string, sections: Sections = {}): TenantSpec {
  return completeTenant("staging", tenantSections.parse({ ...sections, name }));
}
