import type { FleetSpec } from "../../../config/fleet-spec.js";
import { withDefaults } from "../../../config/tenant/fill-defaults.js";
import { type TenantSpec, tenantSpec as tenantSpecSchema } from "../../../config/tenant/schema.js";
import { checkData } from "../../../lib/diagnostics/zod-issues.js";

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
      controllerRights: "impersonate",
      ingressNamespaces: [],
    },
    platform: {
      repository: { name: "platform", visibility: "private", defaultBranch: "main" },
      path: "./fleet/clusters/staging",
      interval: "10m",
      variables: { region: "eu-central" },
      exports: {},
      addons: [],
    },
    admission: {
      mode: "enforce",
      sourceHosts: [],
      sourceOwners: [],
      serviceExposure: [],
      images: { registries: [], digests: "optional", pullPolicy: "Always" },
      workloadResources: "required",
      extendedResources: {},
      hosts: "listed",
      notificationAddresses: "https",
      identityAnnotations: [],
      priorityClasses: ["tenant-default", "tenant-batch"],
    },
    tenants: [],
    ...overrides,
  };
}

/** A tenant as the loader makes it of a file that says nothing but its name. */
export function tenantSpec(name: string, overrides: Partial<TenantSpec> = {}): TenantSpec {
  const checked = checkData(tenantSpecSchema, withDefaults(name, "staging", { name }), { file: `${name}.yaml` });
  if (!("value" in checked)) throw new Error(JSON.stringify(checked.problems));
  return { ...checked.value, ...overrides };
}
