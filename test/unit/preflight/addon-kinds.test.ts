import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Addon } from "../../../config/addons/addon.js";
import { FleetError } from "../../../lib/diagnostics/problem.js";
import type { StackState } from "../../../lib/state/stack-state.js";
import { missingKindProblems } from "../../../preflight/addon-kinds.js";
import { readCluster } from "../../../preflight/cluster.js";
import { allAddons } from "../../support/unit/addons.js";
import { clusterState } from "../../support/unit/cluster.js";
import { kubeconfigText } from "../../support/unit/kubeconfig.js";
import { httpServer, type TestServer } from "../../support/unit/servers.js";

/** The state of a stack whose infrastructure was applied before. */
const withPlatform = clusterState({
  type: "kustomize.toolkit.fluxcd.io/v1:Kustomization",
  name: "platform",
  namespace: "flux-system",
});

const addons = allAddons().filter(({ name }) => ["cert-manager", "databases", "keda"].includes(name));

interface Cluster {
  /** Kinds by group and version, with whether they have a namespace. */
  readonly served: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
  /** Status of the answers to questions for kinds. @default 200 */
  readonly status?: number;
}

const everything: Cluster["served"] = {
  "cert-manager.io/v1": { certificates: true, issuers: true, certificaterequests: true },
  "acme.cert-manager.io/v1": { orders: true, challenges: true },
  "databases.example.com/v1beta1": { databases: true },
  "keda.sh/v1alpha1": { scaledobjects: true, triggerauthentications: true },
};

describe("the kinds of add-ons, on the cluster", () => {
  let folder = "";
  let server: TestServer | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-addons-"));
  });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    rmSync(folder, { recursive: true });
  });

  /** The missing kinds of a cluster, with the paths that were asked for kinds. */
  async function look({ served, status = 200 }: Cluster, state: StackState, offered: readonly Addon[] = addons) {
    const paths: string[] = [];
    server = await httpServer((request, response) => {
      const path = (request.url ?? "").replace(/^\/apis\//, "");
      const kinds = new Map(Object.entries(served)).get(path);
      const isQuestion = /^[^/]+\/v[a-z0-9]+$/.test(path) && path.includes(".");
      if (isQuestion) paths.push(path);
      const isKnown = !isQuestion || kinds !== undefined;
      response.writeHead(isQuestion && status !== 200 ? status : isKnown ? 200 : 404, {
        "content-type": "application/json",
      });
      const resources = Object.entries(kinds ?? {}).map(([name, namespaced]) => ({ name, namespaced }));
      response.end(
        JSON.stringify(
          isQuestion ? { resources } : { items: [], metadata: { name: "platform", namespace: "flux-system" } },
        ),
      );
    });
    const file = join(folder, "kubeconfig");
    writeFileSync(file, kubeconfigText({ cluster: { server: `http://127.0.0.1:${server.port}` } }));
    const { missingKinds } = await readCluster(
      { state, definitions: [], addons: offered },
      { PATH: process.env.PATH, KUBECONFIG: file },
    );
    return { missingKinds, paths };
  }

  it("are refused where the cluster lacks them: with the definition, the stack and the add-on", async () => {
    const { "keda.sh/v1alpha1": _, ...others } = everything;
    const { missingKinds } = await look(
      { served: { ...others, "cert-manager.io/v1": { certificates: true, certificaterequests: true } } },
      withPlatform,
    );
    const { message } = new FleetError(missingKindProblems({ stack: "prod-eu" }, missingKinds));
    const lines = message.split("\n");
    assert.equal(missingKinds.length, 3);
    assert.match(
      lines.join("\n"),
      /Pulumi\.prod-eu\.yaml: fleet:addons\.cert-manager: the cluster of prod-eu does not serve issuers\.cert-manager\.io in the version v1/,
    );
    for (const plural of ["scaledobjects", "triggerauthentications"]) {
      assert.ok(
        message.includes(`fleet:addons.keda: the cluster of prod-eu does not serve ${plural}.keda.sh`),
        message,
      );
    }
    assert.match(
      message,
      /Have fleet\/infrastructure install keda, wait until Flux has applied it, or take the add-on out/,
    );
  });

  it("are refused where their objects have no namespace", async () => {
    const { missingKinds } = await look(
      { served: { ...everything, "databases.example.com/v1beta1": { databases: false } } },
      withPlatform,
    );
    const [problem, ...others] = missingKindProblems({ stack: "staging" }, missingKinds);
    assert.deepEqual(others, []);
    assert.equal(problem?.path, "fleet:addons.databases");
    assert.match(problem?.message ?? "", /offers databases\.databases\.example\.com, whose objects have no namespace/);
  });

  it("stop the update where the cluster does not tell them", async () => {
    await assert.rejects(look({ served: everything, status: 500 }, withPlatform), /the cluster at .* did not list its/);
  });

  it("are asked for once for each group and version, and pass where the cluster has them", async () => {
    const { missingKinds, paths } = await look({ served: everything }, withPlatform);
    assert.deepEqual(missingKinds, []);
    assert.deepEqual(paths.sort(), Object.keys(everything).sort());
  });

  it("are not asked for before the first update, which installs them, nor without an add-on", async () => {
    assert.deepEqual((await look({ served: {} }, {})).missingKinds, []);
    await server?.stop();
    const { missingKinds, paths } = await look({ served: {} }, withPlatform, []);
    assert.deepEqual([missingKinds, paths], [[], []]);
  });
});
