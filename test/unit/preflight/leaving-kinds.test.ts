import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StackState } from "../../../lib/state/stack-state.js";
import { readCluster } from "../../../preflight/cluster.js";
import { type LosingKind, leavingKinds, losingKindProblems } from "../../../preflight/leaving-kinds.js";
import { kubeconfigText } from "../../support/unit/kubeconfig.js";
import { httpServer, type TestServer } from "../../support/unit/servers.js";

const group = "source.toolkit.fluxcd.io";
const definition = (kind: string, plural: string) => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${plural}.${group}` },
  spec: { group, names: { kind, plural }, versions: [{ name: "v1beta2" }, { name: "v1", storage: true }] },
});
const [buckets, charts] = [definition("Bucket", "buckets"), definition("HelmChart", "helmcharts")];
const type = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
const own = { name: "mirror", namespace: "flux-system" };
const state: StackState = {
  "urn:buckets": { type, outputs: { ...buckets } },
  "urn:charts": { type, outputs: { ...charts } },
  "urn:own": { type: `kubernetes:${group}/v1:Bucket`, outputs: { metadata: own } },
};

describe("Kinds that an update takes away", () => {
  const servers: TestServer[] = [];
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-leaving-"));
  });
  after(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    rmSync(folder, { recursive: true });
  });

  /** The losses of an update to `objects` on a cluster with Buckets, and the lists that were asked for. */
  async function losses(objects: Parameters<typeof leavingKinds>[1], places: readonly object[]) {
    const asked: string[] = [];
    const server = await httpServer(({ url = "" }, response) => {
      asked.push(url);
      const items = url === `/apis/${group}/v1/buckets` ? places.map((metadata) => ({ metadata })) : [];
      response.end(JSON.stringify({ items, metadata: { name: "any" } }));
    });
    servers.push(server);
    const file = join(folder, `kubeconfig-${servers.length}`);
    writeFileSync(file, kubeconfigText({ cluster: { server: `http://127.0.0.1:${server.port}` } }));
    const { losingKinds } = await readCluster(
      { state, definitions: [], leaving: leavingKinds(state, objects) },
      { PATH: process.env.PATH, KUBECONFIG: file },
    );
    return { losingKinds, lists: asked.filter((url) => url.endsWith("/buckets") || url.endsWith("/helmcharts")) };
  }

  it("are those of the state that Flux's objects no longer have, in the version in which objects are stored", () => {
    assert.deepEqual(leavingKinds(state, [charts]), [
      { definition: `buckets.${group}`, group, version: "v1", kind: "Bucket" },
    ]);
    assert.deepEqual(leavingKinds(state, [charts, buckets]), []);
    assert.deepEqual(leavingKinds({}, [charts]), []);
  });

  it("are refused with the objects that are not the program's", async () => {
    const { losingKinds, lists } = await losses([charts], [own, { name: "photos", namespace: "team-a" }]);
    assert.deepEqual(
      losingKinds.map(({ definition, objects }) => [definition, objects]),
      [[`buckets.${group}`, ["team-a/photos"]]],
    );
    assert.deepEqual(lists, [`/apis/${group}/v1/buckets`]);
    const [problem] = losingKindProblems({ stack: "staging" }, losingKinds);
    assert.equal(problem?.file, "Pulumi.staging.yaml");
    assert.match(
      problem?.message ?? "",
      /^the update deletes the definition buckets\..* every Bucket .*: team-a\/photos$/,
    );
    assert.match(problem?.fix ?? "", /^Remove the objects from Git first, .*kubectl get buckets\./);
  });

  it("are named for the shell", () => {
    const kind: LosingKind = {
      definition: "a;reboot",
      group: "x",
      version: "v1",
      kind: "Bucket",
      objects: ["team-a/b"],
    };
    const [problem] = losingKindProblems({ stack: "staging" }, [kind]);
    assert.match(problem?.fix ?? "", /kubectl get 'a;reboot' --all-namespaces$/);
  });

  it("leave where the cluster has none of their objects but the program's own", async () => {
    assert.deepEqual((await losses([charts], [own])).losingKinds, []);
  });

  it("cost no request while none leaves", async () => {
    assert.deepEqual((await losses([charts, buckets], [{ name: "photos", namespace: "team-a" }])).lists, []);
  });

  it("are told with five objects and the number of the others", () => {
    const objects = Array.from({ length: 7 }, (_, index) => `team-a/b${index}`);
    const kind: LosingKind = { definition: "buckets.x", group: "x", version: "v1", kind: "Bucket", objects };
    const [problem] = losingKindProblems({ stack: "staging" }, [kind]);
    assert.match(problem?.message ?? "", /: team-a\/b0, .*, team-a\/b4 and 2 more$/);
  });
});
