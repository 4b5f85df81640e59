import assert from "node:assert/strict";
import { dockerConfig, pullSecretsOf } from "../../../../policies/pull-secrets.js";
import type { Recording } from "../../../../review/record/recorder.js";
import { recordFleet } from "../../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../../support/unit/spec.js";

const secretType = "kubernetes:core/v1:Secret";
const registry = { registry: "registry.example.com", username: "robot" };
const common = {
  configMaps: { ca: { "ca.crt": "made-up certificate" } },
  secrets: ["proxy"],
  pullSecrets: { registry },
};
const tenant = tenantSpec("team-a", {
  namespaces: { "team-a-jobs": {} },
  pullSecrets: { ghcr: { registry: "ghcr.io", username: "team-a", secret: "ghcr-token" } },
  serviceAccounts: { web: {} },
});

describe("pull Secrets", () => {
  it("have Docker Hub's own key, where the kubelet and Flux look for it", () => {
    for (const host of ["docker.io", "index.docker.io"]) {
      assert.deepEqual(JSON.parse(dockerConfig({ registry: host, username: "a" }, "b")), {
        auths: { "https://index.docker.io/v1/": { username: "a", password: "b", auth: "YTpi" } },
      });
    }
    const other = dockerConfig({ registry: "registry.example.com:5000", username: "a" }, "b");
    assert.deepEqual(Object.keys(JSON.parse(other).auths), ["registry.example.com:5000"]);
  });

  it("of a tenant replace those of the stack with the same name", () => {
    const own = { registry: "registry.example.com", username: "team-a", secret: "mine" };
    assert.deepEqual(pullSecretsOf({ pullSecrets: { registry: own } }, common), [
      { name: "registry", objectName: "fleet-pull-registry", ...own },
    ]);
  });
});

describe("common objects as they are registered", () => {
  it("are none, and cost nothing, unless settings or file ask for them", async () => {
    const fleet = await recordFleet(fleetSpec({ tenants: [tenantSpec("team-a", { serviceAccounts: { web: {} } })] }));
    assert.deepEqual(
      fleet.registrations.filter(({ name }) => /-(common-config|common-secret|pull-secret)$/.test(name)),
      [],
    );
    const account = fleet.find("kubernetes:core/v1:ServiceAccount", "team-a.team-a.web-account");
    assert.ok(!("imagePullSecrets" in account.inputs));
    const quota = fleet.find("kubernetes:core/v1:ResourceQuota", "team-a.team-a-quota");
    assert.equal((quota.inputs.spec as { hard: Record<string, string> }).hard["count/configmaps"], "100");
  });

  describe("on a stack that has some", () => {
    let fleet: Recording;
    before(async () => {
      fleet = await recordFleet(fleetSpec({ common, tenants: [tenant, tenantSpec("team-b")] }), {
        secrets: { "team-a": { "ghcr-token": "hunter1" } },
        commonSecrets: { proxy: { url: "hunter2" } },
        pullSecrets: { registry: { registry: "registry.example.com", username: "robot", password: "hunter3" } },
      });
    });
    const namesIn = (namespace: string) =>
      fleet.registrations
        .map(({ inputs }) => inputs.metadata as { name: string; namespace?: string } | undefined)
        .filter((metadata) => metadata?.namespace === namespace && /^fleet-/.test(metadata.name))
        .map((metadata) => metadata?.name)
        .sort();
    const decoded = (name: string, key: string) => {
      const { data } = fleet.find(secretType, name).inputs as { data: Record<string, string> };
      return Buffer.from(data[key] ?? "", "base64").toString();
    };

    it("are in every namespace, and a tenant's own credentials in its namespaces alone", () => {
      const shared = ["fleet-common-ca", "fleet-common-proxy", "fleet-pull-registry"];
      for (const namespace of ["team-a", "team-a-jobs"]) {
        assert.deepEqual(namesIn(namespace), [...shared.slice(0, 2), "fleet-pull-ghcr", "fleet-pull-registry"]);
      }
      assert.deepEqual(namesIn("team-b"), shared);
    });

    it("have the values of the settings, and of the tenant's own secrets", () => {
      assert.equal(decoded("team-b.team-b.proxy-common-secret", "url"), "hunter2");
      assert.deepEqual(
        JSON.parse(decoded("team-b.team-b.registry-pull-secret", ".dockerconfigjson")),
        JSON.parse(dockerConfig(registry, "hunter3")),
      );
      assert.match(decoded("team-a.team-a-jobs.ghcr-pull-secret", ".dockerconfigjson"), /"ghcr.io":.*"hunter1"/);
      const { data } = fleet.find("kubernetes:core/v1:ConfigMap", "team-b.team-b.ca-common-config").inputs;
      assert.deepEqual(data, common.configMaps.ca);
    });

    it("keep every secret value secret", () => {
      const secrets = fleet.registrations.filter(({ name }) => /-(common-secret|pull-secret)$/.test(name));
      assert.equal(secrets.length, 8);
      for (const { name, secretInputs } of secrets) assert.ok(secretInputs.includes("data"), name);
      for (const { name, inputs } of fleet.registrations.filter((one) => !secrets.includes(one))) {
        assert.doesNotMatch(JSON.stringify(inputs), /hunter|aHVudGVy/, name);
      }
    });

    it("are pull Secrets by their type, which the kubelet asks for", () => {
      const { inputs } = fleet.find(secretType, "team-b.team-b.registry-pull-secret");
      assert.equal(inputs.type, "kubernetes.io/dockerconfigjson");
    });

    it("come after the quota that has room for them, and go after the sync that uses them", () => {
      const object = fleet.find("kubernetes:core/v1:ConfigMap", "team-b.team-b.ca-common-config");
      const quota = fleet.find("kubernetes:core/v1:ResourceQuota", "team-b.team-b-quota");
      assert.ok(fleet.waitsFor(object, quota));
      assert.equal((quota.inputs.spec as { hard: Record<string, string> }).hard["count/configmaps"], "125");
      const sync = fleet.find("kubernetes:kustomize.toolkit.fluxcd.io/v1:Kustomization", "team-b.team-b-sync");
      assert.ok(fleet.waitsFor(sync, object));
      assert.ok(fleet.waitsFor(sync, fleet.find(secretType, "team-b.team-b.registry-pull-secret")));
    });

    it("are the platform's, also where a tenant took the name under an older version", () => {
      for (const { inputs } of fleet.registrations.filter(({ name }) => name.endsWith("-common-config"))) {
        const { labels, annotations } = inputs.metadata as Record<"labels" | "annotations", Record<string, string>>;
        assert.equal(labels["app.kubernetes.io/managed-by"], "fleet");
        assert.equal(annotations["pulumi.com/patchForce"], "true");
      }
    });

    it("serve the pods of accounts that the platform owns, and never the account default, which has another owner", () => {
      const all = fleet.registrations.filter(({ type }) => /:ServiceAccount(Patch)?$/.test(type));
      const accounts = all.filter(({ inputs }) => /^team-/.test((inputs.metadata as { namespace: string }).namespace));
      const names = accounts.map(({ inputs }) => (inputs.metadata as { name: string }).name);
      assert.ok(!names.includes("default"));
      assert.equal(accounts.length, 4);
      assert.deepEqual(
        fleet.find("kubernetes:core/v1:ServiceAccount", "team-a.team-a.web-account").inputs.imagePullSecrets,
        [{ name: "fleet-pull-registry" }, { name: "fleet-pull-ghcr" }],
      );
      for (const { name, inputs } of accounts.filter(({ name }) => name.endsWith("-reconciler"))) {
        assert.ok(!("imagePullSecrets" in inputs), name);
      }
    });
  });
});
