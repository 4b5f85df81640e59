import assert from "node:assert/strict";
import { networkPolicySpec } from "../../../policies/network-policy.js";
import { tenantSpec } from "../../support/unit/spec.js";

const namespaced = (name: string) => ({ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } } });

describe("a tenant's network policy", () => {
  it("of a file that says nothing opens DNS and the tenant's own pods, and nothing else", () => {
    const spec = networkPolicySpec(tenantSpec("team-a"), []);
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
      ingress: [{ namespace: "gateway" }],
      egress: [{ cidr: "0.0.0.0/0", ports: [443] }],
    };
    const imported = [{ pods: { namespace: "search", labels: { app: "api" }, port: 8080 } }];
    const { ingress, egress } = networkPolicySpec(tenantSpec("team-a", { network }), imported);
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
    const network = { ingress: [], egress: [{ cidr: "0.0.0.0/0", ports: [443, 8443] }] };
    const rule = networkPolicySpec(tenantSpec("team-a", { network }), []).egress.at(-1) as {
      to: { ipBlock: { cidr: string; except: string[] } }[];
      ports: unknown;
    };
    assert.ok(rule.to[0]?.ipBlock.except.includes("169.254.0.0/16"));
    assert.deepEqual(rule.ports, [
      { protocol: "TCP", port: 443 },
      { protocol: "TCP", port: 8443 },
    ]);
  });

  it("opens ranges of ports, and ports of UDP, and no others", () => {
    const ports = ["8000-8010", "53/udp", "3000-3010/udp", "22", "7-7/tcp"];
    const network = { ingress: [], egress: [{ cidr: "203.0.113.0/24", ports }] };
    assert.deepEqual(networkPolicySpec(tenantSpec("team-a", { network }), []).egress.at(-1), {
      to: [{ ipBlock: { cidr: "203.0.113.0/24" } }],
      ports: [
        { protocol: "TCP", port: 8000, endPort: 8010 },
        { protocol: "UDP", port: 53 },
        { protocol: "UDP", port: 3000, endPort: 3010 },
        { protocol: "TCP", port: 22 },
        { protocol: "TCP", port: 7 },
      ],
    });
  });

  it("leads to the pods behind an imported service, on their port, and to no others of that namespace", () => {
    const imported = [{ pods: { namespace: "search", labels: { app: "api" }, port: 8080 } }];
    assert.deepEqual(networkPolicySpec(tenantSpec("team-a"), imported).egress.at(-1), {
      to: [{ ...namespaced("search"), podSelector: { matchLabels: { app: "api" } } }],
      ports: [{ protocol: "TCP", port: 8080 }],
    });
  });
});
