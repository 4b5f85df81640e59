import { groupPath, pluralOf } from "../../../lib/kubernetes/api-paths.js";
import type { LiveObject } from "../../../lib/kubernetes/live-object.js";
import { type AuditedCluster, type AuditedKind, auditedTypes } from "../../../operate/audit/audited-cluster.js";

type Metadata = Partial<LiveObject["metadata"]> & Pick<LiveObject["metadata"], "name">;

/** An object of a cluster. */
export function liveObject(metadata: Metadata, fields: object = {}): LiveObject {
  return { metadata: { labels: {}, annotations: {}, managedFields: [], ...metadata }, ...fields };
}

/** An object of Flux that is Ready. */
export function readyLive(namespace: string, name: string, spec: object, metadata: Partial<Metadata> = {}): LiveObject {
  const conditions = [{ type: "Ready", status: "True", observedGeneration: 1 }];
  return liveObject({ namespace, name, generation: 1, ...metadata }, { spec, status: { conditions } });
}

/** A controller of Flux. @param args @default - those of an installation by the flux CLI */
export function fluxController(name: string, args: readonly string[] = installedArgs, fields: Partial<Metadata> = {}) {
  const container = { name: "manager", image: `ghcr.io/fluxcd/${name}:v1.9.4`, args };
  const spec = { template: { spec: { serviceAccountName: name, containers: [container] } } };
  const labels = { "app.kubernetes.io/part-of": "flux", "app.kubernetes.io/component": name };
  return liveObject({ namespace: "flux-system", name, labels, ...fields }, { spec });
}

const installedArgs = ["--watch-all-namespaces=true", "--log-level=info"];
/** Arguments of a controller under lockdown. */
export const lockedArgs = [
  ...installedArgs,
  "--no-cross-namespace-refs=true",
  "--no-remote-bases=true",
  "--default-service-account=default",
];

/** A service account as a subject. */
export function account(namespace: string, name: string) {
  return { kind: "ServiceAccount", namespace, name };
}

/** A binding. @param namespace of a RoleBinding */
export function bindingTo(role: string, name: string, subjects: readonly object[], namespace?: string): LiveObject {
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role };
  return liveObject({ name, ...(namespace !== undefined && { namespace }) }, { roleRef, subjects });
}

/** A rule of a role. */
export function rule(apiGroup: string, resource: string, ...verbs: readonly string[]) {
  return { apiGroups: [apiGroup], resources: [resource], verbs };
}

/** The roles of every test. */
const roles: readonly LiveObject[] = [
  liveObject({ name: "cluster-admin" }, { rules: [rule("*", "*", "*")] }),
  liveObject({ name: "crd-controller" }, { rules: [rule("kustomize.toolkit.fluxcd.io", "*", "*")] }),
  liveObject({ name: "deployer" }, { rules: [rule("apps", "deployments", "create", "patch")] }),
];

const controllers = ["helm-controller", "kustomize-controller", "source-controller"];

/** A cluster with Flux's controllers and the roles, and no sync. @param args arguments of the controllers */
export function installedCluster(args: readonly string[] = installedArgs): AuditedCluster {
  const subjects = ["helm-controller", "kustomize-controller"].map((name) => account("flux-system", name));
  return {
    Deployment: controllers.map((name) => fluxController(name, args)),
    ClusterRole: roles,
    ClusterRoleBinding: [
      bindingTo("cluster-admin", "cluster-reconciler-flux-system", subjects),
      bindingTo("crd-controller", "crd-controller-flux-system", [account("flux-system", "source-controller")]),
    ],
    Kustomization: [],
    HelmRelease: [],
  };
}

/** A cluster with these objects beside those of another. */
export function withObjects(before: AuditedCluster, added: AuditedCluster): AuditedCluster {
  const kinds = Object.keys({ ...before, ...added }) as AuditedKind[];
  return Object.fromEntries(kinds.map((kind) => [kind, [...(before[kind] ?? []), ...(added[kind] ?? [])]]));
}

/** A tenant as most guides set one up: a source and a sync in its namespace, applied with the controller's rights. */
export function ordinaryTenant(name: string): AuditedCluster {
  const url = `https://github.com/acme/${name}.git`;
  return {
    GitRepository: [readyLive(name, "app", { url, ref: { branch: "main" } })],
    Kustomization: [readyLive(name, "app", { sourceRef: { kind: "GitRepository", name: "app" }, path: "./" })],
  };
}

/** The answers of the API server of a cluster, by path. A kind without objects is known, and has none. */
export function auditAnswers(cluster: AuditedCluster): Record<string, object | number> {
  const kinds = Object.entries(auditedTypes).map(([kind, { group, versions }]) => {
    const path = `${groupPath({ group, version: versions[0] ?? "", kind })}/${pluralOf({ kind })}`;
    return [path, { kind: "List", items: cluster[kind as AuditedKind] ?? [] }] as const;
  });
  return Object.fromEntries(kinds);
}
