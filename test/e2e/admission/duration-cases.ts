import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { imagePolicy, imageRepository, imageUpdates } from "../../support/objects/image-automation.js";
import { provider, receiver } from "../../support/objects/notifications.js";
import type { Fields } from "../../support/objects/object.js";
import { bucket, gitRepository, helmChart, helmRepository, ociRepository } from "../../support/objects/sources.js";
import { chartTemplate, helmRelease, kustomization } from "../../support/objects/syncs.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";

/** Kind and field, such as "HelmRelease install.timeout" → an object with this duration there. */
type DurationFields = Readonly<Record<string, (duration: string) => KubernetesObject>>;

/** Intervals that are too short or too long. */
const badIntervals = ["0s", "1ms", "9s999ms", "8760h1s"];
/** Timeouts that are none, too short or too long. */
const badTimeouts = ["0s", "0.0m", "999ms", "5m1ms"];

/** Every interval and timeout of a sync. */
export function syncDurations(place: Place): Case[] {
  const sync = (field: string) => (duration: string) => kustomization(place, { [field]: duration });
  const release = (spec: (duration: string) => Fields) => (duration: string) => helmRelease(place, spec(duration));
  const actions = ["install", "upgrade", "rollback", "uninstall", "test"];
  return [
    ...intervals({
      "Kustomization interval": sync("interval"),
      "Kustomization retryInterval": sync("retryInterval"),
      "HelmRelease interval": release((interval) => ({ interval })),
      "HelmRelease chart.spec.interval": release((interval) => ({ chart: chartTemplate({ interval }) })),
      "HelmRelease install.strategy.retryInterval": release((interval) => ({ install: retrying(interval) })),
      "HelmRelease upgrade.strategy.retryInterval": release((interval) => ({ upgrade: retrying(interval) })),
    }),
    ...timeouts(/timeouts must be 1s to 5m/, {
      "Kustomization timeout": sync("timeout"),
      "HelmRelease timeout": release((timeout) => ({ timeout })),
      ...Object.fromEntries(
        actions.map((action) => [`HelmRelease ${action}.timeout`, release((timeout) => ({ [action]: { timeout } }))]),
      ),
    }),
  ];
}

/** Every interval and timeout of a source. @param path owner and repository at an allowed host, without a scheme */
export function sourceDurations(place: Place, path: string): Case[] {
  const make = {
    GitRepository: (spec: Fields) => gitRepository(place, `https://${path}`, spec),
    OCIRepository: (spec: Fields) => ociRepository(place, `oci://${path}`, spec),
    HelmRepository: (spec: Fields) => helmRepository(place, `https://${path}`, spec),
    Bucket: (spec: Fields) => bucket(place, path, spec),
  };
  const of = (field: string): DurationFields =>
    Object.fromEntries(
      Object.entries(make).map(([kind, source]) => [`${kind} ${field}`, (duration) => source({ [field]: duration })]),
    );
  return [
    ...intervals({ ...of("interval"), "HelmChart interval": (interval) => helmChart(place, { interval }) }),
    ...timeouts(/sources must have a timeout of 1s to 5m/, of("timeout")),
  ];
}

/** Every interval and timeout of a notification. */
export function notificationDurations(place: Place): Case[] {
  return [
    ...intervals({
      "Provider interval": (interval) => provider(place, { interval }),
      "Receiver interval": (interval) => receiver(place, { interval }),
    }),
    ...timeouts(/timeouts must be 1s to 5m/, { "Provider timeout": (timeout) => provider(place, { timeout }) }),
  ];
}

/** Every interval and timeout of image automation. @param image of an allowed registry */
export function imageAutomationDurations(place: Place, image: string, git: Fields): Case[] {
  return [
    ...intervals({
      "ImageRepository interval": (interval) => imageRepository(place, image, { interval }),
      "ImagePolicy interval": (interval) => imagePolicy(place, { digestReflectionPolicy: "Always", interval }),
      "ImageUpdateAutomation interval": (interval) => imageUpdates(place, git, { interval }),
    }),
    ...timeouts(/timeouts must be 1s to 5m/, {
      "ImageRepository timeout": (timeout) => imageRepository(place, image, { timeout }),
    }),
  ];
}

function intervals(fields: DurationFields): Case[] {
  return [
    ...refused(/intervals must be 10s to 8760h/, objects(fields, badIntervals)),
    ...allowed(objects(fields, ["10s"])),
  ];
}

function timeouts(message: RegExp, fields: DurationFields): Case[] {
  return [...refused(message, objects(fields, badTimeouts)), ...allowed(objects(fields, ["1s", "5m"]))];
}

function objects(fields: DurationFields, durations: readonly string[]) {
  const pairs = Object.entries(fields).flatMap(([field, make]) =>
    durations.map((duration) => [`${field}: ${duration}`, make(duration)] as const),
  );
  return each(pairs, (pair) => pair);
}

function retrying(retryInterval: string) {
  return { strategy: { name: "RetryOnFailure", retryInterval } };
}
