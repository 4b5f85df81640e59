import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createAuthority, issueClient, issueServer } from "@fleet/sandbox/control-plane/certificates";
import { waitUntil } from "@fleet/sandbox/process/readiness";
import { waitsUntil } from "../../../lib/time/waits.js";
import { readCluster } from "../../../preflight/cluster.js";
import { ClusterReader, clusterAt } from "../../support/unit/cluster-reader.js";
import { hasEnded } from "../../support/unit/ended-process.js";
import { FakeClock } from "../../support/unit/fake-clock.js";
import { kubeconfigText, SECRET } from "../../support/unit/kubeconfig.js";
import { httpServer, refusingProxy, socketServer, tunnelTo } from "../../support/unit/servers.js";

describe("readCluster", () => {
  let reader: ClusterReader;
  beforeEach(() => {
    reader = new ClusterReader();
  });
  afterEach(() => reader.end());

  const namespaces: RequestListener = (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ items: [{ metadata: { name: "a", labels: { b: "c" } } }] }));
  };

  it("ends the wait for a cluster that accepts and never answers, with and without TLS", async () => {
    reader.answerMs = 200;
    const silent = await reader.started(socketServer());
    for (const server of [`http://127.0.0.1:${silent.port}`, `https://127.0.0.1:${silent.port}`]) {
      const text = await reader.refusalOf({ cluster: { server } });
      assert.match(
        text,
        /^environment: KUBECONFIG: the cluster at http.* there was no complete answer within 0\.2 s\./,
      );
    }
  });

  it("ends the wait for an answer that breaks off", async () => {
    reader.answerMs = 200;
    const slow = await reader.started(
      httpServer((_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.write('{"items": [');
      }),
    );
    assert.match(await reader.refusalOf({ cluster: clusterAt(slow) }), /there was no complete answer within 0\.2 s/);
  });

  it("says that a server is no API server, without repeating its answer", async () => {
    for (const body of [`<html>${SECRET}</html>`, "{}", `"${SECRET}"`, "[]"]) {
      const page = await reader.started(
        httpServer((_, response) => response.writeHead(200, { "content-type": "application/json" }).end(body)),
      );
      assert.match(
        await reader.refusalOf({ cluster: clusterAt(page) }),
        /the answer is not that of a Kubernetes API server/,
      );
    }
  });

  it("refuses a broken kubeconfig by file and field, before any request", async () => {
    const text = await reader.refusalOf({
      cluster: { server: "https://a.example.com", "certificate-authority": "missing" },
    });
    assert.match(
      text,
      /kubeconfig:\d+: clusters\[0\]\.cluster\.certificate-authority: names a file that does not exist/,
    );
  });

  describe("behind a proxy", () => {
    const cluster = { server: "https://api.example.com:6443" };

    it("asks the proxy of the environment, as the provider does", async () => {
      const proxy = await reader.started(refusingProxy());
      await reader.refusalOf({ cluster }, { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` });
      assert.deepEqual(new Set(proxy.hosts), new Set(["api.example.com:6443"]));
    });

    it("asks the proxy of the kubeconfig instead, if it has one", async () => {
      const [proxy, other] = [await reader.started(refusingProxy()), await reader.started(refusingProxy())];
      const own = { ...cluster, "proxy-url": `http://127.0.0.1:${proxy.port}` };
      await reader.refusalOf({ cluster: own }, { HTTPS_PROXY: `http://127.0.0.1:${other.port}` });
      assert.deepEqual([new Set(proxy.hosts), other.hosts], [new Set(["api.example.com:6443"]), []]);
    });

    it("reaches the cluster by it, trusts the file's authority alone, and shows the file's certificate", async () => {
      const authority = await createAuthority("test");
      const pair = await issueServer(authority, { commonName: "api" }, { dns: ["api.example.com"], ip: [] });
      const client = await issueClient(authority, { commonName: "admin" });
      const options = { cert: pair.cert, key: pair.key, ca: authority.cert, requestCert: true };
      const api = await reader.started(httpServer(namespaces, options));
      const proxy = await reader.started(tunnelTo(api.port));
      const data = (pem: string) => Buffer.from(pem).toString("base64");
      const user = { "client-certificate-data": data(client.cert), "client-key-data": data(client.key) };
      const environment = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
      const trusted = { ...cluster, "certificate-authority-data": data(authority.cert) };
      assert.deepEqual(
        [...(await reader.list({ cluster: trusted, user }, environment))],
        [["a", { labels: { b: "c" }, terminating: false }]],
      );
      assert.match(await reader.refusalOf({ cluster, user }, environment), /certificate/);
      const other = await createAuthority("other");
      const foreign = { ...cluster, "certificate-authority-data": data(other.cert) };
      assert.match(await reader.refusalOf({ cluster: foreign, user }, environment), /certificate/);
    });

    it("asks no proxy for this machine, nor for hosts of NO_PROXY", async () => {
      const [proxy, api] = [await reader.started(refusingProxy()), await reader.started(httpServer(namespaces))];
      const environment = {
        HTTP_PROXY: `http://127.0.0.1:${proxy.port}`,
        HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
      };
      assert.deepEqual(
        [...(await reader.list({ cluster: clusterAt(api) }, environment))],
        [["a", { labels: { b: "c" }, terminating: false }]],
      );
      await reader.refusalOf({ cluster: { server: "https://0.0.0.0:1" } }, { ...environment, NO_PROXY: "0.0.0.0/8" });
      assert.deepEqual(proxy.hosts, []);
    });

    it("ends the wait for a proxy that accepts and never answers", async () => {
      reader.answerMs = 200;
      const silent = await reader.started(socketServer());
      const text = await reader.refusalOf({ cluster }, { HTTPS_PROXY: `http://127.0.0.1:${silent.port}` });
      assert.match(text, /there was no complete answer within 0\.2 s/);
    });
  });

  describe("over TLS, without a proxy", () => {
    it("trusts the file's authority and name alone, and shows the file's certificate", async () => {
      const [authority, other] = [await createAuthority("test"), await createAuthority("other")];
      const names = { dns: ["api.example.com"], ip: ["127.0.0.1"] };
      const pair = await issueServer(authority, { commonName: "api" }, names);
      const client = await issueClient(authority, { commonName: "admin" });
      const options = { cert: pair.cert, key: pair.key, ca: authority.cert, requestCert: true };
      const api = await reader.started(httpServer(namespaces, options));
      const data = (pem: string) => Buffer.from(pem).toString("base64");
      const user = { "client-certificate-data": data(client.cert), "client-key-data": data(client.key) };
      const cluster = { server: `https://127.0.0.1:${api.port}` };
      const trusted = { ...cluster, "certificate-authority-data": data(authority.cert) };
      for (const refused of [
        { cluster, user },
        { cluster: { ...cluster, "certificate-authority-data": data(other.cert) }, user },
        { cluster: { ...trusted, "tls-server-name": "other.example.com" }, user },
        { cluster: trusted },
      ]) {
        assert.match(await reader.refusalOf(refused), /certificate|altnames|hang up|ECONNRESET/);
      }
      const allowed = [trusted, { ...trusted, "tls-server-name": "api.example.com" }];
      for (const one of [...allowed, { ...cluster, "insecure-skip-tls-verify": true }]) {
        assert.deepEqual([...(await reader.list({ cluster: one, user })).keys()], ["a"]);
      }
    });

    it("says that an answer breaks off", async () => {
      const broken = await reader.started(
        httpServer((_, response) => {
          response.writeHead(200, { "content-type": "application/json" });
          response.write('{"items": [', () => response.destroy());
        }),
      );
      assert.match(await reader.refusalOf({ cluster: clusterAt(broken) }), /did not list its namespaces: aborted/);
    });
  });

  describe("with a plugin that logs in", () => {
    const apiVersion = "client.authentication.k8s.io/v1";
    const plugin = (script: string, more: object = {}) => ({
      user: { exec: { apiVersion, command: "sh", args: ["-c", script], interactiveMode: "Never", ...more } },
    });

    it("sends the token that the plugin prints, and tells the plugin of the cluster if it asks for that", async () => {
      const authorizations: (string | undefined)[] = [];
      const api = await reader.started(
        httpServer((request, response) => {
          authorizations.push(request.headers.authorization);
          namespaces(request, response);
        }),
      );
      const script = `test "$OWN" = own || exit 3
        case "$KUBERNETES_EXEC_INFO" in *'"server":"http://127.0.0.1:'*) ;; *) exit 4;; esac
        echo '{"kind": "ExecCredential", "status": {"token": "of-the-plugin"}}'`;
      const env = [{ name: "OWN", value: "own" }];
      await reader.list({ ...plugin(script, { env, provideClusterInfo: true }), cluster: clusterAt(api) });
      assert.deepEqual(new Set(authorizations), new Set(["Bearer of-the-plugin"]));
    });

    const cases: readonly (readonly [string, string, RegExp])[] = [
      [
        "fails",
        `echo ${SECRET} >&2; exit 7`,
        /exec\.command: is a program that failed with the exit code 7\. Run kubectl/,
      ],
      ["prints something else", `echo ${SECRET}`, /exec\.command: is a program that printed no ExecCredential/],
      ["prints no credential", `echo '{"status": "${SECRET}"}'`, /printed no ExecCredential/],
      ["is killed", "kill -KILL $$", /is a program that could not be run to its end/],
    ];
    for (const [title, script, expected] of cases) {
      it(`names the field when it ${title}, without repeating its output`, async () => {
        assert.match(await reader.refusalOf(plugin(script)), expected);
        assert.match(await reader.refusalOf(plugin(script)), /kubeconfig:\d+: users\[0\]\.user\.exec\.command/);
      });
    }

    for (const [title, script] of [
      ["with a child that ignores the request to end", "trap '' TERM; sleep 600 > PID.out & echo $! > PID; wait"],
      ["that has ended before its child", "sleep 600 & echo $! > PID"],
      ["whose own child keeps its output open", "sleep 600 & echo $! > PID; wait"],
      ["that ignores the request to end", "trap '' TERM; echo $$ > PID; while true; do sleep 1; done"],
    ] as const) {
      it(`ends a plugin ${title}`, async () => {
        const pid = `${reader.file}.pid`;
        writeFileSync(reader.file, kubeconfigText(plugin(script.replaceAll("PID", pid))));
        const clock = new FakeClock();
        const limits = { answerMs: 100, loginMs: 50, begin: waitsUntil(() => Number.POSITIVE_INFINITY, clock) };
        const environment = { PATH: process.env.PATH, KUBECONFIG: reader.file };
        const reading = readCluster({ state: {}, definitions: [] }, environment, limits);
        const isStarted = () => existsSync(pid) && readFileSync(pid, "utf8").endsWith("\n");
        await waitUntil(isStarted, { what: "The plugin", timeout: 30_000, interval: 10 });
        const started = Number(readFileSync(pid, "utf8"));
        clock.ring();
        try {
          await assert.rejects(reading, /exec\.command: is a program that did not end within 0\.05 s/);
          await waitUntil(() => hasEnded(started), { what: "Its end", timeout: 30_000, interval: 10 });
        } finally {
          endProcess(started);
        }
      });
    }
  });
});

/** Ends a process of a test, if it still runs. */
function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
