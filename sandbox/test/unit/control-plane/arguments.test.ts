import assert from "node:assert/strict";
import { parse } from "yaml";
import { apiserverArgs } from "../../../control-plane/apiserver.js";
import { controllerManagerArgs } from "../../../control-plane/controller-manager.js";
import { egressSelectorConfig } from "../../../control-plane/egress-selector.js";
import { etcdArgs } from "../../../control-plane/etcd.js";
import type { Pki } from "../../../control-plane/pki.js";

const pair = (name: string) => ({ cert: `${name}.crt`, key: `${name}.key` });
const pki: Pki = {
  ca: { pem: "CA", path: "ca.crt" },
  apiserver: pair("apiserver"),
  kubeletClient: pair("kubelet-client"),
  etcd: { ca: "etcd-ca.crt", server: pair("etcd-server"), client: pair("etcd-client") },
  serviceAccount: { privateKey: "sa.key", publicKey: "sa.pub" },
  clients: { admin: pair("a"), "controller-manager": pair("b"), scheduler: pair("c"), kwok: pair("d") },
};

describe("arguments of the control plane", () => {
  const apiserver = apiserverArgs({ pki, port: 1, etcdPort: 2 });
  const etcd = etcdArgs({ dir: "data", pki, clientPort: 2, peerPort: 3 });

  it("admit no anonymous request and authorize by RBAC, as on a real cluster", () => {
    assert.ok(apiserver.includes("--anonymous-auth=false"));
    assert.ok(apiserver.includes("--authorization-mode=Node,RBAC"));
  });

  it("switch no default admission off, neither Pod Security nor webhooks", () => {
    const reaching = apiserverArgs({ pki, port: 1, etcdPort: 2, egressSelector: "egress.yaml" });
    for (const args of [apiserver, reaching]) {
      assert.deepEqual(
        args.filter((arg) => arg.includes("disable-admission") || arg.includes("admission-control-config")),
        [],
      );
    }
  });

  it("lead to Services by the given configuration only", () => {
    const selectors = (args: string[]) => args.filter((arg) => arg.startsWith("--egress-selector"));
    assert.deepEqual(selectors(apiserver), []);
    assert.deepEqual(selectors(apiserverArgs({ pki, port: 1, etcdPort: 2, egressSelector: "egress.yaml" })), [
      "--egress-selector-config-file=egress.yaml",
    ]);
    const { egressSelections } = parse(egressSelectorConfig("socket"));
    assert.deepEqual(egressSelections, [
      {
        name: "cluster",
        connection: { proxyProtocol: "HTTPConnect", transport: { uds: { udsName: "socket" } } },
      },
    ]);
  });

  it("give access to etcd only with a certificate of its own authority", () => {
    for (const flag of ["--client-cert-auth", "--peer-client-cert-auth", "--trusted-ca-file=etcd-ca.crt"]) {
      assert.ok(etcd.includes(flag), flag);
    }
    const urls = etcd.filter((arg) => arg.includes("-urls="));
    assert.deepEqual(
      urls.filter((arg) => !arg.includes("=https://127.0.0.1:")),
      [],
    );
  });

  it("listen on loopback only, and need no default route to know their address", () => {
    assert.ok(apiserver.includes("--bind-address=127.0.0.1"));
    assert.ok(apiserver.includes("--advertise-address=127.0.0.1"));
  });

  it("keep the controllers that an environment depends on", () => {
    const args = controllerManagerArgs({ kubeconfig: "k", pki });
    const controllers = args.find((arg) => arg.startsWith("--controllers="));
    assert.match(controllers ?? "", /^--controllers=\*,/);
    const needed = ["namespace", "garbage-collector", "serviceaccount", "resourcequota", "clusterrole-aggregation"];
    for (const name of [...needed, "deployment", "replicaset", "endpointslice", "job", "statefulset", "daemonset"]) {
      assert.doesNotMatch(controllers ?? "", new RegExp(`,-${name}-controller(,|$)`), name);
    }
    assert.ok(args.includes("--use-service-account-credentials"));
  });
});
