import { stringify } from "yaml";
import { restrictedPod } from "../../support/e2e/workloads.js";
import type { Attack, Place } from "../attack.js";
import { deploymentOf, kustomization, NAME, own, ownChart, release, V } from "../objects.js";
import { create } from "../request.js";

const category = "flooding";
const often = /intervals must be 10s or longer, because all tenants share the controllers/;
const long = /timeouts must be 5m or shorter, because all tenants share the controllers' workers/;

/** As many objects as a tenant of the size small may have of a kind, each with a name of its own. */
const full = <T>(count: number, object: (name: string) => T): T[] =>
  Array.from({ length: count }, (_, index) => object(`${NAME}-${index}`));

/** A pod whose container takes this much. */
const podOf = (amounts: Readonly<Record<string, string>>) => ({
  ...restrictedPod,
  containers: restrictedPod.containers.map((one) => ({ ...one, resources: { requests: amounts, limits: amounts } })),
});
const budget = (place: Place, name: string) =>
  own(place, "policy/v1", "PodDisruptionBudget", { spec: { minAvailable: 1 } }, name);
const repository = (place: Place, name: string) =>
  own(
    place,
    V.git,
    "HelmRepository",
    {
      spec: { url: `${place.organisation.replace(/^ssh:\/\/git@/, "https://")}/charts`, interval: "1h", suspend: true },
    },
    name,
  );

/** More than a fair share. */
export const flooding: readonly Attack[] = [
  {
    id: "system-priority",
    title: "runs a pod before which all others give way, the platform's included",
    category,
    by: "reconciler",
    stoppedBy: [
      {
        control: "fleet-priorities",
        message:
          /pods must not preempt those of other tenants: remove priorityClassName, or set it to one of tenant-default/,
      },
    ],
    attempt: (place) => ({
      kind: "request",
      request: create(
        own(place, "v1", "Pod", { spec: { ...restrictedPod, priorityClassName: "system-cluster-critical" } }),
      ),
    }),
  },
  {
    id: "huge-pod",
    title: "runs a pod that is larger than its quota",
    category,
    by: "reconciler",
    benchmark: "compute-quotas",
    stoppedBy: [
      { control: "limit-range", message: /maximum cpu usage per Container is 4, but limit is 5/ },
      {
        control: "quota",
        message: /exceeded quota: tenant, requested: limits\.cpu=5,requests\.cpu=5, .*limited: limits\.cpu=4/,
      },
    ],
    attempt: (place) => {
      const spec = podOf({ cpu: "5", memory: "64Mi", "ephemeral-storage": "64Mi" });
      return { kind: "request", request: create(own(place, "v1", "Pod", { spec })) };
    },
  },
  {
    id: "node-disk",
    title: "fills the disk of its node",
    category,
    by: "reconciler",
    benchmark: "compute-quotas",
    stoppedBy: [
      { control: "limit-range", message: /maximum ephemeral-storage usage per Container is 20Gi, but limit is 21Gi/ },
      { control: "quota", message: /exceeded quota: tenant, requested: limits\.ephemeral-storage=21Gi/ },
    ],
    attempt: (place) => {
      const spec = podOf({ cpu: "50m", memory: "64Mi", "ephemeral-storage": "21Gi" });
      return { kind: "request", request: create(own(place, "v1", "Pod", { spec })) };
    },
  },
  {
    id: "uncounted-resource",
    title: "takes the GPUs of a node, which no quota counts",
    category,
    by: "reconciler",
    stoppedBy: [
      {
        control: "fleet-workload-resources",
        message:
          /containers may only use resources that a quota counts: remove requests and limits of anything but cpu, memory, ephemeral-storage/,
      },
    ],
    attempt: (place) => {
      const spec = podOf({ cpu: "50m", memory: "64Mi", "nvidia.com/gpu": "8" });
      return { kind: "request", request: create(own(place, "v1", "Pod", { spec })) };
    },
  },
  {
    id: "endless-history",
    title: "leaves a ReplicaSet behind by each of its rollouts, for ever",
    category,
    by: "reconciler",
    stoppedBy: [
      {
        control: "fleet-remains",
        message: /workloads must not keep more than 10 old revisions: set revisionHist/,
      },
    ],
    attempt: (place) => ({
      kind: "request",
      request: create(deploymentOf(place, {}, {}, { replicas: 0, revisionHistoryLimit: 2_147_483_647 })),
    }),
  },
  {
    id: "no-limits",
    title: "makes a Deployment that does not say what it takes",
    category,
    by: "reconciler",
    stoppedBy: [
      {
        control: "fleet-workload-resources",
        message: /containers must declare limits: set resources\.limits\.cpu and resources\.limits\.memory/,
      },
    ],
    attempt: (place) => ({ kind: "request", request: create(deploymentOf(place, { resources: undefined })) }),
  },
  {
    id: "huge-volume",
    title: "asks for a volume that is larger than its quota",
    category,
    by: "reconciler",
    stoppedBy: [
      {
        control: "limit-range",
        message: /maximum storage usage per PersistentVolumeClaim is 50Gi, but request is 51Gi/,
      },
      { control: "quota", message: /exceeded quota: tenant, requested: requests\.storage=51Gi/ },
    ],
    attempt: (place) => ({
      kind: "request",
      request: create(
        own(place, "v1", "PersistentVolumeClaim", {
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "51Gi" } } },
        }),
      ),
    }),
  },
  {
    id: "many-objects",
    title: "makes more disruption budgets than its size allows",
    category,
    by: "reconciler",
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
    category,
    by: "reconciler",
    benchmark: "object-quotas",
    stoppedBy: [{ control: "flux-quota", message: /exceeded quota: tenant-flux, .*helmrepositories.*limited: .*=20/ }],
    attempt: (place) => ({
      kind: "request",
      first: full(20, (name) => repository(place, name)),
      counted: { quota: "tenant-flux", resource: "count/helmrepositories.source.toolkit.fluxcd.io" },
      request: create(repository(place, NAME)),
    }),
  },
  {
    id: "huge-chart",
    title: "pushes a chart that would fill the controllers' memory",
    category,
    by: "push",
    stoppedBy: [{ control: "chart-size", message: /huge\.txt as file size \(6291456\) exceeds limit \(5242880\)/ }],
    attempt: (place) => ({
      kind: "sync",
      object: ownChart(place, "huge-chart"),
      files: {
        "Chart.yaml": stringify({ apiVersion: "v2", name: "huge-chart", version: "0.1.0" }),
        "files/huge.txt": "0".repeat(6 * 2 ** 20),
      },
      evidence: "ready",
    }),
  },
  {
    id: "huge-repository",
    title: "has a repository fetched that takes half an hour",
    category,
    by: "reconciler",
    stoppedBy: [
      {
        control: "fleet-flux-source",
        message:
          /sources must have a timeout of 5m or shorter, because all tenants share source-controller and its disk/,
      },
    ],
    attempt: (place) => ({
      kind: "request",
      request: create(
        own(place, V.git, "GitRepository", {
          spec: { interval: "1m", timeout: "30m", url: `${place.organisation}/${place.tenant}.git` },
        }),
      ),
    }),
  },
  {
    id: "sync-waits",
    title: "has a sync wait half an hour for what never gets ready",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "fleet-flux-sync", message: long }],
    attempt: (place) => ({
      kind: "request",
      request: create(kustomization(place, NAME, { wait: true, timeout: "30m" })),
    }),
  },
  {
    id: "release-waits",
    title: "has a Helm release wait half an hour for what never gets ready",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "fleet-flux-sync", message: long }],
    attempt: (place) => ({
      kind: "request",
      request: create(release(place, NAME, { upgrade: { timeout: "30m" } })),
    }),
  },
  {
    id: "sync-every-second",
    title: "syncs every second",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "fleet-flux-sync", message: often }],
    attempt: (place) => ({ kind: "request", request: create(kustomization(place, NAME, { interval: "1s" })) }),
  },
  {
    id: "retry-every-second",
    title: "tries a sync that fails again every second",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "fleet-flux-sync", message: often }],
    attempt: (place) => ({ kind: "request", request: create(kustomization(place, NAME, { retryInterval: "1s" })) }),
  },
  {
    id: "release-every-second",
    title: "looks at a Helm release every second",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "fleet-flux-sync", message: often }],
    attempt: (place) => ({ kind: "request", request: create(release(place, NAME, { interval: "1s" })) }),
  },
  {
    id: "source-every-second",
    title: "fetches a repository every second",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "fleet-flux-source", message: often }],
    attempt: (place) => ({
      kind: "request",
      request: create(
        own(place, V.git, "GitRepository", {
          spec: { interval: "1s", url: `${place.organisation}/${place.tenant}.git` },
        }),
      ),
    }),
  },
];
