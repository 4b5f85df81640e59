import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import type { V1Service } from "@kubernetes/client-node";
import getPort from "get-port";
import { startServiceProxy } from "../../../flux-runner/service-proxy.js";
import { backendPort, ServiceAddresses } from "../../../flux-runner/services.js";
import { container, pod } from "../../support/pods.js";

const service = (selector: Record<string, string>, targetPort: number | string): V1Service => ({
  metadata: { namespace: "flux-system" },
  spec: { selector, ports: [{ port: 80, targetPort }] },
});
const ready = { pod: pod(), ports: new Map([[9090, 40003]]) };

describe("the backend of a Service", () => {
  it("is none when no ready pod has all labels of the selector", () => {
    assert.equal(backendPort(service({ app: "kustomize-controller", more: "x" }, "http"), [ready]), undefined);
    assert.equal(backendPort(service({ app: "kustomize-controller" }, "http"), []), undefined);
  });

  it("is none in another namespace, and none at a port that the Service does not have", () => {
    const elsewhere = { ...service({ app: "kustomize-controller" }, "http"), metadata: { namespace: "payments" } };
    assert.equal(backendPort(elsewhere, [ready]), undefined);
    const here = service({ app: "kustomize-controller" }, "http");
    assert.equal(backendPort(here, [ready], 443), undefined);
    assert.equal(backendPort(here, [ready], 80), 40003);
  });

  it("is none for a Service that does not exist or selects nothing", () => {
    assert.equal(backendPort(undefined, [ready]), undefined);
    assert.equal(backendPort(service({}, "http"), [ready]), undefined);
  });

  it("is none when the pod declares no port of the target's name, or does not listen on it", () => {
    assert.equal(backendPort(service({ app: "kustomize-controller" }, "http-webhook"), [ready]), undefined);
    assert.equal(backendPort(service({ app: "kustomize-controller" }, "healthz"), [ready]), undefined);
  });

  it("is the process of the ready pod, by name or number of the port", () => {
    assert.equal(backendPort(service({ app: "kustomize-controller" }, "http"), [ready]), 40003);
    assert.equal(backendPort(service({ app: "kustomize-controller" }, 9090), [ready]), 40003);
  });

  it("skips a pod that does not serve the port for one that does", () => {
    const silent = { pod: pod(container({ ports: [] })), ports: new Map() };
    assert.equal(backendPort(service({ app: "kustomize-controller" }, "http"), [silent, ready]), 40003);
  });
});

describe("the proxy of a Service", () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  async function answering(text: string): Promise<number> {
    const server = createServer((socket) => socket.end(text));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  }

  async function read(port: number): Promise<string> {
    const socket = connect({ host: "127.0.0.1", port });
    let text = "";
    for await (const chunk of socket) text += String(chunk);
    return text;
  }

  it("fails a connection at once when nothing is ready, so that the caller tries again", async () => {
    const proxy = await startServiceProxy(await getPort({ host: "127.0.0.1" }), () => undefined);
    try {
      await assert.rejects(read(proxy.port), /ECONNRESET/);
    } finally {
      await proxy.stop();
    }
  });

  it("follows a rollout: the next connection goes to the new process", async () => {
    let current = await answering("old");
    const proxy = await startServiceProxy(await getPort({ host: "127.0.0.1" }), () => current);
    try {
      assert.equal(await read(proxy.port), "old");
      current = await answering("new");
      assert.equal(await read(proxy.port), "new");
    } finally {
      await proxy.stop();
    }
  });

  it("says so when its port is taken, for another to be chosen", async () => {
    const port = await answering("mine");
    await assert.rejects(
      startServiceProxy(port, () => undefined),
      /EADDRINUSE/,
    );
  });

  it("does not wait for open connections when it stops", async () => {
    const silent = createServer();
    servers.push(silent);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const backend = (silent.address() as AddressInfo).port;
    const proxy = await startServiceProxy(await getPort({ host: "127.0.0.1" }), () => backend);
    const socket = connect({ host: "127.0.0.1", port: proxy.port });
    await once(silent, "connection");
    const closed = once(socket, "close");
    await proxy.stop();
    await closed;
  });

  it("starts when the Service is first asked for, once, and ends with the others", async () => {
    const own = await startServiceProxy(0, () => undefined);
    const backend = await answering("of batch");
    const addresses = new ServiceAddresses(new Map([["source-controller", own]]), (name) =>
      name === "source-controller-batch" ? backend : undefined,
    );
    const name = "source-controller-batch";
    const [first, second] = await Promise.all([addresses.with(name), addresses.with(name)]);
    assert.deepEqual(first, second);
    assert.equal(first.get("source-controller"), `127.0.0.1:${own.port}`);
    const port = Number(first.get(name)?.replace(/^.*:/, ""));
    assert.equal(await read(port), "of batch");
    await addresses.stop();
    await assert.rejects(read(port), /ECONNREFUSED/);
    await assert.rejects(read(own.port), /ECONNREFUSED/);
  });
});
