import assert from "node:assert/strict";
import type { TenantSpec } from "../../../config/tenant/schema.js";
import {
  connectionsIn,
  exportPolicySpec,
  importedServiceSpec,
  serviceConnections,
} from "../../../policies/service-connections.js";
import { recordFleet } from "../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

const search = { tenant: "team-b", export: "api", namespace: "team-a" };
const api = { service: "search-api", namespace: "search", port: 8080, pods: { app: "api" }, to: ["team-a"] };
const metrics = {
  namespace: "monitoring",
  service: "prometheus",
  port: 9090,
  pods: { app: "prometheus" },
  to: ["team-a"],
};
const importer = tenantSpec("team-a", { imports: { search } });
const exporter = tenantSpec("team-b", {
  namespace: { name: "search" },
  exports: { api },
});
const bystander = tenantSpec("team-c");
const none = { imports: [], exports: [] };
const stackOf = (...tenants: readonly TenantSpec[]) => ({ tenants, platform: { exports: {} } });

describe("servicePaths", () => {
  const stack = stackOf(importer, exporter, bystander);

  it("open nothing for being listed without importing, nor for importing without being listed", () => {
    const silent = tenantSpec("team-a");
    assert.deepEqual(serviceConnections(exporter, stackOf(silent, exporter)), none);
    const deaf = { ...exporter, exports: { api: { ...api, to: ["team-c"] } } };
    assert.deepEqual(serviceConnections(importer, stackOf(importer, deaf)), none);
    assert.deepEqual(serviceConnections(deaf, stackOf(importer, deaf)), none);
    assert.deepEqual(serviceConnections(bystander, stack), none);
  });

  it("lead to the same pods and port on both sides, by the namespace and not by the tenant's name", () => {
    const pods = { namespace: "search", labels: { app: "api" }, port: 8080 };
    const { imports } = serviceConnections(importer, stack);
    assert.equal(imports.length, 1);
    assert.deepEqual(imports[0]?.pods, pods);
    assert.deepEqual(serviceConnections(exporter, stack).exports, [{ name: "api", pods, from: ["team-a"] }]);
  });

  it("lead to the platform only where it lists the tenant, or everybody", () => {
    const asking = tenantSpec("team-a", { imports: { metrics: { platform: "metrics", namespace: "team-a" } } });
    const offering = (to: string[]) => ({ tenants: [asking], platform: { exports: { metrics: { ...metrics, to } } } });
    assert.deepEqual(serviceConnections(asking, offering(["team-b"])), none);
    for (const to of [["team-a"], ["*"]]) {
      assert.deepEqual(serviceConnections(asking, offering(to)).imports[0]?.pods, {
        namespace: "monitoring",
        labels: { app: "prometheus" },
        port: 9090,
      });
    }
  });

  it("do not take a tenant's export for everybody's because it lists one that is called *", () => {
    const loud = { ...exporter, exports: { api: { ...api, to: ["*"] } } };
    assert.deepEqual(serviceConnections(importer, stackOf(importer, loud)), none);
  });

  it("concern the one namespace of the tenant that they begin or end in", () => {
    const paths = serviceConnections(exporter, stack);
    assert.deepEqual(connectionsIn("search-jobs", paths), none);
    assert.deepEqual(connectionsIn("search", paths), paths);
  });
});

describe("an imported service", () => {
  it("is a name and nothing else: no selector, no address, no port", () => {
    const [imported] = serviceConnections(importer, stackOf(importer, exporter)).imports;
    assert.ok(imported);
    assert.deepEqual(importedServiceSpec(imported, "cluster.example"), {
      type: "ExternalName",
      externalName: "search-api.search.svc.cluster.example",
    });
  });
});

describe("an exported service", () => {
  it("lets the importers' namespaces reach its own pods and port, and no others", () => {
    const [exported] = serviceConnections(exporter, stackOf(importer, exporter)).exports;
    assert.ok(exported);
    assert.deepEqual(exportPolicySpec(exported), {
      podSelector: { matchLabels: { app: "api" } },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "team-a" } } }],
          ports: [{ protocol: "TCP", port: 8080 }],
        },
      ],
    });
  });
});

describe("a fleet with an imported service", () => {
  it("registers a Service on one side, a policy on the other, and rules for the same path on both", async () => {
    const fleet = await recordFleet(fleetSpec({ tenants: [importer, exporter, bystander] }));
    const services = fleet.ofType("kubernetes:core/v1:Service").filter(({ name }) => name.endsWith("-import"));
    assert.deepEqual(
      services.map(({ name }) => name),
      ["team-a.team-a.search-import"],
    );
    const [service] = services;
    assert.ok(service);
    const { metadata } = service.inputs as { metadata: { name: string; annotations: Record<string, string> } };
    assert.equal(metadata.name, "search");
    // One tenant's own object of that name must not stop the whole platform's update.
    assert.equal(metadata.annotations["pulumi.com/patchForce"], "true");
    const policies = fleet.ofType("kubernetes:networking.k8s.io/v1:NetworkPolicy");
    assert.deepEqual(policies.filter(({ name }) => name.endsWith("-export")).length, 1);
    const egress = JSON.stringify(
      fleet.find("kubernetes:networking.k8s.io/v1:NetworkPolicy", "team-a.team-a-network").inputs.spec,
    );
    assert.match(egress, /"podSelector":\{"matchLabels":\{"app":"api"\}\}/);
    const quota = fleet.find("kubernetes:core/v1:ResourceQuota", "team-a.team-a-quota");
    assert.ok(fleet.waitsFor(service, quota), "until the quota is counted, nothing that it counts is admitted");
  });
});
