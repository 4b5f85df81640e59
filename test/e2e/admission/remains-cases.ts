import { type Case, objectOf, type Place } from "./cases.js";
import { deploymentOf, everyPodKind, onePod, type Pod, podOf } from "./pod-kinds.js";

const labels = { app: "of-a-test" };
const finalizers = ["example.com/never"];
const kept = /finalizers of a template are copied to the objects created from it/;

/** Policy fleet-remains, on what is made. */
export function remainsCases(place: Place): Case[] {
  return [...templateCases(place), ...periodCases(place), ...historyCases(place)];
}

function templateCases(place: Place): Case[] {
  const template = (pod: object, metadata: object = {}) => ({
    metadata: { labels, ...metadata },
    spec: { ...podOf({}), ...pod },
  });
  const apps = (kind: string, metadata: object, more: object = {}) =>
    objectOf(place, "apps/v1", kind, {
      selector: { matchLabels: labels },
      template: template({}, metadata),
      ...more,
    });
  const once = { restartPolicy: "Never" };
  const claim = (metadata: object) => ({
    metadata: { name: "data", ...metadata },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  });
  const claims = (metadata: object) =>
    apps("StatefulSet", {}, { serviceName: "x", volumeClaimTemplates: [claim({ name: "first" }), claim(metadata)] });
  const cronJob = (ofJob: object, ofPod: object) =>
    objectOf(place, "batch/v1", "CronJob", {
      schedule: "0 * * * *",
      jobTemplate: { metadata: ofJob, spec: { template: template(once, ofPod) } },
    });
  return [
    { title: "a Deployment whose pods stay", object: apps("Deployment", { finalizers }), refused: kept },
    {
      title: "a StatefulSet whose pods stay",
      object: apps("StatefulSet", { finalizers }, { serviceName: "x" }),
      refused: kept,
    },
    { title: "a DaemonSet whose pods stay", object: apps("DaemonSet", { finalizers }), refused: kept },
    { title: "a StatefulSet whose claims stay", object: claims({ finalizers }), refused: kept },
    {
      title: "a Job whose pods stay",
      object: objectOf(place, "batch/v1", "Job", { template: template(once, { finalizers }) }),
      refused: kept,
    },
    { title: "a CronJob whose pods stay", object: cronJob({}, { finalizers }), refused: kept },
    { title: "a CronJob whose Jobs stay", object: cronJob({ finalizers }, {}), refused: kept },
    { title: "a StatefulSet with claims", object: claims({}) },
    {
      title: "a StatefulSet with an empty list of finalizers",
      object: apps("StatefulSet", { finalizers: [] }, { serviceName: "x" }),
    },
    { title: "a CronJob with annotations", object: cronJob({ annotations: { a: "b" } }, { annotations: { a: "b" } }) },
  ];
}

function periodCases(place: Place): Case[] {
  const refused = /pods must end within 600 seconds, so that .*: set terminationGracePeriodSeconds to 600 or less/;
  const within = (terminationGracePeriodSeconds: number): Pod => podOf({}, { terminationGracePeriodSeconds });
  return [
    ...everyPodKind(place, within(31_536_000)).map(([kind, object]) => ({
      title: `${kind} that may take a year to end`,
      object,
      refused,
    })),
    { title: "a pod that may take eleven minutes to end", object: onePod(place, within(660)), refused },
    ...everyPodKind(place, within(600)).map(([kind, object]) => ({
      title: `${kind} that may take ten minutes to end`,
      object,
    })),
    { title: "a pod that is to end at once", object: onePod(place, within(0)) },
  ];
}

function historyCases(place: Place): Case[] {
  const refused = /workloads must not keep more than 10 old revisions: set revisionHistoryLimit to 10/;
  const kinds = ["a Deployment", "a StatefulSet", "a DaemonSet"];
  const keeping = (revisionHistoryLimit: number) =>
    everyPodKind(place, podOf({}))
      .filter(([kind]) => kinds.includes(kind))
      .map(
        ([kind, object]) => [kind, { ...object, spec: { ...(object.spec as object), revisionHistoryLimit } }] as const,
      );
  return [
    ...keeping(2_147_483_647).map(([kind, object]) => ({ title: `${kind} that forgets nothing`, object, refused })),
    ...keeping(11).map(([kind, object]) => ({ title: `${kind} that keeps eleven revisions`, object, refused })),
    ...keeping(10).map(([kind, object]) => ({ title: `${kind} that keeps ten revisions`, object })),
    ...keeping(0).map(([kind, object]) => ({ title: `${kind} that keeps none`, object })),
    { title: "a Deployment that does not say how many it keeps", object: deploymentOf(place, podOf({})) },
  ];
}
