import { stringify } from "yaml";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { canary, webDeployment } from "../../support/objects/network.js";
import { type Kind, object, type Reference, reference } from "../../support/objects/object.js";
import { chartFile, configMapFile, kustomizationFile } from "../../support/objects/repository-files.js";
import { gitSource } from "../../support/objects/sources.js";
import { claimSpec, cronJob, deployment, job, statefulSet } from "../../support/objects/workloads.js";
import type { Place } from "../attack.js";
import { releaseOf, syncOf } from "../tenant-objects.js";
import { app } from "./legitimate.js";

/** An outcome of a push. */
interface Outcome {
  /** The outcome as a noun: "an overlay with a patch". */
  readonly title: string;
  readonly where: (place: Place) => Reference;
  /** Whether it is built, and runs. */
  readonly holds: (object: Live) => boolean;
}

/** An object as the API server shows it, as far as outcomes look at it. */
export interface Live {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

const volume = "data-shop-0";
const charted = "charted";
const shop = { name: "shop" };

const base = [
  deployment(shop, app(), { replicas: 1 }),
  statefulSet(shop, app({ volumeMounts: [{ name: "data", mountPath: "/data" }] }), {
    volumeClaimTemplates: [{ metadata: { name: "data" }, spec: claimSpec() }],
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Delete" },
  }),
  job({ name: "migrate" }, app()),
  cronJob({ name: "nightly" }, app()),
];

/** Files of the tenant's repository for {@link deployed}: an application as teams lay it out, and a chart. */
export const deployedFiles = {
  "shop/base/kustomization.yaml": kustomizationFile({
    resources: ["all.yaml"],
  }),
  "shop/base/all.yaml": base.map((object) => stringify(object)).join("---\n"),
  "shop/components/monitoring/kustomization.yaml": kustomizationFile({
    apiVersion: "kustomize.config.k8s.io/v1alpha1",
    kind: "Component",
    resources: ["monitoring.yaml"],
    labels: [{ pairs: { monitored: "always" } }],
  }),
  "shop/components/monitoring/monitoring.yaml": configMapFile("monitoring"),
  "shop/overlays/staging/kustomization.yaml": kustomizationFile({
    resources: ["../../base"],
    components: ["../../components/monitoring"],
    patches: [
      {
        target: { kind: "Deployment", name: "shop" },
        patch: '[{"op": "replace", "path": "/spec/replicas", "value": 2}]',
      },
    ],
  }),
  "charts/shop/Chart.yaml": chartFile("shop"),
  "charts/shop/templates/deployment.yaml": stringify(deployment({ name: charted }, app(), { replicas: 0 })).replace(
    "replicas: 0",
    "replicas: {{ .Values.replicas }}",
  ),
};

/** The pushed objects: a sync of the overlay, a release of the chart, and a Canary. */
export function deployed(place: Place): KubernetesObject[] {
  return [
    syncOf(place, "shop", { path: "./shop/overlays/staging", wait: true, timeout: "1m" }),
    releaseOf(place, charted, {
      chart: { spec: { chart: "./charts/shop", interval: "1m", sourceRef: gitSource(place.tenant) } },
      values: { replicas: 2 },
    }),
    canary(
      { ...place, ...shop },
      {
        targetRef: { ...webDeployment, ...shop },
        analysis: { interval: "1m", threshold: 5, maxWeight: 50, stepWeight: 10 },
      },
    ),
  ];
}

/** The volume that the platform's storage would make for the StatefulSet: the sandbox has none. */
export function volumeFor({ namespace }: Place): KubernetesObject {
  return object(
    "PersistentVolume",
    { name: "of-the-shop" },
    {
      spec: {
        capacity: { storage: "1Gi" },
        accessModes: ["ReadWriteOnce"],
        claimRef: { namespace, name: volume },
        hostPath: { path: "/nowhere" },
      },
    },
  );
}

/** The results of the push. */
export const outcomes: readonly Outcome[] = [
  outcome("an overlay whose patch changes a Deployment", "Deployment", "shop", ({ spec, status }) => {
    return spec?.replicas === 2 && status?.availableReplicas === 2;
  }),
  outcome("a component, and the labels that it adds", "ConfigMap", "monitoring", ({ metadata }) => {
    return metadata.labels?.monitored === "always";
  }),
  outcome("a StatefulSet whose pod runs", "StatefulSet", "shop", ({ status }) => status?.readyReplicas === 1),
  outcome("the volume of its pod", "PersistentVolumeClaim", volume, ({ status }) => status?.phase === "Bound"),
  outcome("a Job that has ended", "Job", "migrate", ({ status }) => status?.succeeded === 1),
  outcome("a CronJob that waits for its hour", "CronJob", "nightly", ({ spec }) => spec?.schedule === "0 3 * * *"),
  outcome("a release of a chart, with its values", "Deployment", charted, ({ status }) => {
    return status?.availableReplicas === 2;
  }),
  outcome("a Canary of its Deployment", "Canary", "shop", ({ metadata }) => {
    return metadata.labels?.["kustomize.toolkit.fluxcd.io/name"] !== undefined;
  }),
];

function outcome(title: string, kind: Kind, name: string, holds: Outcome["holds"]): Outcome {
  return { title, holds, where: ({ namespace }) => reference(kind, { name, namespace }) };
}
