import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectNamed } from "../../../../cli/cluster/connect-named.js";
import { addRetrofitCommand, type RetrofitSystems } from "../../../../cli/commands/retrofit.js";
import { fixtures } from "../../../support/fixtures.js";
import { auditAnswers, installedCluster } from "../../../support/unit/audited-cluster.js";
import { clusterFolders, soundSettings } from "../../../support/unit/checkout-tree.js";
import { FakeClusters } from "../../../support/unit/fake-cluster-server.js";
import { retrofitPlan } from "../../../support/unit/retrofit-cluster.js";
import { runFleetWith } from "../../../support/unit/run-fleet.js";
import { writeTree } from "../../../support/unit/tree-files.js";

describe("fleet retrofit", () => {
  let clusters: FakeClusters;
  beforeEach(() => {
    clusters = new FakeClusters();
  });
  afterEach(async () => await clusters.end());

  async function run(args: readonly string[], root = fixtures, answerMs = 30_000) {
    const use: RetrofitSystems = {
      environment: clusters.environment(),
      limits: { answerMs, loginMs: 30_000 },
      connect: connectNamed,
      plan: async () => retrofitPlan("payments"),
      release: async () => ({ version: "v2.9.2", objects: [] }),
    };
    return await runFleetWith(
      (program, streams) => addRetrofitCommand(program, streams, root, use),
      "retrofit",
      ...args,
    );
  }

  const place = ["--context", "prod", "--stack", "staging"];

  it("needs a context and a stack, and knows the steps", async () => {
    for (const [args, words] of [
      [["--stack", "staging"], /--context/],
      [["--context", "prod"], /--stack/],
      [["--context", "prod", "--stack", "stagin"], /no stack "stagin"\. Did you mean staging\?/],
      [[...place, "--apply", "adoption"], /Allowed choices are accounts, syncs, flags, bindings/],
      [[...place, "--apply", "syncs", "--undo", "syncs"], /cannot be used with/],
      [[...place, "--wait", "soon"], /number of seconds/],
    ] as const) {
      const { code, err } = await run(args);
      assert.equal(code, 2, err);
      assert.match(err, words);
    }
  });

  it("names the command that writes tenant files, for a stack without tenants, and sends no request", async () => {
    const { requests } = await clusters.add("prod", auditAnswers(installedCluster()));
    const root = mkdtempSync(join(tmpdir(), "fleet-retrofit-"));
    try {
      writeTree(root, {
        "Pulumi.yaml": "name: fleet\n",
        "Pulumi.staging.yaml": soundSettings(),
        ...clusterFolders("staging"),
      });
      const { code, err } = await run(place, root);
      assert.equal(code, 1, err);
      assert.match(err, /has no tenants\. .*npx fleet tenant import --context prod --stack staging/);
      assert.deepEqual(requests, []);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it("suggests the context for an unknown one, and ends with 3", async () => {
    const { requests } = await clusters.add("prod", auditAnswers(installedCluster()));
    const { code, out, err } = await run(["--context", "prd", "--stack", "staging"]);
    assert.deepEqual([code, out, requests], [3, "", []]);
    assert.match(err, /has no context "prd"\. Did you mean prod\?/);
  });

  it("ends with 3 where the cluster does not answer, refuses a list, or runs no Flux", async () => {
    await clusters.addSilent("silent");
    const silent = await run(["--context", "silent", "--stack", "staging"], fixtures, 200);
    assert.deepEqual([silent.code, silent.out], [3, ""]);
    assert.match(silent.err, /no complete answer within 0\.2 s/);
    await clusters.add("prod", {
      ...auditAnswers(installedCluster()),
      "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings": 403,
    });
    const refused = await run(place);
    assert.deepEqual([refused.code, refused.out], [3, ""]);
    assert.match(refused.err, /kubectl auth can-i list clusterrolebindings\.rbac\.authorization\.k8s\.io/);
    await clusters.add("bare", auditAnswers({}));
    const bare = await run(["--context", "bare", "--stack", "staging"]);
    assert.deepEqual([bare.code, bare.err], [3, "bare: it runs no controller of Flux.\n"]);
  });
});
