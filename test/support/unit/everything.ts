import type { FleetSpec } from "../../../config/fleet-spec.js";
import { allAddons } from "./addons.js";
import { fleetSpec, tenantSpec } from "./spec.js";

/** Tenants that use every section of a tenant file, on a stack with every setting that adds objects. */
export function everything(): FleetSpec {
  const { platform, flux } = fleetSpec();
  const shop = tenantSpec("shop", {
    namespaces: { jobs: {} },
    repositories: { "shop.api": {} },
    syncs: { jobs: { namespace: "jobs" }, api: { repository: "shop.api", namespace: "jobs", ref: { tag: "v1" } } },
    access: { viewers: ["a"], operators: ["b"], roles: { support: ["c"] } },
    robot: { enabled: true, token: true },
    webhook: true,
    progressiveDelivery: true,
    addons: ["cert-manager", "external-secrets", "flagger"],
    helm: {
      repositories: { stable: { url: "https://charts.example.com" } },
      charts: { web: { url: "oci://ghcr.io/acme/web", ref: { tag: "1.0.0" } } },
    },
    imageAutomation: { images: { web: { image: "ghcr.io/acme/web", range: "1.x" } } },
    notifications: { chat: { type: "slack", secret: "chat" } },
    serviceAccounts: { uploader: { annotations: {} }, cleaner: { namespace: "jobs", annotations: {} } },
    pullSecrets: { own: { registry: "ghcr.io", username: "shop", secret: "registry" } },
    exports: { cart: { service: "cart", port: 8080, pods: { app: "cart" }, to: ["web"] } },
  });
  const web = tenantSpec("web", { imports: { cart: { tenant: "shop", export: "cart" } } });
  return fleetSpec({
    tenants: [shop, web],
    tenantsElsewhere: [tenantSpec("elsewhere")],
    platform: { ...platform, addons: allAddons() },
    flux: {
      ...flux,
      webhookUrl: "https://flux.example.com",
      extraComponents: ["image-reflector-controller", "image-automation-controller"],
    },
    common: {
      configMaps: { ca: { "ca.crt": "made up" } },
      secrets: ["proxy"],
      pullSecrets: { registry: { registry: "docker.io", username: "fleet" } },
    },
  });
}
