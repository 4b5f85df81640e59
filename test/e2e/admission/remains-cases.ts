import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import type { Fields } from "../../support/objects/object.js";
import {
  claimSpec,
  cronJob,
  daemonSet,
  deployment,
  everyWorkload,
  job,
  pod,
  podSpec,
  statefulSet,
} from "../../support/objects/workloads.js";
import { allowed, type Case, type Objects, type Place, refused } from "./cases.js";

/** Policy fleet-remains, on what is made. */
export function remainsCases(place: Place): Case[] {
  return [...templateCases(place), ...periodCases(place), ...historyCases(place)];
}

function templateCases(place: Place): Case[] {
  const finalizers = ["example.com/never"];
  const annotations = { a: "b" };
  const claims = (metadata: Fields) =>
    statefulSet(place, podSpec(), {
      volumeClaimTemplates: [
        { metadata: { name: "first" }, spec: claimSpec() },
        { metadata: { name: "data", ...metadata }, spec: claimSpec() },
      ],
    });
  const cron = (jobs: Fields, pods: Fields) => cronJob(place, podSpec(), {}, { jobs, pods });
  return [
    ...refused(/finalizers of a template are copied to the objects created from it/, {
      "a Deployment whose pods stay": deployment(place, podSpec(), {}, { finalizers }),
      "a StatefulSet whose pods stay": statefulSet(place, podSpec(), {}, { finalizers }),
      "a DaemonSet whose pods stay": daemonSet(place, podSpec(), {}, { finalizers }),
      "a StatefulSet whose claims stay": claims({ finalizers }),
      "a Job whose pods stay": job(place, podSpec(), {}, { finalizers }),
      "a CronJob whose pods stay": cron({}, { finalizers }),
      "a CronJob whose Jobs stay": cron({ finalizers }, {}),
    }),
    ...allowed({
      "a StatefulSet with claims": claims({}),
      "a StatefulSet with an empty list of finalizers": statefulSet(place, podSpec(), {}, { finalizers: [] }),
      "a CronJob with annotations": cron({ annotations }, { annotations }),
    }),
  ];
}

function periodCases(place: Place): Case[] {
  const within = (terminationGracePeriodSeconds: number) => podSpec({}, { terminationGracePeriodSeconds });
  return [
    ...refused(/pods must end within 600 seconds, so that .*: set terminationGracePeriodSeconds to 600 or less/, {
      ...everyWorkload(place, "that may take a year to end", within(31_536_000)),
      "a pod that may take eleven minutes to end": pod(place, within(660)),
    }),
    ...allowed({
      ...everyWorkload(place, "that may take ten minutes to end", within(600)),
      "a pod that is to end at once": pod(place, within(0)),
    }),
  ];
}

function historyCases(place: Place): Case[] {
  const keeping = (title: string, revisionHistoryLimit: number): Objects => {
    const make = (workload: typeof deployment): KubernetesObject =>
      workload(place, podSpec(), { revisionHistoryLimit });
    return {
      [`a Deployment that ${title}`]: make(deployment),
      [`a StatefulSet that ${title}`]: make(statefulSet),
      [`a DaemonSet that ${title}`]: make(daemonSet),
    };
  };
  return [
    ...refused(/workloads must not keep more than 10 old revisions: set revisionHistoryLimit to 10/, {
      ...keeping("forgets nothing", 2_147_483_647),
      ...keeping("keeps eleven revisions", 11),
    }),
    ...allowed({
      ...keeping("keeps ten revisions", 10),
      ...keeping("keeps none", 0),
      "a Deployment that does not say how many it keeps": deployment(place),
    }),
  ];
}
