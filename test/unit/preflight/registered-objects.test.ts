import assert from "node:assert/strict";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { PLATFORM_TOKEN } from "../../../config/stack/git-tokens.js";
import { listedObjects, recordedObjects } from "../../support/unit/registered-names.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

/** Tenants that use every section of a tenant file, on a stack with every setting that adds objects. */
function everything(): FleetSpec {
  const { platform, flux } = fleetSpec();
  const shop = tenantSpec("shop", {
    namespaces: { jobs: {} },
    repositories: { "shop.api": {} },
    syncs: { jobs: { namespace: "jobs" }, api: { repository: "shop.api", namespace: "jobs", ref: { tag: "v1" } } },
    access: { viewers: ["a"], operators: ["b"], roles: { support: ["c"] } },
    robot: { enabled: true, token: true },
    webhook: true,
    progressiveDelivery: true,
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
    platform: { ...platform, addons: ["flagger"] },
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

describe("registeredObjects", () => {
  it("are those that the components register, for tenants that use every section of their file", async () => {
    const spec = everything();
    const names = await recordedObjects(spec);
    assert.ok(names.length > 100, `${names.length} objects`);
    assert.deepEqual(listedObjects(spec), names);
  });

  it("are those that the components register for tenants and a platform that clone by HTTPS", async () => {
    const { github, ...rest } = everything();
    const owners = [PLATFORM_TOKEN, ...rest.tenants.map(({ name }) => name)];
    const gitTokens = Object.fromEntries(owners.map((owner) => [owner, { write: true }]));
    const spec = { ...rest, github: { ...github, gitTokens } };
    const names = await recordedObjects(spec);
    assert.ok(names.some((name) => name.includes("--token")));
    assert.deepEqual(listedObjects(spec), names);
  });

  it("are those that the components register for tenants of shards", async () => {
    const { flux, tenants, ...rest } = everything();
    const sharded = tenants.map((tenant) => ({ ...tenant, shard: "untrusted" }));
    const spec = { ...rest, flux: { ...flux, shards: ["untrusted"] }, tenants: sharded };
    const names = await recordedObjects(spec);
    assert.ok(names.some((name) => name.includes("untrusted")));
    assert.deepEqual(listedObjects(spec), names);
  });
});
