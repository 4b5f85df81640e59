import assert from "node:assert/strict";
import { clusterState } from "../../support/unit/cluster.js";
import { ClusterReader, clusterAt } from "../../support/unit/cluster-reader.js";
import { httpServer } from "../../support/unit/servers.js";

describe("the lists of a cluster", () => {
  let reader: ClusterReader;
  beforeEach(() => {
    reader = new ClusterReader();
  });
  afterEach(() => reader.end());

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
    const api = await reader.started(
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
      const { objects } = await reader.read({ cluster }, { state: stated(...spaces) });
      assert.equal(objects.size, spaces.length);
      counts.push(paths.length);
    }
    assert.equal(counts[0], counts[1]);
    assert.ok(Number(counts[0]) <= 13, String(counts));
  });

  describe("of a kind that the account may not list", () => {
    const path = "/apis/fluxcd.controlplane.io/v1";
    const refusing = async (answers: Readonly<Record<string, unknown>>) => {
      const api = await reader.started(
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
        const { kinds } = await reader.read(await refusing(answers));
        assert.deepEqual([...kinds], ["Namespace.core"]);
      }
    });

    it("are refused where the cluster has it", async () => {
      const answers = { [path]: { resources: [{ name: "fluxinstances" }] } };
      await assert.rejects(reader.read(await refusing(answers)), /did not list its fluxinstances: HTTP status 403/);
    });

    it("are refused where the cluster does not say", async () => {
      await assert.rejects(
        reader.read(await refusing({ [path]: "?" })),
        /did not list its fluxinstances: HTTP status 403/,
      );
    });
  });

  it("find an object that has lost its label, without a list of what tenants have", async () => {
    const path = "/api/v1/namespaces/team-a/resourcequotas/tenant";
    const items = [quota("team-b")];
    const { cluster, paths } = await answering({ [labelled]: { items }, [path]: quota("team-a") });
    const { objects, kinds } = await reader.read({ cluster }, { state: stated("team-a", "team-b", "team-gone") });
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
    const { objects } = await reader.read({ cluster }, { state: stated(...names) });
    assert.equal(objects.size, items.length);
    assert.deepEqual(
      paths.filter((path) => path.startsWith("/api/v1/namespaces/")),
      [],
    );
  });

  it("say nothing about a kind that the cluster does not know, as before Flux is installed", async () => {
    const { cluster } = await answering({});
    const { kinds } = await reader.read({ cluster }, { state: stated("team-a") });
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
    const { objects } = await reader.read({ cluster }, { state });
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
    const { lostDefinitions } = await reader.read({ cluster }, { state });
    assert.deepEqual(lostDefinitions, [kustomizations]);
    assert.equal(paths.filter((path) => path.startsWith(`${definitions}/`)).length, 2);
    assert.deepEqual((await reader.read({ cluster })).lostDefinitions, [], "a first update");
  });

  it("name the kind that the user may not list", async () => {
    const { cluster } = await answering({ [labelled]: {} }, 403);
    const state = stated("team-a");
    await assert.rejects(
      reader.read({ cluster }, { state }),
      /did not list its resourcequotas: HTTP status 403\. .* may list resourcequotas/,
    );
  });

  it("read the stored versions of the definitions that change", async () => {
    const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/a.b";
    const { cluster } = await answering({
      [path]: { metadata: { name: "a.b" }, status: { storedVersions: ["v1beta1"] } },
    });
    const { storedVersions, objects } = await reader.read({ cluster }, { definitions: ["a.b", "missing"] });
    assert.deepEqual([...objects.keys()], ['["apiextensions.k8s.io","CustomResourceDefinition","","a.b"]']);
    assert.deepEqual([...storedVersions], [["a.b", ["v1beta1"]]]);
  });
});
