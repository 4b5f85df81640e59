import assert from "node:assert/strict";
import { fleetLabels } from "../../../../lib/kubernetes/ownership-labels.js";
import type { FakeApiServer } from "../../../support/unit/fake-api-server.js";
import {
  accountOf,
  contentOf,
  controller,
  fluxObject,
  ofBootstrap,
  ordinaryTenantObjects,
  retrofitCluster,
  rogue,
} from "../../../support/unit/retrofit-cluster.js";
import { retrofit, retrofitWith } from "../../../support/unit/run-retrofit.js";
import { refusal } from "../../../support/unit/stored-objects.js";

describe("the steps of fleet retrofit", () => {
  let server: FakeApiServer;
  beforeEach(() => {
    server = retrofitCluster([...ordinaryTenantObjects("payments"), rogue]);
  });

  const apply = async (step: string) => await retrofit(server, ["payments"], "--apply", step, "--yes");
  const undo = async (step: string) => await retrofit(server, ["payments"], "--undo", step, "--yes");
  it("refuses a step before its turn, and one whose proof fails, and changes nothing", async () => {
    for (const step of ["syncs", "flags", "bindings"]) {
      const { code, err } = await apply(step);
      assert.equal(code, 1);
      assert.match(err, new RegExp(`^${step} cannot be made now, so nothing was changed:\\n {2}accounts is not done`));
    }
    assert.deepEqual(server.writes, []);
    await apply("accounts");
    const made = server.writes.length;
    server.put(
      fluxObject("Kustomization", { namespace: "payments", name: "more" }, {}, [
        "_x_rbac.authorization.k8s.io_ClusterRole",
      ]),
    );
    const { code, err } = await apply("syncs");
    assert.equal(code, 1);
    assert.match(err, /payments\/reconciler may not .* clusterroles\.rbac\.authorization\.k8s\.io/);
    assert.equal(server.writes.length, made);
  });

  it("proves no sync by a right that a later step takes away", async () => {
    await apply("accounts");
    const subjects = [{ kind: "ServiceAccount", name: "reconciler", namespace: "payments" }];
    server.put({ ...rogue, metadata: { name: "of-the-tenant" }, subjects });
    const applied = ["_x_rbac.authorization.k8s.io_ClusterRole"];
    server.put(fluxObject("Kustomization", { namespace: "payments", name: "more" }, {}, applied));
    const { code, err } = await apply("syncs");
    assert.equal(code, 1);
    assert.match(err, /payments\/reconciler may not .* clusterroles\.rbac\.authorization\.k8s\.io/);
    assert.equal(accountOf(server, "payments", "app"), undefined);
  });

  it("prints names of others without characters that move a cursor", async () => {
    await apply("accounts");
    for (const step of ["syncs", "flags"]) await apply(step);
    const app = server.find("Kustomization", "app", "payments") ?? assert.fail();
    const conditions = [
      { type: "Ready", status: "False", message: "\u001b[2Jno\nflags is done", observedGeneration: 1 },
    ];
    server.put({ ...app, metadata: { ...app.metadata, generation: 1 }, status: { conditions } });
    const { err } = await apply("flags");
    assert.ok(!err.includes("\u001b"), err);
    assert.doesNotMatch(err, /^flags is done/m);
  });

  it("writes nothing when one of its dry runs is refused", async () => {
    server.refuse = ({ path, isDryRun }) => {
      return isDryRun && path.includes("rolebindings/reconciler")
        ? refusal(409, "conflict with flux: .roleRef")
        : undefined;
    };
    const { code, err } = await apply("accounts");
    assert.equal(code, 1);
    assert.match(
      err,
      /refuses these changes, so nothing was changed:\nRoleBinding payments\/reconciler: conflict with flux/,
    );
    assert.deepEqual(server.writes, []);
  });

  it("asks, and takes any other answer than yes for no", async () => {
    const questions: string[] = [];
    const ask = async (question: string) => questions.push(question) < 0;
    const plan = (await import("../../../support/unit/retrofit-cluster.js")).retrofitPlan("payments");
    const { code, err } = await retrofitWith(server, { plan: async () => plan, ask }, "--apply", "accounts");
    assert.deepEqual([code, err], [1, "Nothing was changed.\n"]);
    assert.match(
      questions[0] ?? "",
      /ServiceAccount payments\/reconciler: creates it\n[\s\S]*Apply accounts to prod\? \[y\/N\] $/,
    );
    assert.deepEqual(server.writes, []);
    const silent = await retrofitWith(server, { plan: async () => plan }, "--apply", "accounts");
    assert.deepEqual([silent.code, /needs? --yes/.test(silent.err)], [2, true], silent.err);
  });

  it("brings a cluster under lockdown, and back, each once", async () => {
    const before = contentOf(server);
    for (const step of ["accounts", "syncs", "flags"]) {
      const { code, out, err } = await apply(step);
      assert.deepEqual([code, err], [0, ""], out);
      const count = server.writes.length;
      assert.match((await apply(step)).out, /is done already/);
      assert.equal(server.writes.length, count);
    }
    assert.equal(accountOf(server, "payments", "app"), "reconciler");
    const args = JSON.stringify(server.find("Deployment", "kustomize-controller", "flux-system")?.spec);
    for (const flag of ["no-cross-namespace-refs=true", "no-remote-bases=true", "default-service-account=default"]) {
      assert.ok(args.includes(`--${flag}`), flag);
    }
    for (const step of ["flags", "syncs", "accounts"]) {
      const { code, err } = await undo(step);
      assert.deepEqual([code, err], [0, ""]);
      assert.match((await undo(step)).out, /nothing to take back/);
    }
    assert.deepEqual(contentOf(server), before);
  });

  it("writes by server-side apply under its own name, and by patches that test what was read", async () => {
    for (const step of ["accounts", "syncs", "flags"]) await apply(step);
    for (const { method, path, body, headers = {} } of server.writes) {
      assert.equal(method, "PATCH");
      assert.match(path, /fieldManager=fleet-retrofit/);
      assert.doesNotMatch(path, /force/);
      if (headers["content-type"] === "application/apply-patch+yaml") continue;
      assert.equal((body as readonly { readonly op: string }[])[0]?.op, "test", path);
    }
  });

  it("says that an object has changed since it was read", async () => {
    await apply("accounts");
    server.refuse = ({ path, isDryRun }) => {
      if (isDryRun || !path.includes("kustomizations/app")) return undefined;
      const live = server.find("Kustomization", "app", "payments");
      if (live !== undefined) server.put({ ...live, spec: { ...(live.spec as object), path: "./other" } });
      return undefined;
    };
    const { code, err } = await retrofit(server, ["payments"], "--apply", "syncs", "--yes");
    assert.equal(code, 1);
    assert.match(err, /Kustomization payments\/app: it is no longer as it was read: run the command again/);
    assert.equal(accountOf(server, "payments", "app"), undefined);
  });

  it("converges after it was cut off at any write, and still has the way back", async () => {
    const before = contentOf(server);
    for (let last = 0; ; last += 1) {
      const cut = retrofitCluster([...ordinaryTenantObjects("payments"), rogue]);
      server = cut;
      let isCut = false;
      cut.refuse = ({ method, isDryRun, path }) => {
        const isWrite = method !== "GET" && !isDryRun && !path.includes("reviews");
        // The request itself is already among the writes.
        isCut ||= isWrite && cut.writes.length > last;
        return isCut ? refusal(500, "killed") : undefined;
      };
      for (const step of ["accounts", "syncs", "flags"]) await apply(step);
      const wasCut = isCut;
      cut.refuse = () => undefined;
      for (const step of ["accounts", "syncs", "flags"])
        assert.equal((await apply(step)).code, 0, `${step} after ${last}`);
      for (const step of ["flags", "syncs", "accounts"])
        assert.equal((await undo(step)).code, 0, `${step} after ${last}`);
      assert.deepEqual(contentOf(cut), before, `cut off at write ${last}`);
      if (!wasCut) break;
    }
  });

  /** Gives an object the labels of the program, as an update does. */
  const adopt = (kind: string, name: string, namespace?: string) => {
    const found = server.find(kind, name, namespace) ?? assert.fail(name);
    server.put({ ...found, metadata: { ...found.metadata, labels: fleetLabels("staging") } });
  };

  it("deletes a binding that gives too much once the program has the cluster, and creates it again", async () => {
    for (const step of ["accounts", "syncs", "flags"]) await apply(step);
    assert.match((await apply("bindings")).err, /adoption is not done/);
    adopt("Namespace", "flux-system");
    adopt("Kustomization", "app", "payments");
    const before = contentOf(server);
    const uid = server.find("ClusterRoleBinding", "rogue")?.metadata.uid;
    assert.equal((await apply("bindings")).code, 0);
    assert.equal(server.find("ClusterRoleBinding", "rogue"), undefined);
    const deletions = server.writes.filter(({ method }) => method === "DELETE");
    assert.deepEqual(
      deletions.map(({ path, body }) => [path, (body as { readonly preconditions: object }).preconditions]),
      [["/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/rogue", { uid }]],
    );
    assert.match((await undo("syncs")).err, /pulumi up has taken the cluster over/);
    assert.equal((await undo("bindings")).code, 0);
    assert.deepEqual(contentOf(server), before);
  });

  it("leaves what Git owns to its files, and is done once Flux has applied them", async () => {
    const app = server.find("Kustomization", "app", "payments");
    if (app === undefined) throw new Error("the cluster lacks the sync");
    const root = { namespace: "flux-system", name: "flux-system" };
    const source = { kind: "GitRepository", name: "flux-system" };
    server.put(
      fluxObject("Kustomization", root, { sourceRef: source, path: "./", serviceAccountName: "platform-reconciler" }, [
        "payments_app_kustomize.toolkit.fluxcd.io_Kustomization",
      ]),
    );
    server.put({ ...app, metadata: { ...app.metadata, labels: ofBootstrap } });
    await apply("accounts");
    const count = server.writes.length;
    const { code, out, err } = await apply("syncs");
    assert.equal(code, 1);
    assert.match(err, /^1 change belongs into files of Git/);
    assert.match(out, /path: \/spec\/serviceAccountName/);
    assert.equal(server.writes.length, count);
    const spec = { ...(app.spec as object), serviceAccountName: "reconciler", targetNamespace: "payments" };
    server.put({ ...app, spec, metadata: { ...app.metadata, labels: ofBootstrap } });
    assert.match((await apply("syncs")).out, /syncs is done already/);
  });

  it("waits for syncs that are not Ready, and leaves flags of flux-operator to it", async () => {
    await apply("accounts");
    server.afterWrite = () => undefined;
    const { code, err } = await apply("syncs");
    assert.equal(code, 1);
    assert.match(
      err,
      /syncs is made, but not done yet:\n {2}Kustomization payments\/app: is not Ready: Flux has not seen the change yet/,
    );
    server.put(controller("helm-controller", { "fluxcd.controlplane.io/name": "flux" }));
    const { out } = await retrofit(server, ["payments"]);
    assert.match(out, /flux-operator writes its arguments/);
  });
});
