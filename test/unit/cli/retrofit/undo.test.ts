import assert from "node:assert/strict";
import type { FakeApiServer } from "../../../support/unit/fake-api-server.js";
import {
  accountOf,
  contentOf,
  controller,
  ordinaryTenantObjects,
  retrofitCluster,
  rogue,
} from "../../../support/unit/retrofit-cluster.js";
import { retrofit } from "../../../support/unit/run-retrofit.js";

describe("the way back of a step of fleet retrofit", () => {
  let server: FakeApiServer;
  beforeEach(() => {
    server = retrofitCluster([...ordinaryTenantObjects("payments"), rogue]);
  });

  const apply = async (step: string) => await retrofit(server, ["payments"], "--apply", step, "--yes");
  const undo = async (step: string) => await retrofit(server, ["payments"], "--undo", step, "--yes");

  it("takes a step back only while nothing rests on it", async () => {
    for (const step of ["accounts", "syncs", "flags"]) await apply(step);
    for (const [step, reason] of [
      ["accounts", /Take flags back first/],
      ["syncs", /Take flags back first/],
    ] as const) {
      const { code, err } = await undo(step);
      assert.equal(code, 1);
      assert.match(err, reason);
    }
    const own = server.find("ServiceAccount", "reconciler", "payments");
    await undo("flags");
    await undo("syncs");
    const app = server.find("Kustomization", "app", "payments");
    if (own === undefined || app === undefined) throw new Error("the cluster lacks an object");
    server.put({ ...app, spec: { ...(app.spec as object), serviceAccountName: "reconciler" } });
    assert.match((await undo("accounts")).err, /Kustomization payments\/app names the account/);
    server.put(app);
    server.put({ ...own, metadata: { ...own.metadata, managedFields: [{ manager: "fleet", operation: "Apply" }] } });
    assert.match((await undo("accounts")).err, /ServiceAccount payments\/reconciler was changed by fleet/);
  });

  it("takes back no account that a sync in Git names, and no account of a sync under lockdown", async () => {
    await apply("accounts");
    await apply("syncs");
    const name = "kustomize-controller";
    const container = { name: "manager", args: ["--default-service-account=default"] };
    const spec = { template: { spec: { serviceAccountName: name, containers: [container] } } };
    server.put({ ...controller(name), spec });
    assert.match((await undo("syncs")).err, /The controllers are locked down, so a sync needs its account/);
    server.put(controller(name));
    assert.equal((await undo("syncs")).code, 0);
    const app = server.find("Kustomization", "app", "payments") ?? assert.fail();
    server.put({ ...app, spec: { ...(app.spec as object), serviceAccountName: "reconciler" } });
    const records = server.find("ConfigMap", "fleet-retrofit", "flux-system") ?? assert.fail();
    const data = Object.entries(records.data as Record<string, string>);
    const kept = data.filter(([, text]) => !text.includes('"kind":"ServiceAccount"'));
    server.put({ ...records, data: Object.fromEntries(kept) });
    assert.match((await undo("accounts")).err, /Kustomization payments\/app names the account/);
  });

  it("still knows what it created, when it applies the object once more", async () => {
    const before = contentOf(server);
    await apply("accounts");
    const own = server.find("ServiceAccount", "reconciler", "payments");
    if (own === undefined) throw new Error("the cluster lacks the account");
    server.put({ ...own, metadata: { ...own.metadata, labels: {} } });
    assert.match((await apply("accounts")).out, /ServiceAccount payments\/reconciler: changes it/);
    assert.equal((await undo("accounts")).code, 0);
    assert.deepEqual(contentOf(server), before);
  });

  it("keeps a change of others when a step is taken back", async () => {
    await apply("accounts");
    await apply("syncs");
    const app = server.find("Kustomization", "app", "payments") ?? assert.fail();
    server.put({ ...app, spec: { ...(app.spec as object), serviceAccountName: "other" } });
    const count = server.writes.length;
    const { code, err } = await undo("syncs");
    assert.equal(code, 1);
    assert.match(err, /Kustomization payments\/app: it is no longer as it was read/);
    assert.equal(server.writes.length, count);
    assert.equal(accountOf(server, "payments", "app"), "other");
  });
});
