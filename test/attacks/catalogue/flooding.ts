import { restrictedPod } from "../../e2e/support/workloads.js";
import type { Attack, Place } from "../attack.js";
import { kustomization, NAME, own, release, V } from "../objects.js";
import { create } from "../request.js";

const category = "flooding";
const often = /intervals must be 10s or longer, because all tenants share the controllers/;

/** As many objects as a tenant of the size small may have of a kind, each with a name of its own. */
const full = <T>(count: number, object: (name: string) => T): T[] =>
  Array.from({ length: count }, (_, index) => object(`${NAME}-${index}`));

const service = (place: Place, name: string) => own(place, "v1", "Service", { spec: { ports: [{ port: 80 }] } }, name);
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
    id: "huge-pod",
    title: "runs a pod that is larger than its quota",
    category,
    by: "reconciler",
    benchmark: "compute-quotas",
    stoppedBy: [
      { control: "limit-range", says: /maximum cpu usage per Container is 4, but limit is 5/ },
      {
        control: "quota",
        says: /exceeded quota: tenant, requested: limits\.cpu=5,requests\.cpu=5, .*limited: limits\.cpu=4/,
      },
    ],
    attempt: (place) => {
      const amounts = { cpu: "5", memory: "64Mi" };
      const containers = restrictedPod.containers.map((one) => ({
        ...one,
        resources: { requests: amounts, limits: amounts },
      }));
      return {
        kind: "request",
        request: create(own(place, "v1", "Pod", { spec: { ...restrictedPod, containers } })),
      };
    },
  },
  {
    id: "huge-volume",
    title: "asks for a volume that is larger than its quota",
    category,
    by: "reconciler",
    stoppedBy: [
      { control: "limit-range", says: /maximum storage usage per PersistentVolumeClaim is 50Gi, but request is 51Gi/ },
      { control: "quota", says: /exceeded quota: tenant, requested: requests\.storage=51Gi/ },
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
    title: "makes more Services than its size allows",
    category,
    by: "reconciler",
    benchmark: "object-quotas",
    stoppedBy: [
      { control: "quota", says: /exceeded quota: tenant, requested: count\/services=1, used: count\/services=25/ },
    ],
    attempt: (place) => ({
      kind: "request",
      first: full(25, (name) => service(place, name)),
      request: create(service(place, NAME)),
    }),
  },
  {
    id: "many-sources",
    title: "makes more of a kind of Flux's than its size allows",
    category,
    by: "reconciler",
    benchmark: "object-quotas",
    stoppedBy: [{ control: "flux-quota", says: /exceeded quota: tenant-flux, .*helmrepositories.*limited: .*=20/ }],
    attempt: (place) => ({
      kind: "request",
      first: full(20, (name) => repository(place, name)),
      request: create(repository(place, NAME)),
    }),
  },
  {
    id: "sync-every-second",
    title: "syncs every second",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "fleet-flux-sync", says: often }],
    attempt: (place) => ({ kind: "request", request: create(kustomization(place, NAME, { interval: "1s" })) }),
  },
  {
    id: "retry-every-second",
    title: "tries a sync that fails again every second",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "fleet-flux-sync", says: often }],
    attempt: (place) => ({ kind: "request", request: create(kustomization(place, NAME, { retryInterval: "1s" })) }),
  },
  {
    id: "release-every-second",
    title: "looks at a Helm release every second",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "fleet-flux-sync", says: often }],
    attempt: (place) => ({ kind: "request", request: create(release(place, NAME, { interval: "1s" })) }),
  },
  {
    id: "source-every-second",
    title: "fetches a repository every second",
    category,
    by: "reconciler",
    stoppedBy: [{ control: "fleet-flux-source", says: often }],
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
