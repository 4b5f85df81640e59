import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { reference } from "../../support/objects/object.js";
import { claimSpec, cronJob, deployment, job, pod, podSpec, statefulSet } from "../../support/objects/workloads.js";
import { attacksOf, type DeclaredAttack, type Place } from "../attack.js";
import { type ApiRequest, create, remove } from "../request.js";

const finalizers = ["example.com/never"];
const kept = /finalizers of a template are copied to the objects created from it/;
const long = /pods must end within 600 seconds, so that their node and namespace can be removed/;

/** @param message that the tenant reads */
const left = (
  id: string,
  title: string,
  message: RegExp,
  request: (place: Place) => ApiRequest,
  first?: (place: Place) => KubernetesObject,
): DeclaredAttack => ({
  id,
  title,
  stoppedBy: [{ control: "fleet-remains", message }],
  attempt: (place) => ({
    kind: "request",
    request: request(place),
    ...(first === undefined ? {} : { first: [first(place)] }),
  }),
});

/** Objects that would prevent the removal of their namespace. */
export const removals = attacksOf("tampering", [
  left("pods-that-stay", "makes a Deployment whose pods stay when all else is removed", kept, (place) =>
    create(deployment(place, podSpec(), {}, { finalizers })),
  ),
  left("claims-that-stay", "makes a StatefulSet whose claims stay when all else is removed", kept, (place) =>
    create(
      statefulSet(place, podSpec(), {
        volumeClaimTemplates: [{ metadata: { name: "data", finalizers }, spec: claimSpec() }],
      }),
    ),
  ),
  left("job-pods-that-stay", "makes a Job whose pods stay when all else is removed", kept, (place) =>
    create(job(place, podSpec(), {}, { finalizers })),
  ),
  left("scheduled-pods-that-stay", "makes a CronJob whose pods stay when all else is removed", kept, (place) =>
    create(cronJob(place, podSpec(), {}, { pods: { finalizers } })),
  ),
  left("pods-that-take-a-year", "makes a Deployment whose pods may take a year to end", long, (place) =>
    create(deployment(place, podSpec({}, { terminationGracePeriodSeconds: 31_536_000 }))),
  ),
  left(
    "deletion-in-a-year",
    "deletes a pod of its own with a year to end",
    /also when they are deleted or evicted, so that .*: set gracePeriodSeconds to 600 or less/,
    ({ namespace }) => ({
      ...remove(reference("Pod", { name: "deletion-in-a-year", namespace })),
      query: { gracePeriodSeconds: "31536000" },
    }),
    (place) => pod({ ...place, name: "deletion-in-a-year" }),
  ),
]);
