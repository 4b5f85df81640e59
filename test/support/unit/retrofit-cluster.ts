import { fleetLabels, tenantLabels } from "../../../lib/kubernetes/ownership-labels.js";
import { auditedTypes } from "../../../operate/audit/audited-cluster.js";
import { installedType, unauditedKinds } from "../../../operate/retrofit/installation.js";
import { type PlannedObject, plannedObjects } from "../../../operate/verify/planned-objects.js";
import { tenantRole, tenantRules } from "../../../policies/rbac/reconciler.js";
import { FakeApiServer } from "./fake-api-server.js";
import { planned, planOf } from "./plans.js";
import type { StoredObject } from "./stored-objects.js";

const rbac = "rbac.authorization.k8s.io/v1";
const subject = (namespace: string, name: string) => ({ kind: "ServiceAccount", name, namespace });
const roleRef = (name: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name });

/** The objects that the program registers for tenants with one namespace each, of the same name. */
export function retrofitPlan(...tenants: readonly string[]): PlannedObject[] {
  const labels = fleetLabels("staging");
  const place = { namespace: "flux-system", labels };
  const platform = "platform-reconciler";
  const shared = [
    planned(`${rbac}:ClusterRole`, { name: tenantRole, labels }, { rules: tenantRules }),
    planned("core/v1:ServiceAccount", { ...place, name: platform }, { automountServiceAccountToken: false }),
    planned(
      `${rbac}:ClusterRoleBinding`,
      { name: `fleet-${platform}`, labels },
      { roleRef: roleRef("cluster-admin"), subjects: [subject("flux-system", platform)] },
    ),
  ];
  const own = tenants.flatMap((tenant) => {
    const metadata = { namespace: tenant, labels: tenantLabels("staging", tenant) };
    const subjects = [subject(tenant, "reconciler")];
    return [
      planned("core/v1:Namespace", { name: tenant, labels: metadata.labels }, {}, { tenant }),
      planned("core/v1:ServiceAccount", { ...metadata, name: "reconciler" }, {}, { tenant }),
      planned(
        `${rbac}:RoleBinding`,
        { ...metadata, name: "reconciler" },
        { roleRef: roleRef(tenantRole), subjects },
        { tenant },
      ),
      planned("kustomize.toolkit.fluxcd.io/v1:Kustomization", { ...metadata, name: "app" }, { spec: {} }, { tenant }),
    ];
  });
  return plannedObjects(planOf([...shared, ...own], { tenants: [...tenants] }));
}

/** An object of Flux that is Ready. */
export function fluxObject(
  kind: "Kustomization" | "HelmRelease" | "GitRepository",
  metadata: StoredObject["metadata"],
  spec: object,
  applied?: readonly string[],
): StoredObject {
  const { group, versions } = auditedTypes[kind];
  const conditions = [{ type: "Ready", status: "True", message: "Applied", observedGeneration: 1 }];
  const inventory = applied && { entries: applied.map((id) => ({ id, v: "v1" })) };
  const status = { conditions, ...(inventory && { inventory }) };
  return { apiVersion: `${group}/${versions[0]}`, kind, metadata, spec, status };
}

/** The labels of an object that the root Kustomization of `flux bootstrap` applies. */
export const ofBootstrap = {
  "kustomize.toolkit.fluxcd.io/name": "flux-system",
  "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
};

/** A tenant as most guides set one up: a workload, applied with the rights of the controller. */
export function ordinaryTenantObjects(tenant: string): StoredObject[] {
  const place = { namespace: tenant };
  const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata: { ...place, name: "web" }, spec: {} };
  const sourceRef = { kind: "GitRepository", name: "app" };
  const source = fluxObject("GitRepository", { ...place, name: "app" }, { url: `https://git.example/${tenant}` });
  const applied = [`${tenant}_web_apps_Deployment`];
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: tenant } },
    deployment,
    source,
    fluxObject("Kustomization", { ...place, name: "app" }, { sourceRef, path: "./" }, applied),
  ];
}

const controllers = ["kustomize-controller", "helm-controller", "source-controller"];

/** A cluster with Flux as its CLI installs it, without lockdown, and these objects. Its controllers follow each change. */
export function retrofitCluster(objects: readonly StoredObject[]): FakeApiServer {
  const server = new FakeApiServer();
  for (const [kind, { group, versions }] of Object.entries(auditedTypes)) {
    server.serve({ apiVersion: group === "core" ? (versions[0] ?? "") : `${group}/${versions[0]}`, kind });
  }
  for (const kind of unauditedKinds) {
    const { group, version } = installedType(kind);
    server.serve({ apiVersion: group === "core" ? version : `${group}/${version}`, kind });
  }
  for (const one of [...installedObjects(), ...objects]) server.put(one);
  server.afterWrite = () => {
    for (const one of server.objects.filter(({ status }) => status !== undefined)) server.put(observed(one));
  };
  return server;
}

/** An object after its controller has looked at it. */
function observed({ status, ...object }: StoredObject): StoredObject {
  const { generation: observedGeneration } = object.metadata;
  const { conditions, ...others } = status as { readonly conditions?: readonly object[] };
  const seen = conditions && { conditions: conditions.map((one) => ({ ...one, observedGeneration })) };
  return { ...object, status: { ...others, observedGeneration, ...seen } };
}

function installedObjects(): StoredObject[] {
  const subjects = ["kustomize-controller", "helm-controller"].map((name) => subject("flux-system", name));
  const binding = { name: "cluster-reconciler-flux-system" };
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "flux-system" } },
    { apiVersion: rbac, kind: "ClusterRole", metadata: { name: "cluster-admin" }, rules: allRules },
    { apiVersion: rbac, kind: "ClusterRoleBinding", metadata: binding, roleRef: roleRef("cluster-admin"), subjects },
    ...controllers.map((name) => controller(name)),
  ];
}

const allRules = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }];

/** A controller of Flux without lockdown. */
export function controller(name: string, labels: Readonly<Record<string, string>> = {}): StoredObject {
  const container = { name: "manager", args: ["--watch-all-namespaces=true"] };
  const spec = { template: { spec: { serviceAccountName: name, containers: [container] } } };
  const metadata = { namespace: "flux-system", name, labels: { "app.kubernetes.io/component": name, ...labels } };
  const status = { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata, spec, status };
}

/** A binding by hand, which gives a tenant's account the whole cluster. */
export const rogue: StoredObject = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: "rogue" },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
  subjects: [{ kind: "ServiceAccount", name: "ci", namespace: "payments" }],
};

/** The objects without the notes of an API server, by kind and place. */
export function contentOf(server: FakeApiServer): Record<string, unknown> {
  const entries = server.objects.map(({ status: _, metadata, ...fields }) => {
    const { uid: _uid, generation: _generation, managedFields: _fields, ...own } = metadata;
    return [`${fields.kind} ${own.namespace ?? ""}/${own.name}`, { ...fields, metadata: own }] as const;
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The account that a Kustomization names. Undefined without. */
export function accountOf(server: FakeApiServer, namespace: string, name: string): string | undefined {
  const found = server.find("Kustomization", name, namespace);
  return (found?.spec as { readonly serviceAccountName?: string } | undefined)?.serviceAccountName;
}
