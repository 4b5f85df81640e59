import { restrictedPod } from "../../support/e2e/workloads.js";
import type { Attack, Place } from "../attack.js";
import { deploymentOf, NAME, own, reference, V } from "../objects.js";
import { type ApiRequest, create, remove } from "../request.js";

const category = "tampering";
const finalizers = ["example.com/never"];
const labels = { app: NAME };
const template = { metadata: { labels }, spec: restrictedPod };
const kept = /finalizers of a template are copied to the objects created from it/;
const long = /pods must end within 600 seconds, so that their node and namespace can be removed/;

/** @param message that the tenant reads */
const left = (
  id: string,
  title: string,
  message: RegExp,
  request: (place: Place) => ApiRequest,
  first?: (place: Place) => ReturnType<typeof own>,
): Attack => ({
  id,
  title,
  category,
  by: "reconciler",
  stoppedBy: [{ control: "fleet-remains", message }],
  attempt: (place) => ({
    kind: "request",
    request: request(place),
    ...(first === undefined ? {} : { first: [first(place)] }),
  }),
});

/** A Job, or what a CronJob makes Jobs of. */
const job = (metadata: object) => ({
  template: { metadata: { labels, ...metadata }, spec: { ...restrictedPod, restartPolicy: "Never" } },
});

/** What would stay in a namespace that is to go, and keep it from going. */
export const removals: readonly Attack[] = [
  left("pods-that-stay", "makes a Deployment whose pods stay when all else is removed", kept, (place) =>
    create(deploymentOf(place, {}, {}, { template: { ...template, metadata: { labels, finalizers } } })),
  ),
  left("claims-that-stay", "makes a StatefulSet whose claims stay when all else is removed", kept, (place) => {
    const claim = {
      metadata: { name: "data", finalizers },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    };
    const spec = { serviceName: NAME, selector: { matchLabels: labels }, template, volumeClaimTemplates: [claim] };
    return create(own(place, V.apps, "StatefulSet", { spec }));
  }),
  left("job-pods-that-stay", "makes a Job whose pods stay when all else is removed", kept, (place) =>
    create(own(place, "batch/v1", "Job", { spec: job({ finalizers }) })),
  ),
  left("scheduled-pods-that-stay", "makes a CronJob whose pods stay when all else is removed", kept, (place) =>
    create(
      own(place, "batch/v1", "CronJob", {
        spec: { schedule: "0 3 * * *", jobTemplate: { spec: job({ finalizers }) } },
      }),
    ),
  ),
  left("pods-that-take-a-year", "makes a Deployment whose pods may take a year to end", long, (place) =>
    create(deploymentOf(place, {}, { terminationGracePeriodSeconds: 31_536_000 })),
  ),
  left(
    "deletion-in-a-year",
    "deletes a pod of its own with a year to end",
    /also when they are deleted or evicted, so that .*: set gracePeriodSeconds to 600 or less/,
    ({ namespace }) => ({
      ...remove(reference("v1", "Pod", "deletion-in-a-year", namespace)),
      query: { gracePeriodSeconds: "31536000" },
    }),
    (place) => own(place, "v1", "Pod", { spec: restrictedPod }, "deletion-in-a-year"),
  ),
];
