import { stringify } from "yaml";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import type { Place, Reference } from "../attack.js";
import { kustomization, reference, release, V, within } from "../objects.js";
import { claim, job, pod } from "./pods.js";

/** Something that has come of a push. */
interface Outcome {
  /** What it is, as a noun: "an overlay with a patch". */
  readonly title: string;
  readonly where: (place: Place) => Reference;
  /** What is true of it once it is built and runs. */
  readonly holds: (object: Live) => boolean;
}

/** An object as the API server shows it, as far as outcomes look at it. */
export interface Live {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

type Fields = Readonly<Record<string, unknown>>;

const volume = "data-shop-0";
const charted = "charted";

/** A workload of an application's own name, whose pods carry it. */
function workload(kind: string, name: string, spec: Fields, container: Fields = {}) {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: pod({}, container) };
  return {
    apiVersion: V.apps,
    kind,
    metadata: { name },
    spec: { selector: { matchLabels: labels }, template, ...spec },
  };
}

function built(kind: string, apiVersion: string, fields: Fields): string {
  return stringify({ apiVersion, kind, ...fields });
}

const base = [
  workload("Deployment", "shop", { replicas: 1 }),
  workload(
    "StatefulSet",
    "shop",
    {
      serviceName: "shop",
      volumeClaimTemplates: [{ metadata: { name: "data" }, spec: claim({}) }],
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Delete" },
    },
    { volumeMounts: [{ name: "data", mountPath: "/data" }] },
  ),
  { apiVersion: "batch/v1", kind: "Job", metadata: { name: "migrate" }, spec: job() },
  {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "nightly" },
    spec: { schedule: "0 3 * * *", jobTemplate: { spec: job() } },
  },
];

/** What the tenant's repository needs for {@link deployed}: an application as teams lay it out, and a chart. */
export const deployedFiles = {
  "shop/base/kustomization.yaml": built("Kustomization", "kustomize.config.k8s.io/v1beta1", {
    resources: ["all.yaml"],
  }),
  "shop/base/all.yaml": base.map((object) => stringify(object)).join("---\n"),
  "shop/components/monitoring/kustomization.yaml": built("Component", "kustomize.config.k8s.io/v1alpha1", {
    resources: ["monitoring.yaml"],
    labels: [{ pairs: { monitored: "always" } }],
  }),
  "shop/components/monitoring/monitoring.yaml": built("ConfigMap", "v1", { metadata: { name: "monitoring" } }),
  "shop/overlays/staging/kustomization.yaml": built("Kustomization", "kustomize.config.k8s.io/v1beta1", {
    resources: ["../../base"],
    components: ["../../components/monitoring"],
    patches: [
      {
        target: { kind: "Deployment", name: "shop" },
        patch: '[{"op": "replace", "path": "/spec/replicas", "value": 2}]',
      },
    ],
  }),
  "charts/shop/Chart.yaml": stringify({ apiVersion: "v2", name: "shop", version: "0.1.0" }),
  "charts/shop/templates/deployment.yaml": stringify(workload("Deployment", charted, { replicas: 0 })).replace(
    "replicas: 0",
    "replicas: {{ .Values.replicas }}",
  ),
};

/** What is pushed: a sync of the overlay, a release of the chart, and a Canary. */
export function deployed(place: Place): KubernetesObject[] {
  const sourceRef = { kind: "GitRepository", name: place.tenant };
  const canary = {
    targetRef: { apiVersion: V.apps, kind: "Deployment", name: "shop" },
    service: { port: 80 },
    analysis: { interval: "1m", threshold: 5, maxWeight: 50, stepWeight: 10 },
  };
  return [
    kustomization(place, "shop", { path: "./shop/overlays/staging", wait: true, timeout: "1m" }),
    release(place, charted, {
      chart: { spec: { chart: "./charts/shop", interval: "1m", sourceRef } },
      values: { replicas: 2 },
    }),
    within(place.namespace, "flagger.app/v1beta1", "Canary", { spec: canary }, "shop"),
  ];
}

/** The volume that the platform's storage would make for the StatefulSet: the sandbox has none. */
export function volumeFor({ namespace }: Place): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: "of-the-shop" },
    spec: {
      capacity: { storage: "1Gi" },
      accessModes: ["ReadWriteOnce"],
      claimRef: { namespace, name: volume },
      hostPath: { path: "/nowhere" },
    },
  } as KubernetesObject;
}

/** What has to come of the push. */
export const outcomes: readonly Outcome[] = [
  outcome("an overlay whose patch changes a Deployment", V.apps, "Deployment", "shop", ({ spec, status }) => {
    return spec?.replicas === 2 && status?.availableReplicas === 2;
  }),
  outcome("a component, and the labels that it adds", "v1", "ConfigMap", "monitoring", ({ metadata }) => {
    return metadata.labels?.monitored === "always";
  }),
  outcome("a StatefulSet whose pod runs", V.apps, "StatefulSet", "shop", ({ status }) => status?.readyReplicas === 1),
  outcome("the volume of its pod", "v1", "PersistentVolumeClaim", volume, ({ status }) => status?.phase === "Bound"),
  outcome("a Job that has ended", "batch/v1", "Job", "migrate", ({ status }) => status?.succeeded === 1),
  outcome(
    "a CronJob that waits for its hour",
    "batch/v1",
    "CronJob",
    "nightly",
    ({ spec }) => spec?.schedule === "0 3 * * *",
  ),
  outcome("a release of a chart, with its values", V.apps, "Deployment", charted, ({ status }) => {
    return status?.availableReplicas === 2;
  }),
  outcome("a Canary of its Deployment", "flagger.app/v1beta1", "Canary", "shop", ({ metadata }) => {
    return metadata.labels?.["kustomize.toolkit.fluxcd.io/name"] !== undefined;
  }),
];

function outcome(title: string, apiVersion: string, kind: string, name: string, holds: Outcome["holds"]): Outcome {
  return { title, holds, where: ({ namespace }) => reference(apiVersion, kind, name, namespace) };
}
