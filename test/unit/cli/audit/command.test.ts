import assert from "node:assert/strict";
import { join } from "node:path";
import { parse } from "yaml";
import { type AuditSystems, addAuditCommand } from "../../../../cli/commands/audit.js";
import { auditRules } from "../../../../operate/audit/finding.js";
import {
  account,
  auditAnswers,
  bindingTo,
  fluxController,
  installedCluster,
  liveObject,
  lockedArgs,
  ordinaryTenant,
  readyLive,
  withObjects,
} from "../../../support/unit/audited-cluster.js";
import { FakeClusters } from "../../../support/unit/fake-cluster-server.js";
import { runFleetWith } from "../../../support/unit/run-fleet.js";

const clusterRoles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";

interface Result {
  readonly requests: number;
  readonly findings: readonly { readonly rule: string; readonly object: string; readonly severity: string }[];
}

describe("fleet audit", () => {
  let clusters: FakeClusters;
  beforeEach(() => {
    clusters = new FakeClusters();
  });
  afterEach(async () => await clusters.end());

  async function audit(args: readonly string[], systems: Partial<AuditSystems> = {}) {
    const use = { environment: clusters.environment(), limits: { answerMs: 30_000, loginMs: 30_000 }, ...systems };
    return await runFleetWith((program, streams) => addAuditCommand(program, streams, use), "audit", ...args);
  }

  it("needs a context, and knows the severities", async () => {
    const none = await audit([]);
    assert.deepEqual([none.code, /--context/.test(none.err)], [2, true], none.err);
    assert.equal((await audit(["--context", "prod", "--severity", "fatal"])).code, 2);
    assert.equal((await audit(["--context", "prod", "more"])).code, 2);
  });

  it("suggests the context for an unknown one, and ends with 3", async () => {
    const { requests } = await clusters.add("prod", auditAnswers(installedCluster()));
    const { code, out, err } = await audit(["--context", "prd"]);
    assert.deepEqual([code, out, requests], [3, "", []]);
    assert.match(err, /has no context "prd"\. Did you mean prod\?/);
    const missing = await audit(["--context", "prod"], { environment: { KUBECONFIG: join("/dev/null", "none") } });
    assert.deepEqual([missing.code, /KUBECONFIG/.test(missing.err)], [3, true], missing.err);
  });

  it("ends with 3 where the cluster does not answer, or refuses the credentials", async () => {
    await clusters.addSilent("silent");
    const silent = await audit(["--context", "silent"], { limits: { answerMs: 200, loginMs: 30_000 } });
    assert.equal(silent.code, 3);
    assert.match(silent.err, /^silent: there was no complete answer within 0\.2 s\.$/m);
    const answers = Object.keys(auditAnswers({})).map((path) => [path, 401] as const);
    await clusters.add("expired", Object.fromEntries(answers));
    const expired = await audit(["--context", "expired"]);
    assert.equal(expired.code, 3);
    assert.match(expired.err, /^expired: it refused the credentials \(HTTP status 401\)/m);
  });

  it("names a missing right, prints what it could read, and ends with 3", async () => {
    await clusters.add("prod", {
      ...auditAnswers(withObjects(installedCluster(), ordinaryTenant("a"))),
      [clusterRoles]: 403,
    });
    const { code, out, err } = await audit(["--context", "prod"]);
    assert.equal(code, 3);
    assert.match(out, /sync-without-account/);
    assert.match(err, /kubectl auth can-i list clusterroles\.rbac\.authorization\.k8s\.io --all-namespaces/);
  });

  it("ends with 3 for a cluster without Flux, and for an object of an unknown form", async () => {
    await clusters.add("bare", auditAnswers({}));
    const bare = await audit(["--context", "bare"]);
    assert.deepEqual([bare.code, bare.err], [3, "bare: it runs no controller of Flux.\n"]);
    const spec = { serviceAccountName: 7 };
    await clusters.add(
      "other",
      auditAnswers(withObjects(installedCluster(), { Kustomization: [readyLive("a", "x", spec)] })),
    );
    const other = await audit(["--context", "other"]);
    assert.deepEqual([other.code, /spec\.serviceAccountName/.test(other.err)], [3, true], other.err);
  });

  it("finds the weaknesses of an ordinary cluster with a rogue binding, and ends with 1", async () => {
    const rogue = bindingTo("cluster-admin", "rogue", [account("a", "ci")]);
    const cluster = withObjects(installedCluster(), { ClusterRoleBinding: [rogue] });
    await clusters.add("prod", auditAnswers(withObjects(cluster, ordinaryTenant("a"))));
    const { code, out, err } = await audit(["--context", "prod", "--output", "json"]);
    assert.equal(code, 1);
    assert.match(err, /^prod has \d+ findings: 5 high, \d+ medium, 1 low\.$/m);
    const { findings } = JSON.parse(out) as Result;
    assert.deepEqual(
      findings.filter(({ severity }) => severity === "high").map(({ rule, object }) => `${rule} ${object}`),
      [
        "binding-cluster-admin ClusterRoleBinding rogue",
        "controller-flag Deployment flux-system/helm-controller",
        "controller-flag Deployment flux-system/kustomize-controller",
        "escalation-path Kustomization a/app",
        "sync-without-account Kustomization a/app",
      ],
    );
    for (const { rule } of findings) assert.ok(Object.hasOwn(auditRules, rule), rule);
    const high = await audit(["--context", "prod", "--severity", "high", "--output", "yaml"]);
    assert.equal((parse(high.out) as Result).findings.length, 5);
    assert.match(high.err, /^prod has 5 findings: 5 high, 0 medium, 0 low\.$/m);
    const markdown = await audit(["--context", "prod", "--output", "markdown"]);
    assert.match(markdown.out, /^### How Kustomization a\/app leads to the whole cluster$/m);
    const table = await audit(["--context", "prod"]);
    assert.match(table.out, /^ {2}1\. kubectl delete clusterrolebindings\.rbac\.authorization\.k8s\.io\/rogue$/m);
  });

  it("pages through long lists, and reads one again whose pages have expired", async () => {
    const tenants = Array.from({ length: 501 }, (_, index) => ordinaryTenant(`team-${index}`));
    const cluster = tenants.reduce(withObjects, installedCluster(lockedArgs));
    const { requests, expired } = await clusters.add("large", auditAnswers(cluster));
    const syncs = "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations";
    const ofSyncs = async () => {
      const { out } = await audit(["--context", "large", "--output", "json"], {
        limits: { answerMs: 10_000, loginMs: 2000 },
      });
      const { findings } = JSON.parse(out) as Result;
      const named = findings.filter(({ rule, object }) => rule === "sync-without-account" && object.endsWith("/app"));
      const queries = requests.splice(0).filter((path) => path.startsWith(`${syncs}?`) || path === syncs);
      return { named: named.length, queries: queries.map((path) => path.split("?")[1] ?? "") };
    };
    assert.deepEqual(await ofSyncs(), { named: 501, queries: ["limit=500", "limit=500&continue=500"] });
    expired.add(syncs);
    assert.deepEqual(await ofSyncs(), { named: 501, queries: ["limit=500", "limit=500&continue=500", ""] });
  });

  it("ends with 0, and prints no table, for a cluster without findings", async () => {
    const digest = `@sha256:${"0".repeat(64)}`;
    const spec = (name: string) => ({
      template: {
        spec: { serviceAccountName: name, containers: [{ name: "manager", image: `x${digest}`, args: lockedArgs }] },
      },
    });
    const names = ["kustomize-controller", "helm-controller"];
    const cluster = {
      Deployment: names.map((name) => ({ ...fluxController(name), spec: spec(name) })),
      ClusterRole: [liveObject({ name: "applier" }, { rules: [] })],
      ClusterRoleBinding: [
        bindingTo(
          "applier",
          "applier",
          names.map((name) => account("flux-system", name)),
        ),
      ],
    };
    await clusters.add("sound", auditAnswers(cluster));
    assert.deepEqual(await audit(["--context", "sound"]), { code: 0, out: "", err: "" });
  });

  it("sends the same requests for 20 and for 200 tenants, reads no Secret, and follows older versions of kinds", async () => {
    const counts: number[] = [];
    for (const count of [20, 200]) {
      const tenants = Array.from({ length: count }, (_, index) => ordinaryTenant(`team-${index}`));
      const cluster = tenants.reduce(withObjects, installedCluster(lockedArgs));
      const { requests } = await clusters.add(`of-${count}`, auditAnswers(cluster));
      await audit(["--context", `of-${count}`, "--output", "json"], { limits: { answerMs: 10_000, loginMs: 2000 } });
      counts.push(requests.length);
      assert.ok(requests.every((path) => !path.includes("secrets")));
    }
    assert.deepEqual(counts, [23, 23]);
    const { "/apis/helm.toolkit.fluxcd.io/v2/helmreleases": _, ...older } = auditAnswers(installedCluster());
    const releases = "/apis/helm.toolkit.fluxcd.io/v2beta2/helmreleases";
    await clusters.add("older", { ...older, [releases]: { items: [readyLive("a", "chart", {})] } });
    const { out } = await audit(["--context", "older", "--output", "json"]);
    const { requests, findings } = JSON.parse(out) as Result;
    assert.equal(requests, 24);
    assert.ok(findings.some(({ rule, object }) => rule === "sync-without-account" && object === "HelmRelease a/chart"));
  });
});
