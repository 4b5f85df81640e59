import { fleetLabels, tenantLabels } from "../../../lib/kubernetes/ownership-labels.js";

/** A commit of the tests. */
export const someCommit = "a".repeat(40);
/** The revision of a source at {@link someCommit}. */
const someRevision = `main@sha1:${someCommit}`;

const readySince = "2026-11-27T10:00:00Z";
const controllers = ["helm-controller", "kustomize-controller", "notification-controller", "source-controller"];

/** An object of an answer. */
export interface AnsweredObject {
  readonly metadata: Readonly<Record<string, unknown>> & { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

/** An object of Flux that is Ready. @param status fields of its status beside the condition */
export function readyObject(namespace: string, name: string, spec: object, status: object): AnsweredObject {
  const condition = { type: "Ready", status: "True", observedGeneration: 1, lastTransitionTime: readySince };
  return { metadata: { namespace, name, generation: 1 }, spec, status: { conditions: [condition], ...status } };
}

/** A controller of Flux with all its pods. */
function readyController(name: string, version = "v2.9.2"): AnsweredObject {
  const labels = { "app.kubernetes.io/part-of": "flux", "app.kubernetes.io/version": version };
  const status = { availableReplicas: 1, updatedReplicas: 1, observedGeneration: 1 };
  return { metadata: { namespace: "flux-system", name, labels, generation: 1 }, spec: { replicas: 1 }, status };
}

/** Objects of a cluster by the path of their list. */
export type ClusterLists = Record<string, AnsweredObject[]>;

/** The paths of the lists that a status reads. */
export const listPaths = {
  deployments: "/apis/apps/v1/namespaces/flux-system/deployments",
  sources: "/apis/source.toolkit.fluxcd.io/v1/gitrepositories",
  syncs: "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations",
  releases: "/apis/helm.toolkit.fluxcd.io/v2/helmreleases",
  quotas: "/api/v1/resourcequotas",
  secrets: "/api/v1/secrets",
} as const;

/** The objects of a stack in which everything is Ready. */
export function readyLists(stack: string, tenants: readonly string[]): ClusterLists {
  const source = { url: "ssh://git@github.com/acme/x.git", ref: { branch: "main" } };
  const pairs = [["flux-system", "platform"] as const, ...tenants.map((name) => [name, name] as const)];
  const applied = {
    lastAppliedRevision: someRevision,
    history: [{ firstReconciled: readySince, lastReconciled: readySince }],
  };
  return {
    [listPaths.deployments]: controllers.map((name) => readyController(name)),
    [listPaths.sources]: pairs.map(([namespace, name]) => {
      return readyObject(
        namespace,
        name,
        { ...source, url: `ssh://git@github.com/acme/${name}.git` },
        {
          artifact: { revision: someRevision },
        },
      );
    }),
    [listPaths.syncs]: pairs.map(([namespace, name]) => readyObject(namespace, name, {}, applied)),
    [listPaths.releases]: [],
    [listPaths.quotas]: tenants.map((name) => ({
      metadata: { namespace: name, name: "tenant", labels: tenantLabels(stack, name) },
      status: {
        hard: { "requests.cpu": "2", pods: "20", "count/secrets": "10" },
        used: { "requests.cpu": "500m", pods: "0", "count/secrets": "9" },
      },
    })),
    [listPaths.secrets]: tenants.map((name) => ({
      metadata: {
        namespace: name,
        name: "tenant-git",
        labels: tenantLabels(stack, name),
        managedFields: [
          {
            manager: "fleet",
            operation: "Apply",
            time: "2026-11-01T00:00:00Z",
            fieldsV1: { "f:data": { "f:identity": {} } },
          },
        ],
      },
    })),
  };
}

/** The answers of the API server of a stack, by path. */
export function clusterAnswers(stack: string, lists: ClusterLists): Record<string, object | number> {
  const namespace = { metadata: { name: "flux-system", labels: fleetLabels(stack) } };
  const answers = Object.entries(lists).map(([path, items]) => [path, { kind: "List", items }] as const);
  return { "/api/v1/namespaces/flux-system": namespace, ...Object.fromEntries(answers) };
}
