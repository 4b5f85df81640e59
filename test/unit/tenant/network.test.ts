import assert from "node:assert/strict";
import { networkPolicySpec, tenantPaths } from "../../../components/tenant/network.js";
import { tenantSpec } from "../support/spec.js";

const none = { to: [], from: [] };
const nothing = { ingress: [], egress: [], tenants: [], allowFrom: [] };
const namespaced = (name: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });

describe("a tenant's network policy", () => {
  it("of a file that says nothing opens DNS and the tenant's own pods, and nothing else", () => {
    const spec = networkPolicySpec(tenantSpec("team-a"), none);
    assert.deepEqual(spec.podSelector, {});
    assert.deepEqual(spec.policyTypes, ["Ingress", "Egress"]);
    assert.deepEqual(spec.ingress, [{ from: [{ podSelector: {} }] }]);
    assert.deepEqual(spec.egress, [
      { to: [{ podSelector: {} }] },
      {
        to: [namespaced("kube-system"), { ipBlock: { cidr: "169.254.20.10/32" } }],
        ports: [
          { protocol: "UDP", port: 53 },
          { protocol: "TCP", port: 53 },
        ],
      },
    ]);
  });

  it("has no rule without peers, which would let everybody in", () => {
    const network = {
      ...nothing,
      ingress: [{ namespace: "gateway" }],
      egress: [{ cidr: "0.0.0.0/0", ports: [443] }],
    };
    const { ingress, egress } = networkPolicySpec(tenantSpec("team-a", { network }), none);
    for (const { from } of ingress) assert.ok(from.length > 0);
    for (const { to } of egress) assert.ok(to.length > 0);
    const peers: readonly object[] = [
      ...ingress.flatMap(({ from }): readonly object[] => from),
      ...egress.flatMap(({ to }): readonly object[] => to),
    ];
    for (const peer of peers) {
      assert.notDeepEqual(peer, {});
      assert.notDeepEqual(peer, { namespaceSelector: {} });
    }
  });

  it("opens the Internet without the cloud's credentials", () => {
    const network = { ...nothing, egress: [{ cidr: "0.0.0.0/0", ports: [443, 8443] }] };
    const rule = networkPolicySpec(tenantSpec("team-a", { network }), none).egress.at(-1) as {
      to: { ipBlock: { cidr: string; except: string[] } }[];
      ports: unknown;
    };
    assert.ok(rule.to[0]?.ipBlock.except.includes("169.254.0.0/16"));
    assert.deepEqual(rule.ports, [
      { protocol: "TCP", port: 443 },
      { protocol: "TCP", port: 8443 },
    ]);
  });
});

describe("tenantPaths", () => {
  const importer = tenantSpec("team-a", { network: { ...nothing, tenants: [{ tenant: "team-b", port: 80 }] } });
  const exporter = tenantSpec("team-b", {
    namespace: { ...tenantSpec("team-b").namespace, name: "search" },
    network: { ...nothing, allowFrom: ["team-a"] },
  });
  const bystander = tenantSpec("team-c", { network: { ...nothing, allowFrom: ["team-a", "team-b"] } });
  const all = [importer, exporter, bystander];

  it("open nothing for being listed without asking, nor for asking without being listed", () => {
    const unlisted = tenantSpec("team-b");
    assert.deepEqual(tenantPaths(importer, [importer, unlisted]), none);
    assert.deepEqual(tenantPaths(unlisted, [importer, unlisted]), none);
    assert.deepEqual(tenantPaths(bystander, all), none);
  });

  it("open the same port on both sides, by the namespace and not by the tenant's name", () => {
    assert.deepEqual(tenantPaths(importer, all), { to: [{ namespace: "search", port: 80 }], from: [] });
    assert.deepEqual(tenantPaths(exporter, all), { to: [], from: [{ namespace: "team-a", port: 80 }] });
    const { egress } = networkPolicySpec(importer, tenantPaths(importer, all));
    const { ingress } = networkPolicySpec(exporter, tenantPaths(exporter, all));
    assert.deepEqual(egress.at(-1), { to: [namespaced("search")], ports: [{ protocol: "TCP", port: 80 }] });
    assert.deepEqual(ingress.at(-1), { from: [namespaced("team-a")], ports: [{ protocol: "TCP", port: 80 }] });
  });
});
