import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { restrictedPod } from "../../support/e2e/workloads.js";
import { objectOf, type Place } from "./cases.js";

/** What a pod's spec is here: containers, and whatever else. */
export interface Pod {
  readonly containers: readonly object[];
}

const labels = { app: "of-a-test" };

/** A pod that every policy lets through. @param container fields in place of those of its container; undefined takes one away */
export function podOf(container: object, pod: object = {}): Pod {
  return { ...restrictedPod, ...pod, containers: restrictedPod.containers.map((one) => ({ ...one, ...container })) };
}

/** A Deployment of such pods. */
export function deploymentOf(place: Place, pod: Pod): KubernetesObject {
  return objectOf(place, "apps/v1", "Deployment", { selector: { matchLabels: labels }, template: templateOf(pod) });
}

/** Such a pod itself. */
export function onePod(place: Place, pod: Pod): KubernetesObject {
  return objectOf(place, "v1", "Pod", { ...pod });
}

/** Everything that a tenant may deploy of such pods, by a way to say it: "a StatefulSet". */
export function everyPodKind(place: Place, pod: Pod): [string, KubernetesObject][] {
  const apps = (kind: string, more: object = {}) =>
    objectOf(place, "apps/v1", kind, { selector: { matchLabels: labels }, template: templateOf(pod), ...more });
  const job = { template: templateOf({ ...pod, restartPolicy: "Never" }) };
  return [
    ["a Deployment", deploymentOf(place, pod)],
    ["a StatefulSet", apps("StatefulSet", { serviceName: "x" })],
    ["a DaemonSet", apps("DaemonSet")],
    ["a Job", objectOf(place, "batch/v1", "Job", job)],
    ["a CronJob", objectOf(place, "batch/v1", "CronJob", { schedule: "0 * * * *", jobTemplate: { spec: job } })],
  ];
}

function templateOf(pod: Pod & { readonly restartPolicy?: string }) {
  return { metadata: { labels }, spec: pod };
}
