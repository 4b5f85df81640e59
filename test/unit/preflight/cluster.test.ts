import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAuthority, issueClient, issueServer } from "@fleet/sandbox/control-plane/certificates";
import { FleetError } from "../../../lib/diagnostics/problem.js";
import { type ClusterArgs, readCluster } from "../../../preflight/cluster.js";
import { clusterState } from "../../support/unit/cluster.js";
import { type KubeconfigParts, kubeconfigText, SECRET } from "../../support/unit/kubeconfig.js";
import { httpServer, refusingProxy, socketServer, type TestServer, tunnelTo } from "../../support/unit/servers.js";

type Environment = Readonly<Record<string, string | undefined>>;

describe("readCluster", () => {
  const servers: TestServer[] = [];
  let folder = "";
  let file = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-cluster-"));
    file = join(folder, "kubeconfig");
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
    rmSync(folder, { recursive: true });
  });

  const started = async <Started extends TestServer>(server: Promise<Started>): Promise<Started> => {
    servers.push(await server);
    return await server;
  };
  const read = (parts: KubeconfigParts, args: Partial<ClusterArgs> = {}, environment: Environment = {}) => {
    writeFileSync(file, kubeconfigText(parts));
    return readCluster(
      { state: {}, definitions: [], ...args },
      { PATH: process.env.PATH, ...environment, KUBECONFIG: file },
      { answerMs: 500, loginMs: 2000 },
    );
  };
  const list = async (parts: KubeconfigParts, environment: Environment = {}) =>
    (await read(parts, {}, environment)).namespaces;
  /** The problem, which must not repeat the secret of the kubeconfig. */
  const refusalOf = async (parts: KubeconfigParts, environment: Environment = {}): Promise<string> => {
    try {
      await list(parts, environment);
    } catch (error) {
      assert.ok(error instanceof FleetError, String(error));
      assert.doesNotMatch(error.message, new RegExp(SECRET));
      return error.message;
    }
    throw new Error("the namespaces were listed");
  };
  const clusterAt = ({ port }: TestServer) => ({ server: `http://127.0.0.1:${port}` });
  const namespaces: RequestListener = (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ items: [{ metadata: { name: "a", labels: { b: "c" } } }] }));
  };

  it("ends the wait for a cluster that accepts and never answers, with and without TLS", async () => {
    const silent = await started(socketServer());
    for (const server of [`http://127.0.0.1:${silent.port}`, `https://127.0.0.1:${silent.port}`]) {
      const text = await refusalOf({ cluster: { server } });
      assert.match(
        text,
        /^environment: KUBECONFIG: the cluster at http.* there was no complete answer within 0\.5 s\./,
      );
    }
  });

  it("ends the wait for an answer that breaks off", async () => {
    const slow = await started(
      httpServer((_, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.write('{"items": [');
      }),
    );
    assert.match(await refusalOf({ cluster: clusterAt(slow) }), /there was no complete answer within 0\.5 s/);
  });

  it("says that a server is no API server, without repeating its answer", async () => {
    for (const body of [`<html>${SECRET}</html>`, "{}", `"${SECRET}"`, "[]"]) {
      const page = await started(
        httpServer((_, response) => response.writeHead(200, { "content-type": "application/json" }).end(body)),
      );
      assert.match(await refusalOf({ cluster: clusterAt(page) }), /the answer is not that of a Kubernetes API server/);
    }
  });

  describe("the lists", () => {
    const quota = (name: string, labels: Record<string, string> = {}) => ({
      metadata: { name: "tenant", namespace: name, labels },
    });
    const stated = (...namespaces: readonly string[]) =>
      clusterState(
        ...namespaces.map((namespace) => ({ type: "core/v1:ResourceQuota", name: "tenant", namespace })),
        { type: "core/v1:Secret", name: "key", namespace: "a" },
        { type: "apiextensions.k8s.io/v1:CustomResourceDefinition", name: "b" },
      );
    /** The cluster answers 404 for any other path. */
    const answering = async (answers: Readonly<Record<string, unknown>>, status = 200) => {
      const paths: string[] = [];
      const api = await started(
        httpServer(({ url = "" }, response) => {
          paths.push(url);
          const answer = answers[url] ?? (url === "/api/v1/namespaces" ? { items: [] } : undefined);
          response.writeHead(answer === undefined ? 404 : url in answers ? status : 200);
          response.end(JSON.stringify(answer ?? {}));
        }),
      );
      return { paths, cluster: clusterAt(api) };
    };
    const labelled = "/api/v1/resourcequotas?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dfleet";

    it("are one for each kind, whatever the number of tenants", async () => {
      const names = Array.from({ length: 40 }, (_, index) => `team-${index}`);
      const counts = [];
      for (const spaces of [names.slice(0, 1), names]) {
        const { paths, cluster } = await answering({ [labelled]: { items: spaces.map((name) => quota(name)) } });
        const { objects } = await read({ cluster }, { state: stated(...spaces) });
        assert.equal(objects.size, spaces.length);
        counts.push(paths.length);
      }
      assert.equal(counts[0], counts[1]);
      assert.ok(Number(counts[0]) <= 13, String(counts));
    });

    describe("of a kind that the account may not list", () => {
      const path = "/apis/fluxcd.controlplane.io/v1";
      const refusing = async (answers: Readonly<Record<string, unknown>>) => {
        const api = await started(
          httpServer(({ url = "" }, response) => {
            const status = url === `${path}/fluxinstances` ? 403 : url in answers ? 200 : 404;
            response.writeHead(url === "/api/v1/namespaces" ? 200 : status);
            response.end(JSON.stringify(answers[url] ?? { items: [] }));
          }),
        );
        return { cluster: clusterAt(api) };
      };

      it("are no obstacle where the cluster does not have the kind, or the group", async () => {
        for (const answers of [{}, { [path]: { resources: [{ name: "resourcesets" }] } }]) {
          const { kinds } = await read(await refusing(answers));
          assert.deepEqual([...kinds], ["Namespace.core"]);
        }
      });

      it("are refused where the cluster has it", async () => {
        const answers = { [path]: { resources: [{ name: "fluxinstances" }] } };
        await assert.rejects(read(await refusing(answers)), /did not list its fluxinstances: HTTP status 403/);
      });

      it("are refused where the cluster does not say", async () => {
        await assert.rejects(read(await refusing({ [path]: "?" })), /did not list its fluxinstances: HTTP status 403/);
      });
    });

    it("find an object that has lost its label, without a list of what tenants have", async () => {
      const path = "/api/v1/namespaces/team-a/resourcequotas/tenant";
      const items = [quota("team-b")];
      const { cluster, paths } = await answering({ [labelled]: { items }, [path]: quota("team-a") });
      const { objects, kinds } = await read({ cluster }, { state: stated("team-a", "team-b", "team-gone") });
      assert.deepEqual(
        [...objects.keys()].sort(),
        ["team-a", "team-b"].map((name) => `["core","ResourceQuota","${name}","tenant"]`),
      );
      assert.ok(kinds.has("ResourceQuota.core"));
      assert.ok(!paths.includes("/api/v1/resourcequotas"), paths.join("\n"));
    });

    it("find many objects that have lost their label by a second list of their kind", async () => {
      const names = Array.from({ length: 21 }, (_, index) => `team-${index}`);
      const items = [...names.map((name) => quota(name)), { metadata: { name: "another", namespace: "b" } }];
      const { cluster, paths } = await answering({ [labelled]: { items: [] }, "/api/v1/resourcequotas": { items } });
      const { objects } = await read({ cluster }, { state: stated(...names) });
      assert.equal(objects.size, items.length);
      assert.deepEqual(
        paths.filter((path) => path.startsWith("/api/v1/namespaces/")),
        [],
      );
    });

    it("say nothing about a kind that the cluster does not know, as before Flux is installed", async () => {
      const { cluster } = await answering({});
      const { kinds } = await read({ cluster }, { state: stated("team-a") });
      assert.deepEqual([...kinds], ["Namespace.core"]);
    });

    it("read no more Deployments than two of each namespace, besides the stack's own: tenants choose labels", async () => {
      const [own, other] = ["flux-system", "gitops"].map((namespace) => ({
        metadata: { name: "kustomize-controller", namespace },
      }));
      const deployments = "/apis/apps/v1/deployments?labelSelector=";
      const ofFlux = `${deployments}app.kubernetes.io%2Fpart-of%3Dflux`;
      const named = (name: string) => `${ofFlux}&fieldSelector=metadata.name%3D${name}`;
      const { cluster, paths } = await answering({
        [`${deployments}app.kubernetes.io%2Fmanaged-by%3Dfleet`]: { items: [own] },
        [named("kustomize-controller")]: { items: [own, other] },
        [named("helm-controller")]: { items: [] },
      });
      const state = clusterState({
        type: "apps/v1:Deployment",
        name: "kustomize-controller",
        namespace: "flux-system",
      });
      const { objects } = await read({ cluster }, { state });
      assert.equal(objects.size, 2);
      assert.deepEqual(
        paths.filter((path) => path.includes("deployments") && !path.includes("managed-by")).sort(),
        ["helm-controller", "kustomize-controller"].map(named),
      );
    });

    it("ask for the definitions of unknown kinds where the account may not list definitions", async () => {
      const [kustomizations, alerts] = [
        "kustomizations.kustomize.toolkit.fluxcd.io",
        "alerts.notification.toolkit.fluxcd.io",
      ];
      const state = clusterState(
        ...[kustomizations, alerts].map((name) => ({
          type: "apiextensions.k8s.io/v1:CustomResourceDefinition",
          name,
        })),
        { type: "kustomize.toolkit.fluxcd.io/v1:Kustomization", name: "team-a", namespace: "team-a" },
        { type: "notification.toolkit.fluxcd.io/v1beta3:Alert", name: "team-a", namespace: "team-a" },
      );
      const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
      // Alerts have a definition, without the version of the state.
      const { cluster, paths } = await answering({ [`${definitions}/${alerts}`]: { metadata: { name: alerts } } });
      const { lostDefinitions } = await read({ cluster }, { state });
      assert.deepEqual(lostDefinitions, [kustomizations]);
      assert.equal(paths.filter((path) => path.startsWith(`${definitions}/`)).length, 2);
      assert.deepEqual((await read({ cluster })).lostDefinitions, [], "a first update");
    });

    it("name the kind that the user may not list", async () => {
      const { cluster } = await answering({ [labelled]: {} }, 403);
      const state = stated("team-a");
      await assert.rejects(
        read({ cluster }, { state }),
        /did not list its resourcequotas: HTTP status 403\. .* may list resourcequotas/,
      );
    });

    it("read the stored versions of the definitions that change", async () => {
      const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/a.b";
      const { cluster } = await answering({
        [path]: { metadata: { name: "a.b" }, status: { storedVersions: ["v1beta1"] } },
      });
      const { storedVersions, objects } = await read({ cluster }, { definitions: ["a.b", "missing"] });
      assert.deepEqual([...objects.keys()], ['["apiextensions.k8s.io","CustomResourceDefinition","","a.b"]']);
      assert.deepEqual([...storedVersions], [["a.b", ["v1beta1"]]]);
    });
  });

  it("refuses a broken kubeconfig by file and field, before any request", async () => {
    const text = await refusalOf({ cluster: { server: "https://a.example.com", "certificate-authority": "missing" } });
    assert.match(
      text,
      /kubeconfig:\d+: clusters\[0\]\.cluster\.certificate-authority: names a file that does not exist/,
    );
  });

  describe("behind a proxy", () => {
    const cluster = { server: "https://api.example.com:6443" };

    it("asks the proxy of the environment, as the provider does", async () => {
      const proxy = await started(refusingProxy());
      await refusalOf({ cluster }, { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` });
      assert.deepEqual(new Set(proxy.hosts), new Set(["api.example.com:6443"]));
    });

    it("asks the proxy of the kubeconfig instead, if it has one", async () => {
      const [proxy, other] = [await started(refusingProxy()), await started(refusingProxy())];
      const own = { ...cluster, "proxy-url": `http://127.0.0.1:${proxy.port}` };
      await refusalOf({ cluster: own }, { HTTPS_PROXY: `http://127.0.0.1:${other.port}` });
      assert.deepEqual([new Set(proxy.hosts), other.hosts], [new Set(["api.example.com:6443"]), []]);
    });

    it("reaches the cluster by it, trusts the file's authority alone, and shows the file's certificate", async () => {
      const authority = await createAuthority("test");
      const pair = await issueServer(authority, { commonName: "api" }, { dns: ["api.example.com"], ip: [] });
      const client = await issueClient(authority, { commonName: "admin" });
      const options = { cert: pair.cert, key: pair.key, ca: authority.cert, requestCert: true };
      const api = await started(httpServer(namespaces, options));
      const proxy = await started(tunnelTo(api.port));
      const data = (pem: string) => Buffer.from(pem).toString("base64");
      const user = { "client-certificate-data": data(client.cert), "client-key-data": data(client.key) };
      const environment = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
      const trusted = { ...cluster, "certificate-authority-data": data(authority.cert) };
      assert.deepEqual(
        [...(await list({ cluster: trusted, user }, environment))],
        [["a", { labels: { b: "c" }, terminating: false }]],
      );
      assert.match(await refusalOf({ cluster, user }, environment), /certificate/);
      const other = await createAuthority("other");
      const foreign = { ...cluster, "certificate-authority-data": data(other.cert) };
      assert.match(await refusalOf({ cluster: foreign, user }, environment), /certificate/);
    });

    it("asks no proxy for this machine, nor for hosts of NO_PROXY", async () => {
      const [proxy, api] = [await started(refusingProxy()), await started(httpServer(namespaces))];
      const environment = {
        HTTP_PROXY: `http://127.0.0.1:${proxy.port}`,
        HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
      };
      assert.deepEqual(
        [...(await list({ cluster: clusterAt(api) }, environment))],
        [["a", { labels: { b: "c" }, terminating: false }]],
      );
      await refusalOf({ cluster: { server: "https://0.0.0.0:1" } }, { ...environment, NO_PROXY: "0.0.0.0/8" });
      assert.deepEqual(proxy.hosts, []);
    });

    it("ends the wait for a proxy that accepts and never answers", async () => {
      const silent = await started(socketServer());
      const text = await refusalOf({ cluster }, { HTTPS_PROXY: `http://127.0.0.1:${silent.port}` });
      assert.match(text, /there was no complete answer within 0\.5 s/);
    });
  });

  describe("over TLS, without a proxy", () => {
    it("trusts the file's authority and name alone, and shows the file's certificate", async () => {
      const [authority, other] = [await createAuthority("test"), await createAuthority("other")];
      const names = { dns: ["api.example.com"], ip: ["127.0.0.1"] };
      const pair = await issueServer(authority, { commonName: "api" }, names);
      const client = await issueClient(authority, { commonName: "admin" });
      const options = { cert: pair.cert, key: pair.key, ca: authority.cert, requestCert: true };
      const api = await started(httpServer(namespaces, options));
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
        assert.match(await refusalOf(refused), /certificate|altnames|hang up|ECONNRESET/);
      }
      const allowed = [trusted, { ...trusted, "tls-server-name": "api.example.com" }];
      for (const one of [...allowed, { ...cluster, "insecure-skip-tls-verify": true }]) {
        assert.deepEqual([...(await list({ cluster: one, user })).keys()], ["a"]);
      }
    });

    it("says that an answer breaks off", async () => {
      const broken = await started(
        httpServer((_, response) => {
          response.writeHead(200, { "content-type": "application/json" });
          response.write('{"items": [', () => response.destroy());
        }),
      );
      assert.match(await refusalOf({ cluster: clusterAt(broken) }), /did not list its namespaces: aborted/);
    });
  });

  describe("with a plugin that logs in", () => {
    const apiVersion = "client.authentication.k8s.io/v1";
    const plugin = (script: string, more: object = {}) => ({
      user: { exec: { apiVersion, command: "sh", args: ["-c", script], interactiveMode: "Never", ...more } },
    });

    it("sends the token that the plugin prints, and tells the plugin of the cluster if it asks for that", async () => {
      const authorizations: (string | undefined)[] = [];
      const api = await started(
        httpServer((request, response) => {
          authorizations.push(request.headers.authorization);
          namespaces(request, response);
        }),
      );
      const script = `test "$OWN" = own || exit 3
        case "$KUBERNETES_EXEC_INFO" in *'"server":"http://127.0.0.1:'*) ;; *) exit 4;; esac
        echo '{"kind": "ExecCredential", "status": {"token": "of-the-plugin"}}'`;
      const env = [{ name: "OWN", value: "own" }];
      await list({ ...plugin(script, { env, provideClusterInfo: true }), cluster: clusterAt(api) });
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
        assert.match(await refusalOf(plugin(script)), expected);
        assert.match(await refusalOf(plugin(script)), /kubeconfig:\d+: users\[0\]\.user\.exec\.command/);
      });
    }

    it("ends a plugin that does not end", async () => {
      writeFileSync(file, kubeconfigText(plugin("sleep 5 & wait")));
      const limits = { answerMs: 100, loginMs: 50 };
      await assert.rejects(
        readCluster({ state: {}, definitions: [] }, { PATH: process.env.PATH, KUBECONFIG: file }, limits),
        /exec\.command: is a program that did not end within 0\.05 s/,
      );
    });
  });
});
