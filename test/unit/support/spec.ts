import type { FleetSpec, TenantSpec } from "../../../stacks/schema.js";
import { SIZES } from "../../../stacks/sizes.js";

/** A complete spec of a made-up stack; a test says only what it is about. */
export function fleetSpec(overrides: Partial<FleetSpec> = {}): FleetSpec {
  return {
    stack: "staging",
    cluster: "staging",
    stacks: ["prod-eu", "staging"],
    github: { owner: "acme", host: "github.com", repositoryOwner: "staging", ownsRepositories: true },
    flux: {
      version: "v2.9.2",
      clusterDomain: "cluster.local",
      logLevel: "info",
      extraComponents: [],
      readyTimeout: "5m",
      controllers: {},
    },
    platform: {
      repository: { name: "platform", visibility: "private", defaultBranch: "main" },
      path: "./fleet/clusters/staging",
      interval: "10m",
      variables: { region: "eu-central" },
    },
    admission: { mode: "enforce", sourceHosts: [], sourceOwners: [], serviceExposure: [] },
    tenants: [],
    ...overrides,
  };
}

/** A tenant as the loader makes it of a file that says nothing but its name. */
export function tenantSpec(name: string, overrides: Partial<TenantSpec> = {}): TenantSpec {
  return {
    name,
    description: `Deployments of ${name}`,
    repository: { name, visibility: "private", defaultBranch: "main" },
    namespace: { name, labels: {}, annotations: {} },
    limits: { size: "small", ...SIZES.small },
    network: { ingress: [], egress: [], tenants: [], allowFrom: [] },
    sync: { path: "./deploy/staging", interval: "1m", retryInterval: "30s", timeout: "3m", suspend: false },
    ...overrides,
  };
}
