import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { createAuthority, issueClient, issueServer } from "@fleet/sandbox/control-plane/certificates";
import { KubeConfig } from "@kubernetes/client-node";
import { Agent, request } from "undici";
import { CountingProxy } from "../../bench/counting-proxy.js";
import { httpServer, type TestServer } from "../../support/unit/servers.js";

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("the proxy that counts requests to the API server", () => {
  let directory: string;
  let upstream: TestServer;
  let proxy: CountingProxy;
  let caller: Agent;
  let url: string;
  let token: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "fleet-proxy-"));
    const authority = await createAuthority("authority");
    const names = { dns: ["localhost"], ip: ["127.0.0.1"] };
    const server = await issueServer(authority, { commonName: "upstream" }, names);
    const admin = await issueClient(authority, { commonName: "admin" });
    upstream = await httpServer(
      async (incoming, outgoing) => {
        const body = await incoming.toArray();
        const user = (incoming.socket as TLSSocket).getPeerCertificate().subject.CN;
        const { method, url: path, headers } = incoming;
        outgoing.writeHead(method === "POST" ? 201 : 200, { "x-reply": "yes" });
        outgoing.end(JSON.stringify({ method, path, user, token: headers.authorization, body: body.join("") }));
      },
      { ...server, ca: authority.cert, requestCert: true, rejectUnauthorized: true },
    );
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      { name: "a", server: `https://127.0.0.1:${upstream.port}`, caData: base64(authority.cert), skipTLSVerify: false },
      { name: "a", certData: base64(admin.cert), keyData: base64(admin.key) },
    );
    await writeFile(join(directory, "kubeconfig"), config.exportConfig());
    proxy = await CountingProxy.start(join(directory, "kubeconfig"), directory);
    const own = new KubeConfig();
    own.loadFromFile(proxy.kubeconfig);
    url = own.getCurrentCluster()?.server ?? "";
    token = own.getCurrentUser()?.token ?? "";
    caller = new Agent({ connect: { ca: Buffer.from(own.getCurrentCluster()?.caData ?? "", "base64").toString() } });
  });

  after(async () => {
    await caller.destroy();
    await proxy.end();
    await upstream.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const send = async (method: "GET" | "POST", path: string, body?: string) => {
    const answer = await request(`${url}${path}`, {
      method,
      dispatcher: caller,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body }),
    });
    return { status: answer.statusCode, reply: answer.headers["x-reply"], body: await answer.body.json() };
  };

  it("keeps its kubeconfig, with a token of an administrator's rights, to its user", async () => {
    assert.equal((await stat(proxy.kubeconfig)).mode & 0o077, 0);
    assert.doesNotMatch(await readFile(proxy.kubeconfig, "utf8"), /client-key-data/);
  });

  it("refuses callers without its token, and does not count them", async () => {
    const { requests } = await proxy.during(async () => {
      for (const headers of [{}, { authorization: "Bearer " }, { authorization: `Bearer ${token}0` }]) {
        const { statusCode } = await request(`${url}/api`, { dispatcher: caller, headers });
        assert.equal(statusCode, 401);
      }
    });
    assert.deepEqual(requests, []);
  });

  it("passes requests on as the administrator, and answers as they come", async () => {
    assert.deepEqual(await send("POST", "/api/v1/namespaces?dryRun=All", "content"), {
      status: 201,
      reply: "yes",
      body: { method: "POST", path: "/api/v1/namespaces?dryRun=All", user: "admin", body: "content" },
    });
  });

  it("counts the requests of a job, and none before or after it", async () => {
    await send("GET", "/before");
    const { result, requests } = await proxy.during(async () => {
      await Promise.all([send("GET", "/api"), send("GET", "/apis")]);
      await send("POST", "/api/v1/namespaces", "{}");
      return "done";
    });
    await send("GET", "/after");
    assert.equal(result, "done");
    assert.deepEqual(requests.map(({ method, url: path }) => `${method} ${path}`).sort(), [
      "GET /api",
      "GET /apis",
      "POST /api/v1/namespaces",
    ]);
  });

  it("breaks the connection when the API server does not answer", async () => {
    await upstream.stop();
    await assert.rejects(send("GET", "/api"), /other side closed|ECONNRESET|socket/i);
  });
});
