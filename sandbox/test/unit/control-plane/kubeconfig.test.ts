import assert from "node:assert/strict";
import { KubeConfig } from "@kubernetes/client-node";
import { parse } from "yaml";
import { kubeconfig } from "../../../control-plane/kubeconfig.js";

/** The part of a kubeconfig that Kubernetes' JavaScript client does not read. */
interface KubeconfigFile {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, unknown>> }[];
}

describe("kubeconfig", () => {
  const base = { name: "staging", server: "https://127.0.0.1:6443", ca: "CA" };

  it("holds no credential but a path when the user has a token file", () => {
    const text = kubeconfig({ ...base, credentials: { kind: "token-file", path: "pods/x/token" } });
    assert.doesNotMatch(text, /client-key-data|token:/);
    assert.match(text, /tokenFile: pods\/x\/token/);
  });

  it("holds no user at all when there are no credentials", () => {
    const text = kubeconfig({ ...base, credentials: { kind: "none" } });
    assert.doesNotMatch(text, /tokenFile|client-certificate-data/);
  });

  it("asks for no compressed answers, which cost processor time and save nothing on one machine", () => {
    const { clusters } = parse(kubeconfig({ ...base, credentials: { kind: "none" } })) as KubeconfigFile;
    assert.deepEqual(
      clusters.map(({ cluster }) => cluster["disable-compression"]),
      [true],
    );
  });

  it("can be copied away: certificates are embedded, and the client reads them back", () => {
    const config = new KubeConfig();
    config.loadFromString(kubeconfig({ ...base, credentials: { kind: "certificate", cert: "CERT", key: "KEY" } }));
    assert.equal(config.getCurrentContext(), "staging");
    assert.equal(config.getCurrentCluster()?.server, base.server);
    assert.equal(Buffer.from(config.getCurrentUser()?.certData ?? "", "base64").toString(), "CERT");
    assert.equal(Buffer.from(config.getCurrentCluster()?.caData ?? "", "base64").toString(), "CA");
  });
});
