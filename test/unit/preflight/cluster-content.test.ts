import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StackState } from "../../../lib/state/stack-state.js";
import { readCluster } from "../../../preflight/cluster.js";
import { clusterState } from "../../support/unit/cluster.js";
import { kubeconfigText } from "../../support/unit/kubeconfig.js";
import { httpServer, type TestServer } from "../../support/unit/servers.js";

const label = "?labelSelector=app.kubernetes.io%2Fmanaged-by%3Dfleet";
const [secrets, definitions] = ["/api/v1/secrets", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"];
const metadataOnly = (list: string) => `application/json;as=PartialObjectMetadata${list};g=meta.k8s.io;v=v1`;
const VALUE = Buffer.from("hunter2-of-the-test").toString("base64");

describe("readCluster, of Secrets and definitions", () => {
  const servers: TestServer[] = [];
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-content-"));
  });
  after(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(folder, { recursive: true });
  });

  /** @param answers of each path, or its status; 404 for any other path */
  async function read(state: StackState, answers: Readonly<Record<string, unknown>>) {
    const accepted = new Map<string, string | undefined>();
    const server = await httpServer(({ url = "", headers }, response) => {
      accepted.set(url, headers.accept);
      const answer = url === "/api/v1/namespaces" ? { items: [] } : answers[url];
      response.writeHead(answer === undefined ? 404 : typeof answer === "number" ? answer : 200);
      response.end(JSON.stringify(answer ?? {}));
    });
    servers.push(server);
    const file = join(folder, `kubeconfig-${servers.length}`);
    writeFileSync(file, kubeconfigText({ cluster: { server: `http://127.0.0.1:${server.port}` } }));
    const cluster = await readCluster({ state, definitions: [] }, { PATH: process.env.PATH, KUBECONFIG: file });
    return { cluster, accepted };
  }
  const secret = (name: string) => ({ type: "core/v1:Secret", name, namespace: "team-a" });
  const definition = (name: string) => ({ type: "apiextensions.k8s.io/v1:CustomResourceDefinition", name });

  it("keeps no value of a Secret, and fetches only the metadata of one that lost its label", async () => {
    const one = { metadata: { name: "one", namespace: "team-a" } };
    const single = "/api/v1/namespaces/team-a/secrets/two";
    const { cluster, accepted } = await read(clusterState(secret("one"), secret("two")), {
      [secrets + label]: { items: [{ ...one, data: { key: VALUE } }] },
      [single]: { metadata: { name: "two", namespace: "team-a" } },
    });
    assert.equal(cluster.objects.size, 2);
    assert.ok(!JSON.stringify([...cluster.objects]).includes(VALUE));
    assert.deepEqual(
      [...accepted].filter(([path]) => path.includes("secrets")),
      [
        [secrets + label, "application/json"],
        [single, metadataOnly("")],
      ],
    );
  });

  it("lists the metadata alone where many Secrets lost their labels, and keeps the content of the others", async () => {
    const names = Array.from({ length: 22 }, (_, index) => `s-${index}`);
    const items = names.map((name) => ({ metadata: { name, namespace: "team-a" } }));
    const { cluster, accepted } = await read(clusterState(...names.map(secret)), {
      [secrets + label]: { items: items.slice(0, 1).map((item) => ({ ...item, data: { key: VALUE } })) },
      [secrets]: { items },
    });
    assert.equal(accepted.get(secrets), metadataOnly("List"));
    assert.equal([...cluster.objects.values()].filter(({ data }) => data !== undefined).length, 1);
    assert.equal(cluster.objects.size, 22);
  });

  it("goes on without the right to read Secrets and definitions, and says so", async () => {
    const { cluster } = await read(clusterState(secret("one"), definition("a.b")), {
      [secrets + label]: 403,
      [definitions + label]: 403,
      "/apis/apiextensions.k8s.io/v1": { resources: [{ name: "customresourcedefinitions" }] },
    });
    assert.deepEqual([...cluster.refused].sort(), ["customresourcedefinitions", "secrets"]);
    assert.deepEqual([...cluster.kinds], ["Namespace.core"]);
  });

  it("fetches the metadata of definitions, with the number of their specification, and finds those that are gone", async () => {
    const metadata = { name: "a.b", uid: "one", generation: 3 };
    const { cluster, accepted } = await read(clusterState(definition("a.b"), definition("lost"), definition("bare")), {
      [definitions + label]: { items: [{ metadata }] },
      [`${definitions}/bare`]: { metadata: { name: "bare" } },
    });
    assert.equal(accepted.get(definitions + label), metadataOnly("List"));
    assert.deepEqual(cluster.lostDefinitions, ["lost"]);
    const [found] = [...cluster.objects.values()].filter((one) => one.metadata.name === "a.b");
    assert.deepEqual([found?.metadata.generation, found?.metadata.uid], [3, "one"]);
  });
});
