import assert from "node:assert/strict";
import type { LiveObject } from "../../../../lib/kubernetes/live-object.js";
import { liveIdentity } from "../../../../lib/kubernetes/live-object.js";
import type { AuditedCluster } from "../../../../operate/audit/audited-cluster.js";
import { adoptionCommands } from "../../../../operate/retrofit/adoption.js";
import { type RetrofitFacts, retrofitFacts } from "../../../../operate/retrofit/facts.js";
import type { PlannedObject } from "../../../../operate/verify/planned-objects.js";
import {
  fluxController,
  installedCluster,
  liveObject,
  readyLive,
  withObjects,
} from "../../../support/unit/audited-cluster.js";

const kustomize = "kustomize.toolkit.fluxcd.io";
const ours = { "app.kubernetes.io/managed-by": "fleet" };

function planned(group: string, kind: string, name: string, namespace?: string, tenant?: string): PlannedObject {
  const [type, metadata] = [
    { group, version: "v1", kind },
    { name, namespace },
  ];
  const owner = { tenant, file: "Pulumi.prod.yaml" };
  return { ...type, identity: liveIdentity(type, metadata), metadata, fields: {}, isPatch: false, owner };
}

const plan = [
  planned("core", "Namespace", "payments", undefined, "payments"),
  planned(kustomize, "Kustomization", "payments", "payments", "payments"),
  planned("source.toolkit.fluxcd.io", "GitRepository", "payments", "payments", "payments"),
  planned("core", "ServiceAccount", "reconciler", "payments", "payments"),
  planned("source.toolkit.fluxcd.io", "GitRepository", "platform", "flux-system"),
];

/** A root sync that applies the sync of a tenant. */
function rootSync(name: string, ...ids: readonly string[]): LiveObject {
  const sync = readyLive("flux-system", name, { sourceRef: { kind: "GitRepository", name } });
  return {
    ...sync,
    status: { ...(sync.status as object), inventory: { entries: ids.map((id) => ({ id, v: "v1" })) } },
  };
}

const tenantSync = `payments_payments_${kustomize}_Kustomization`;

function factsOf(
  added: AuditedCluster,
  more: Partial<Pick<RetrofitFacts, "release" | "unaudited">> = {},
): RetrofitFacts {
  const tenant = {
    Namespace: [liveObject({ name: "payments" })],
    Kustomization: [readyLive("payments", "payments", { sourceRef: { kind: "GitRepository", name: "payments" } })],
    ServiceAccount: [liveObject({ namespace: "payments", name: "reconciler", labels: ours })],
  };
  const cluster = withObjects(withObjects(installedCluster(), tenant), added);
  const read = { release: { version: "v2.9.2", objects: [] }, unaudited: {}, ...more };
  return retrofitFacts({ context: "prod eu", stack: "prod", cluster, planned: plan, ...read });
}

function commands(added: AuditedCluster = {}): readonly string[] {
  return adoptionCommands(factsOf(added));
}

const labels = "app.kubernetes.io/managed-by=fleet fleet.dev/stack=prod";

describe("adoption of a cluster with another Flux", () => {
  it("suspends the sync that applies planned objects before anything else, and deletes it after the update", () => {
    const printed = commands({
      Kustomization: [
        rootSync("flux-system", tenantSync),
        rootSync("monitoring", "monitoring_grafana_apps_Deployment"),
      ],
    });
    const update = printed.indexOf("pulumi up --stack prod");
    const patch = `'{"spec":{"prune":false,"deletionPolicy":"Orphan"}}'`;
    assert.deepEqual(printed.slice(0, 2), [
      "flux --context 'prod eu' --namespace flux-system suspend kustomization flux-system",
      `kubectl --context 'prod eu' --namespace flux-system patch kustomizations.${kustomize}/flux-system --type merge --patch ${patch}`,
    ]);
    assert.deepEqual(printed.slice(update + 1, update + 3), [
      "flux --context 'prod eu' --namespace flux-system delete kustomization flux-system --silent",
      "flux --context 'prod eu' --namespace flux-system delete source git flux-system --silent",
    ]);
    assert.ok(!printed.join("\n").includes("monitoring"), "an unrelated sync of the platform is touched");
  });

  it("suspends a root sync that applies Flux, or the sync of the tenants' syncs, and keeps a source that others use", () => {
    const root = rootSync("flux-system", `flux-system_tenants_${kustomize}_Kustomization`);
    const shared = { sourceRef: { kind: "GitRepository", name: "tenants" } };
    const printed = commands({
      Kustomization: [
        rootSync("flux", "flux-system_kustomize-controller_apps_Deployment"),
        rootSync("tenants", tenantSync),
        readyLive("flux-system", "monitoring", shared),
        root,
      ],
    });
    const suspended = printed.filter((one) => one.includes(" suspend "));
    assert.deepEqual(
      suspended.map((one) => one.split(" ").at(-1)),
      ["flux-system", "flux", "tenants"],
    );
    const sources = printed.filter((one) => one.includes(" delete source git "));
    assert.deepEqual(
      sources.map((one) => one.split(" ").at(-2)),
      ["flux-system", "flux"],
    );
  });

  it("keeps a source of a former sync that a chart, a sync to another cluster or an image automation uses", () => {
    const sourceRef = { kind: "GitRepository", name: "flux-system" };
    const deleted = (added: AuditedCluster) => {
      const { Kustomization = [], ...more } = added;
      const root = rootSync("flux-system", tenantSync);
      const printed = commands({ ...more, Kustomization: [root, ...Kustomization] });
      return printed.filter((one) => one.includes(" delete source git "));
    };
    assert.equal(deleted({}).length, 1);
    assert.equal(deleted({ HelmRelease: [readyLive("flux-system", "chart", { chart: { spec: {} } })] }).length, 1);
    const remote = { sourceRef, kubeConfig: { secretRef: { name: "other" } } };
    assert.deepEqual(deleted({ Kustomization: [readyLive("flux-system", "remote", remote)] }), []);
    assert.deepEqual(
      deleted({ HelmRelease: [readyLive("flux-system", "chart", { chart: { spec: { sourceRef } } })] }),
      [],
    );
    const spec = { sourceRef };
    assert.deepEqual(deleted({ ImageUpdateAutomation: [readyLive("flux-system", "images", spec)] }), []);
    const foreign = { chart: { spec: { sourceRef: { ...sourceRef, namespace: "flux-system" } } } };
    assert.deepEqual(deleted({ HelmRelease: [readyLive("payments", "chart", foreign)] }), []);
  });

  it("labels what is there and lacks the label, and nothing else", () => {
    const labelled = commands().filter((one) => one.includes(" label "));
    const kubectl = "kubectl --context 'prod eu'";
    assert.deepEqual(labelled, [
      `${kubectl} label --overwrite namespace flux-system ${labels}`,
      `${kubectl} label --overwrite namespace payments ${labels} fleet.dev/tenant=payments`,
      `${kubectl} --namespace payments label --overwrite kustomizations.${kustomize}/payments ${labels} fleet.dev/tenant=payments`,
    ]);
  });

  it("makes the program the owner of what others applied, before the update, in Flux and in registered objects alone", () => {
    const managedFields = [{ manager: "kustomize-controller", operation: "Apply", fieldsV1: { "f:spec": {} } }];
    const printed = commands({
      GitRepository: ["payments", "other"].map((name) => liveObject({ namespace: "payments", name, managedFields })),
      Deployment: [fluxController("kustomize-controller", [], { managedFields })],
    });
    const patches = printed.filter((one) => one.includes(" patch "));
    assert.deepEqual(
      patches.map((one) => one.split(" --type json ")[0]),
      [
        "kubectl --context 'prod eu' --namespace flux-system patch deployments.apps/kustomize-controller",
        "kubectl --context 'prod eu' --namespace payments patch gitrepositories.source.toolkit.fluxcd.io/payments",
      ],
    );
    assert.ok(patches.every((one) => printed.indexOf(one) < printed.indexOf("pulumi up --stack prod")));
    assert.match(patches[0] ?? "", /"path":"\/metadata\/managedFields\/0\/manager","value":"fleet"/);
  });

  it("deletes the binding of Flux's own controllers last, and no other binding of the role", () => {
    const subjects = [{ kind: "User", name: "ann" }];
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" };
    const printed = commands({ ClusterRoleBinding: [liveObject({ name: "admins" }, { roleRef, subjects })] });
    assert.equal(
      printed.at(-1),
      "kubectl --context 'prod eu' delete clusterrolebinding/cluster-reconciler-flux-system",
    );
    assert.ok(!printed.join("\n").includes("admins"));
  });
});
