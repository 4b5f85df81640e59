import assert from "node:assert/strict";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import type { V1Service } from "@kubernetes/client-node";
import { type ClusterNetwork, serviceTarget, startClusterNetwork } from "../../../flux-runner/cluster-network.js";
import { container, pod } from "../../support/pods.js";

const address = "10.96.7.7";
const webhook: V1Service = {
  metadata: { name: "webhook", namespace: "flux-system" },
  spec: { clusterIP: address, selector: { app: "kustomize-controller" }, ports: [{ port: 443, targetPort: "http" }] },
};
const readyAt = (port: number) => [{ pod: pod(container()), ports: new Map([[9090, port]]) }];

describe("the process behind a Service's address", () => {
  it("is none where the pods are not processes, or no Service has the address or the port", () => {
    assert.equal(serviceTarget({ host: address, port: 443 }, [webhook], []), undefined);
    assert.equal(serviceTarget({ host: address, port: 443 }, [], readyAt(1)), undefined);
    assert.equal(serviceTarget({ host: "10.96.7.8", port: 443 }, [webhook], readyAt(1)), undefined);
    assert.equal(serviceTarget({ host: address, port: 80 }, [webhook], readyAt(1)), undefined);
  });

  it("is the ready pod's loopback port", () => {
    assert.deepEqual(serviceTarget({ host: address, port: 443 }, [webhook], readyAt(40003)), {
      host: "127.0.0.1",
      port: 40003,
    });
  });
});

describe("the API server's way to Services", () => {
  let network: ClusterNetwork;
  let server: Server;
  let port: number;
  beforeEach(async () => {
    network = await startClusterNetwork();
    server = createServer((socket) => socket.end("the webhook"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(async () => {
    await network.stop();
    await new Promise((resolve) => server.close(resolve));
  });

  /** All that a connection to a target answers. */
  function connected(target: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(network.socket, () =>
        socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`),
      );
      let answer = "";
      socket.once("error", reject);
      socket.on("data", (data) => {
        answer += data.toString();
      });
      socket.once("end", () => resolve(answer));
    });
  }
  const lookup = (services: readonly V1Service[]) => ({
    asked: [] as (string | undefined)[],
    async listServiceForAllNamespaces({ fieldSelector }: { readonly fieldSelector?: string } = {}) {
      this.asked.push(fieldSelector);
      return { items: [...services] };
    },
  });

  it("leads to no Service before the runner is there, but to the node", async () => {
    assert.match(await connected(`${address}:443`), /^HTTP\/1\.1 502 Bad Gateway\r\n/);
    assert.match(await connected(`127.0.0.1:${port}`), /^HTTP\/1\.1 200 .*\r\n\r\nthe webhook$/);
  });

  it("refuses a Service of pods that are no processes, and any other address", async () => {
    network.attach(lookup([webhook]), () => []);
    assert.match(await connected(`${address}:443`), /^HTTP\/1\.1 502 /);
    network.attach(lookup([]), () => readyAt(port));
    for (const target of ["10.244.0.3:443", "registry.example:443"]) {
      assert.match(await connected(target), /^HTTP\/1\.1 502 /);
    }
  });

  it("says why it cannot look the Service up", async () => {
    const failing = { listServiceForAllNamespaces: () => Promise.reject(new Error("the API server\nis away")) };
    network.attach(failing, () => readyAt(port));
    assert.match(await connected(`${address}:443`), /^HTTP\/1\.1 502 Bad Gateway: the API server is away\r\n/);
  });

  it("leads to the process behind a Service, which it looks up by its address", async () => {
    const services = lookup([webhook]);
    network.attach(services, () => readyAt(port));
    assert.match(await connected(`${address}:443`), /^HTTP\/1\.1 200 .*\r\n\r\nthe webhook$/);
    assert.deepEqual(services.asked, [`spec.clusterIP=${address}`]);
  });
});
