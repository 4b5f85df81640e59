import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority, issueServer } from "@fleet/sandbox/control-plane/certificates";
import { type ApiClient, type ClusterLimits, get, mostAtATime } from "../../../../cli/cluster/api-client.js";
import { ClusterError } from "../../../../cli/cluster/cluster-error.js";
import { connectCurrent } from "../../../../cli/cluster/connect.js";
import { type BeginWait, waitsUntil } from "../../../../lib/time/waits.js";
import { FakeClock } from "../../../support/unit/fake-clock.js";
import { kubeconfigText, SECRET } from "../../../support/unit/kubeconfig.js";
import { httpServer, socketServer, socksTo, TestServers } from "../../../support/unit/servers.js";

describe("a client of an API server", () => {
  const servers = new TestServers();
  const clients: ApiClient[] = [];
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-api-client-"));
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.end();
    await servers.stop();
    rmSync(folder, { recursive: true });
  });

  const times: ClusterLimits = { answerMs: 30_000, loginMs: 30_000 };

  async function clientOf(server: string, user: object = { token: SECRET }, limits = times): Promise<ApiClient> {
    const file = join(folder, "kubeconfig");
    writeFileSync(file, kubeconfigText({ cluster: { server }, user }));
    const client = await connectCurrent({ KUBECONFIG: file, PATH: process.env.PATH }, limits);
    clients.push(client);
    return client;
  }

  async function serverOf(listener: RequestListener): Promise<string> {
    const { port } = await servers.started(httpServer(listener));
    return `http://127.0.0.1:${port}`;
  }

  /** A plugin that prints another token each time: `t1`, `t2`. @returns the user of a kubeconfig */
  function pluginUser(): object {
    const [script, count] = [join(folder, "plugin"), join(folder, "count")];
    const credential =
      '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t%s"}}';
    writeFileSync(script, `#!/bin/sh\necho x >> '${count}'\nprintf '${credential}' "$(grep -c x '${count}')"\n`);
    chmodSync(script, 0o755);
    return { exec: { apiVersion: "client.authentication.k8s.io/v1", command: script } };
  }
  const logins = () => readFileSync(join(folder, "count"), "utf8").length / 2;

  const failure = async (call: Promise<unknown>): Promise<ClusterError> => {
    const error = await call.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof ClusterError, String(error));
    assert.doesNotMatch(error.message, new RegExp(SECRET));
    return error;
  };

  it("sends methods, bodies, the token and further headers, counts requests, and returns refusals as answers", async () => {
    const heard: unknown[] = [];
    const server = await serverOf(async (request, response) => {
      const { authorization, "impersonate-group": groups, "content-type": type } = request.headers;
      let body = "";
      for await (const part of request) body += part;
      heard.push([request.method, request.url, authorization, groups, type, body]);
      response.writeHead(403, { "content-type": "application/json" }).end('{"message":"no"}');
    });
    const client = await clientOf(`${server}/`);
    const headers = { "impersonate-group": ["a", "b"], "content-type": "application/merge-patch+json" };
    const answer = await client.send({ method: "PATCH", path: "/x", body: { ü: 1 }, headers });
    assert.deepEqual([answer.status, answer.body], [403, { message: "no" }]);
    for (const method of ["POST", "PUT", "DELETE"] as const) await client.send({ method, path: "/y", body: [method] });
    await client.send({ path: "/z" });
    const bearer = `Bearer ${SECRET}`;
    assert.deepEqual(heard, [
      ["PATCH", "/x", bearer, "a, b", "application/merge-patch+json", '{"ü":1}'],
      ...["POST", "PUT", "DELETE"].map((one) => [one, "/y", bearer, undefined, "application/json", `["${one}"]`]),
      ["GET", "/z", bearer, undefined, undefined, ""],
    ]);
    assert.equal(client.requests(), 5);
  });

  it("lets a request that acts for an account have none of the kubeconfig's own identity", async () => {
    const heard: object[] = [];
    const server = await serverOf(({ headers }, response) => {
      const acting = Object.entries(headers).filter(([name]) => name.startsWith("impersonate-"));
      heard.push(Object.fromEntries(acting));
      response.end("{}");
    });
    const user = { as: "ann", "as-uid": "7", "as-groups": ["admins"], "as-user-extra": { scopes: ["all"] } };
    const client = await clientOf(server, { token: SECRET, ...user });
    await client.send({ path: "/own" });
    await client.send({ path: "/other", headers: { "impersonate-user": "bob" } });
    const own = { "impersonate-user": "ann", "impersonate-uid": "7", "impersonate-group": "admins" };
    assert.deepEqual(heard, [{ ...own, "impersonate-extra-scopes": "all" }, { "impersonate-user": "bob" }]);
  });

  it("says that the credentials were refused, and runs no plugin again whose credentials never counted", async () => {
    const server = await serverOf((_, response) => response.writeHead(401).end(`a page with ${SECRET}`));
    const { message, status } = await failure((await clientOf(server)).send({ path: "/x" }));
    assert.deepEqual(
      [/refused the credentials \(HTTP status 401\): .* log in again/.test(message), status],
      [true, 401],
    );
    await failure((await clientOf(server, pluginUser())).send({ path: "/x" }));
    assert.equal(logins(), 1);
  });

  it("runs the plugin once more for all requests after its credentials have expired", async () => {
    let valid = "t1";
    const server = await serverOf(({ headers }, response) => {
      response.writeHead(headers.authorization === `Bearer ${valid}` ? 200 : 401).end("{}");
    });
    const client = await clientOf(server, pluginUser());
    await client.send({ path: "/before" });
    valid = "t2";
    const answers = await Promise.all(["/a", "/b", "/c"].map((path) => client.send({ path })));
    assert.deepEqual([answers.map(({ status }) => status), logins()], [[200, 200, 200], 2]);
    valid = "none";
    assert.equal((await failure(client.send({ path: "/after" }))).status, 401);
  });

  it("says that a plugin was late, and not that it printed nothing, where this process was busy meanwhile", async () => {
    const connecting = clientOf("http://127.0.0.1:9", pluginUser(), { ...times, loginMs: 50 });
    // The plugin ends meanwhile, and Node sees that only after the limit.
    for (const begin = Date.now(); Date.now() - begin < 400; );
    await assert.rejects(connecting, /exec\.command: is a program that did not end within 0\.05 s/);
  });

  it("ends the wait for an answer, each by its own limit, and for all of them by another", async () => {
    const clock = new FakeClock();
    let connections = 0;
    const count = () => {
      connections += 1;
      if (connections === 3) clock.ring();
    };
    const silent = `http://127.0.0.1:${(await servers.started(socketServer(count))).port}`;
    const own = await clientOf(silent, {}, { ...times, answerMs: 50 });
    assert.equal((await failure(own.send({ path: "/x" }))).message, "there was no complete answer within 0.05 s");
    const all = await clientOf(silent, {}, { ...times, begin: waitsUntil(() => 60, clock) });
    const messages = await Promise.all(["/x", "/y"].map(async (path) => (await failure(all.send({ path }))).message));
    assert.deepEqual(new Set(messages), new Set(["there was no complete answer within the time of the whole command"]));
  });

  it("sends a few requests at a time over connections that stay open, and starts the limit of each with it", async () => {
    const sockets = new Set<unknown>();
    const held: ServerResponse[] = [];
    const begunAt: number[] = [];
    let begun = 0;
    const begin: BeginWait = () => {
      begun += 1;
      return { signal: new AbortController().signal, limit: "ever", milliseconds: 1000 };
    };
    const server = await serverOf(({ socket }, response) => {
      sockets.add(socket);
      if (held.push(response) < mostAtATime) return;
      // All that may run are here, and no limit of another has begun.
      begunAt.push(begun);
      for (const one of held.splice(0)) one.end("{}");
    });
    const client = await clientOf(server, {}, { ...times, begin });
    const paths = Array.from({ length: 10 * mostAtATime }, (_, index) => `/${index}`);
    await Promise.all(paths.map((path) => client.send({ path })));
    const rounds = Array.from({ length: 10 }, (_, index) => (index + 1) * mostAtATime);
    assert.deepEqual([begunAt, sockets.size, client.requests()], [rounds, mostAtATime, paths.length]);
  });

  it("says that nothing answers, that an answer has another form, and that a status is another", async () => {
    const refused = await failure((await clientOf("https://127.0.0.1:9")).send({ path: "/api" }));
    assert.match(refused.message, /ECONNREFUSED/);
    const page = await clientOf(await serverOf((_, response) => response.end(`<html>${SECRET}</html>`)));
    assert.equal((await page.send({ path: "/x" })).body, undefined);
    assert.equal((await failure(get(page, "/x"))).message, "the answer is not that of a Kubernetes API server");
    const missing = await clientOf(await serverOf((_, response) => response.writeHead(404).end("{}")));
    const { message, status } = await failure(get(missing, "/x"));
    assert.deepEqual([message, status], ["HTTP status 404", 404]);
  });

  describe("connects with", () => {
    const connectWith = async (environment: Readonly<Record<string, string>>, pod?: string): Promise<ApiClient> => {
      const client = await connectCurrent({ HOME: folder, PATH: process.env.PATH, ...environment }, times, pod);
      clients.push(client);
      return client;
    };
    const own = kubeconfigText({ cluster: { server: "http://127.0.0.1:9" } });

    it("the file of the home folder without KUBECONFIG, and prefers it to the account of a pod", async () => {
      await assert.rejects(connectWith({}, join(folder, "none")), /KUBECONFIG: names a file that does not exist/);
      for (const name of [".kube", "pod"]) mkdirSync(join(folder, name));
      for (const name of ["token", "ca.crt"]) writeFileSync(join(folder, "pod", name), SECRET);
      const pod = { KUBERNETES_SERVICE_HOST: "10.96.0.1", KUBERNETES_SERVICE_PORT: "443" };
      assert.equal((await connectWith(pod, join(folder, "pod"))).server, "https://10.96.0.1:443");
      writeFileSync(join(folder, ".kube", "config"), own);
      assert.equal((await connectWith(pod, join(folder, "pod"))).server, "http://127.0.0.1:9");
    });

    it("a pipe, which can be read once", async () => {
      const pipe = join(folder, "pipe");
      const script = 'mkfifo "$2"; (echo "$1" > "$2") >/dev/null 2>&1 &';
      execFileSync("sh", ["-c", script, "sh", own, pipe]);
      assert.equal((await connectWith({ KUBECONFIG: pipe })).server, "http://127.0.0.1:9");
    });

    it("a SOCKS5 proxy, behind which TLS is that of the kubeconfig", async () => {
      const authority = await createAuthority("test");
      const pair = await issueServer(authority, { commonName: "api" }, { dns: ["api.example.com"], ip: [] });
      const { port } = await servers.started(httpServer((_, response) => response.end('{"a":1}'), pair));
      const proxy = await servers.started(socksTo(port));
      const other = await createAuthority("other");
      const answers: unknown[] = [];
      for (const { cert } of [authority, other]) {
        const file = join(folder, "proxied");
        const trust = { "certificate-authority-data": Buffer.from(cert).toString("base64") };
        const cluster = { server: "https://api.example.com:6443", "proxy-url": `socks5://127.0.0.1:${proxy.port}` };
        writeFileSync(file, kubeconfigText({ cluster: { ...cluster, ...trust } }));
        const client = await connectWith({ KUBECONFIG: file });
        answers.push(await get(client, "/x").catch((error: ClusterError) => error.message));
      }
      assert.deepEqual(answers[0], { a: 1 });
      assert.match(String(answers[1]), /certificate/);
    });

    it("no proxy of a variable that is no URL, and repeats nothing of it", async () => {
      const file = join(folder, "remote");
      writeFileSync(file, kubeconfigText({ cluster: { server: "https://api.example.com:6443" } }));
      for (const name of ["HTTPS_PROXY", "https_proxy"]) {
        await assert.rejects(connectWith({ KUBECONFIG: file, [name]: `http://[${SECRET}` }), (error: Error) => {
          assert.match(error.message, new RegExp(`${name}: is not a URL\\. Write it like http://proxy`));
          assert.doesNotMatch(error.message, new RegExp(SECRET));
          return true;
        });
      }
    });

    it("the first of two files that has a current context, whatever the second one chooses", async () => {
      const [first, second] = [join(folder, "first"), join(folder, "second")];
      writeFileSync(first, own);
      writeFileSync(second, kubeconfigText({ cluster: { server: "http://127.0.0.1:8" } }));
      const client = await connectWith({ KUBECONFIG: `${first}:${second}` });
      assert.equal(client.server, "http://127.0.0.1:9");
    });
  });
});
