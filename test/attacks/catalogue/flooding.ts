import { networkPolicy } from "../../support/objects/network.js";
import { provider } from "../../support/objects/notifications.js";
import { NAME, object } from "../../support/objects/object.js";
import { chartFile } from "../../support/objects/repository-files.js";
import { bucket } from "../../support/objects/sources.js";
import { amounts, deployment, pod, podSpec, volumeClaim } from "../../support/objects/workloads.js";
import { attacksOf, type Place } from "../attack.js";
import { creates } from "../attempts.js";
import { create } from "../request.js";
import { chartOf, ownRepository, releaseOf, syncOf } from "../tenant-objects.js";

const often = /intervals must be 10s to 8760h, because all tenants share the controllers/;
const long = /timeouts must be 1s to 5m, because all tenants share the controllers' workers/;

const costly = /expressions must be cheap to evaluate, because all tenants share the controllers/;

/** Loops in each other: each multiplies the time by ten. */
const nested = `${"[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].all(x, ".repeat(8)}true${")".repeat(8)}`;
/** Each loop makes a list of lists, ten times as large. */
const growing = `${"[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(x, ".repeat(8)}x${")".repeat(8)}.size() > 0`;
/** Each function makes a text nine times as long. */
const multiplied = `'a'${".replace('', 'bbbbbbbb')".repeat(9)}`;

/** As many objects as a tenant of the size small may have of a kind, each with a name of its own. */
const full = <T>(count: number, object: (name: string) => T): T[] =>
  Array.from({ length: count }, (_, index) => object(`${NAME}-${index}`));

/** The creation of a pod whose container takes this much, beside some memory. */
const takes = (of: Readonly<Record<string, string>>) =>
  creates((place) => pod(place, podSpec(amounts({ memory: "64Mi", ...of }))));
const budget = (place: Place, name: string) =>
  object("PodDisruptionBudget", { ...place, name }, { spec: { minAvailable: 1 } });
const stored = (place: Place, name: string) =>
  bucket({ ...place, name }, `${place.organisation.replace(/^ssh:\/\/git@/, "")}/data`, {
    interval: "1h",
    suspend: true,
  });

/** A rule against the pods of every rollout from now on, in all namespaces and on all nodes. */
const awayFromNewPods = {
  requiredDuringSchedulingIgnoredDuringExecution: [
    {
      topologyKey: "kubernetes.io/os",
      namespaceSelector: {},
      labelSelector: { matchExpressions: [{ key: "pod-template-hash", operator: "NotIn", values: ["of-today"] }] },
    },
  ],
};

/** More than a fair share. */
export const flooding = attacksOf("flooding", [
  {
    id: "system-priority",
    title: "runs a pod that preempts all others, the platform's included",
    stoppedBy: [
      {
        control: "fleet-priorities",
        message:
          /pods must not preempt those of other tenants: remove priorityClassName, or set it to one of tenant-default/,
      },
    ],
    attempt: creates((place) => pod(place, podSpec({}, { priorityClassName: "system-cluster-critical" }))),
  },
  {
    id: "huge-pod",
    title: "runs a pod that is larger than its quota",
    benchmark: "compute-quotas",
    stoppedBy: [
      { control: "limit-range", message: /maximum cpu usage per Container is 4, but limit is 5/ },
      {
        control: "quota",
        message: /exceeded quota: tenant, requested: limits\.cpu=5,requests\.cpu=5, .*limited: limits\.cpu=4/,
      },
    ],
    attempt: takes({ cpu: "5", "ephemeral-storage": "64Mi" }),
  },
  {
    id: "node-disk",
    title: "fills the disk of its node",
    benchmark: "compute-quotas",
    stoppedBy: [
      { control: "limit-range", message: /maximum ephemeral-storage usage per Container is 20Gi, but limit is 21Gi/ },
      { control: "quota", message: /exceeded quota: tenant, requested: limits\.ephemeral-storage=21Gi/ },
    ],
    attempt: takes({ cpu: "50m", "ephemeral-storage": "21Gi" }),
  },
  {
    id: "uncounted-resource",
    title: "takes the GPUs of a node, which no quota counts",
    stoppedBy: [
      {
        control: "fleet-workload-resources",
        message:
          /containers may only use resources that a quota counts: remove requests and limits of anything but cpu, memory, ephemeral-storage/,
      },
    ],
    attempt: takes({ cpu: "50m", "nvidia.com/gpu": "8" }),
  },
  {
    id: "endless-history",
    title: "keeps a ReplicaSet of every rollout for ever",
    stoppedBy: [
      { control: "fleet-remains", message: /workloads must not keep more than 10 old revisions: set revisionHist/ },
    ],
    attempt: creates((place) => deployment(place, podSpec(), { replicas: 0, revisionHistoryLimit: 2_147_483_647 })),
  },
  {
    id: "no-limits",
    title: "makes a Deployment without resource limits",
    stoppedBy: [
      {
        control: "fleet-workload-resources",
        message: /containers must declare limits: set resources\.limits\.cpu and resources\.limits\.memory/,
      },
    ],
    attempt: creates((place) => deployment(place, podSpec({ resources: undefined }))),
  },
  {
    id: "nodes-for-itself",
    title:
      "keeps all new pods of other tenants and of the platform off the nodes, by a pod that must be away from them",
    stoppedBy: [{ control: "fleet-nodes", message: /affinity must be about pods of this namespace/ }],
    attempt: creates((place) => deployment(place, podSpec({}, { affinity: { podAntiAffinity: awayFromNewPods } }))),
  },
  {
    id: "huge-volume",
    title: "asks for a volume that is larger than its quota",
    stoppedBy: [
      {
        control: "limit-range",
        message: /maximum storage usage per PersistentVolumeClaim is 50Gi, but request is 51Gi/,
      },
      { control: "quota", message: /exceeded quota: tenant, requested: requests\.storage=51Gi/ },
    ],
    attempt: creates((place) => volumeClaim(place, { resources: { requests: { storage: "51Gi" } } })),
  },
  {
    id: "many-objects",
    title: "makes more disruption budgets than its size allows",
    benchmark: "object-quotas",
    stoppedBy: [
      {
        control: "quota",
        message: /exceeded quota: tenant, requested: count\/poddisruptionbudgets\.policy=1, .*limited: .*=50/,
      },
    ],
    attempt: (place) => ({
      kind: "request",
      first: full(50, (name) => budget(place, name)),
      counted: { quota: "tenant", resource: "count/poddisruptionbudgets.policy" },
      request: create(budget(place, NAME)),
    }),
  },
  {
    id: "many-sources",
    title: "makes more of a kind of Flux's than its size allows",
    benchmark: "object-quotas",
    stoppedBy: [{ control: "flux-quota", message: /exceeded quota: tenant-flux, .*buckets.*limited: .*=20/ }],
    attempt: (place) => ({
      kind: "request",
      first: full(20, (name) => stored(place, name)),
      counted: { quota: "tenant-flux", resource: "count/buckets.source.toolkit.fluxcd.io" },
      request: create(stored(place, NAME)),
    }),
  },
  {
    id: "reserved-quota",
    title: "fills the part of its quota that is kept for the platform's objects",
    stoppedBy: [
      { control: "fleet-quota-reserve", message: /exceeded quota: tenant, of which the last 25 are the platform's/ },
    ],
    attempt: (place) => ({
      kind: "request",
      first: full(50, (name) => networkPolicy({ ...place, name })),
      request: create(networkPolicy(place)),
    }),
  },
  {
    id: "huge-chart",
    title: "pushes a chart with a file that is larger than source-controller accepts",
    by: "push",
    stoppedBy: [{ control: "chart-size", message: /huge\.txt as file size \(6291456\) exceeds limit \(5242880\)/ }],
    attempt: (place) => ({
      kind: "sync",
      object: chartOf(place, "huge-chart"),
      files: {
        "Chart.yaml": chartFile("huge-chart"),
        "files/huge.txt": "0".repeat(6 * 2 ** 20),
      },
      evidence: "ready",
    }),
  },
  {
    id: "huge-repository",
    title: "makes source-controller fetch a repository for half an hour",
    stoppedBy: [
      {
        control: "fleet-flux-source",
        message: /sources must have a timeout of 1s to 5m, because all tenants share source-controller and its disk/,
      },
    ],
    attempt: creates((place) => ownRepository(place, { timeout: "30m" })),
  },
  {
    id: "sync-waits",
    title: "makes a sync wait half an hour for a workload that never becomes ready",
    stoppedBy: [{ control: "fleet-flux-sync", message: long }],
    attempt: creates((place) => syncOf(place, NAME, { wait: true, timeout: "30m" })),
  },
  {
    id: "release-waits",
    title: "makes a Helm release wait half an hour for a workload that never becomes ready",
    stoppedBy: [{ control: "fleet-flux-sync", message: long }],
    attempt: creates((place) => releaseOf(place, NAME, { upgrade: { timeout: "30m" } })),
  },
  {
    id: "release-without-timeout",
    title: "makes a Helm release wait for ever, so that it cannot even be deleted",
    stoppedBy: [{ control: "fleet-flux-sync", message: long }],
    attempt: creates((place) => releaseOf(place, NAME, { install: { timeout: "0s" } })),
  },
  {
    id: "nested-loops",
    title: "holds a worker by an expression with eight loops in each other",
    stoppedBy: [{ control: "fleet-flux-sync", message: costly }],
    attempt: creates((place) => syncOf(place, NAME, { dependsOn: [{ name: "database", readyExpr: nested }] })),
  },
  {
    id: "growing-list",
    title: "fills helm-controller's memory by an expression whose list grows with each loop",
    stoppedBy: [{ control: "fleet-flux-sync", message: costly }],
    attempt: creates((place) =>
      releaseOf(place, NAME, { healthCheckExprs: [{ apiVersion: "v1", kind: "Service", current: growing }] }),
    ),
  },
  {
    id: "growing-text",
    title: "fills notification-controller's memory by an expression whose text grows with each function",
    stoppedBy: [{ control: "fleet-notifications", message: costly }],
    attempt: creates((place) => provider(place, { type: "github", commitStatusExpr: multiplied })),
  },
  {
    id: "sync-every-second",
    title: "syncs every second",
    stoppedBy: [{ control: "fleet-flux-sync", message: often }],
    attempt: creates((place) => syncOf(place, NAME, { interval: "1s" })),
  },
  {
    id: "retry-every-second",
    title: "tries a sync that fails again every second",
    stoppedBy: [{ control: "fleet-flux-sync", message: often }],
    attempt: creates((place) => syncOf(place, NAME, { retryInterval: "1s" })),
  },
  {
    id: "release-every-second",
    title: "reconciles a Helm release every second",
    stoppedBy: [{ control: "fleet-flux-sync", message: often }],
    attempt: creates((place) => releaseOf(place, NAME, { interval: "1s" })),
  },
  {
    id: "source-every-second",
    title: "fetches a repository every second",
    stoppedBy: [{ control: "fleet-flux-source", message: often }],
    attempt: creates((place) => ownRepository(place, { interval: "1s" })),
  },
]);
