import assert from "node:assert/strict";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { PLATFORM_TOKEN } from "../../../config/stack/git-tokens.js";
import { FLUX_NAMESPACE } from "../../../lib/kubernetes/ownership-labels.js";
import { objectIdentity } from "../../../lib/state/stack-state.js";
import { identitiesOf } from "../../../preflight/registered-object.js";
import { registeredObjects } from "../../../preflight/registered-objects.js";
import { fixtures } from "../../support/fixtures.js";
import { hardenedMadeUpFlux, ownRepository, recordFleet, root } from "../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";
import { stackNames, stackSpec } from "../../support/unit/stack-config.js";

/** Identities of the Kubernetes objects that the components register. */
async function recorded(spec: FleetSpec): Promise<string[]> {
  const secrets = Object.fromEntries(
    spec.tenants.map(({ name }) => [name, { chat: "https://chat.example.com", registry: "made up" }]),
  );
  const existing = [
    spec.platform.repository.name,
    ...spec.tenants.flatMap((one) => one.repositories.map(({ name }) => name)),
  ];
  const { registrations } = await recordFleet(spec, {
    secrets,
    commonSecrets: { proxy: { password: "made up" } },
    pullSecrets: { registry: { password: "made up" } },
    repositories: new Map(spec.github.ownsRepositories ? [] : existing.map(ownRepository)),
  });
  return registrations
    .filter(({ type }) => !type.endsWith("Patch"))
    .flatMap(({ type, inputs }) => {
      const { namespace, ...metadata } = (inputs.metadata ?? {}) as { readonly namespace?: unknown };
      // Objects of the platform have Flux's namespace as an output.
      const place = namespace === undefined || typeof namespace === "string" ? namespace : FLUX_NAMESPACE;
      return objectIdentity(type, { ...metadata, namespace: place }) ?? [];
    })
    .sort();
}

const listed = (spec: FleetSpec) => [...identitiesOf(registeredObjects(spec, hardenedMadeUpFlux(spec)))].sort();

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
    const names = await recorded(spec);
    assert.ok(names.length > 100, `${names.length} objects`);
    assert.deepEqual(listed(spec), names);
  });

  it("are those that the components register for tenants and a platform that clone by HTTPS", async () => {
    const { github, ...rest } = everything();
    const owners = [PLATFORM_TOKEN, ...rest.tenants.map(({ name }) => name)];
    const gitTokens = Object.fromEntries(owners.map((owner) => [owner, { write: true }]));
    const spec = { ...rest, github: { ...github, gitTokens } };
    const names = await recorded(spec);
    assert.ok(names.some((name) => name.includes("--token")));
    assert.deepEqual(listed(spec), names);
  });

  it("are those that the components register for tenants of shards", async () => {
    const { flux, tenants, ...rest } = everything();
    const sharded = tenants.map((tenant) => ({ ...tenant, shard: "untrusted" }));
    const spec = { ...rest, flux: { ...flux, shards: ["untrusted"] }, tenants: sharded };
    const names = await recorded(spec);
    assert.ok(names.some((name) => name.includes("untrusted")));
    assert.deepEqual(listed(spec), names);
  });

  for (const [folder, path] of Object.entries({ "the fixtures": fixtures, "the checkout": root })) {
    for (const stack of stackNames(path)) {
      it(`are those that the components register for the stack ${stack} of ${folder}`, async () => {
        const spec = stackSpec(path, stack);
        assert.deepEqual(listed(spec), await recorded(spec));
      });
    }
  }
});
