import { PLATFORM_SOURCE } from "../../config/names.js";
import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import { fieldAt, listAt, valueText } from "../findings/facts.js";
import {
  type BuiltObject,
  type BuiltPlatform,
  isSync,
  namespaceOf,
  objectId,
  type Place,
  textOf,
} from "./built-platform.js";

/** A sync that waits for another one. */
export interface Wait {
  /** Sync that waits, by {@link objectId}. */
  readonly from: string;
  /** Sync that it waits for. */
  readonly to: string;
  /** Namespace of the latter. */
  readonly namespace: string;
  /** Whether `dependsOn` says so, or the sync waits until all that it applies is ready. */
  readonly reason: "depends on" | "waits for";
  readonly place: Place;
}

/** The sync that Pulumi registers, which applies all others. */
export const ROOT_SYNC = `Kustomization ${FLUX_NAMESPACE}/${PLATFORM_SOURCE}`;

/** Each `dependsOn` of the platform's syncs, and each wait of a sync for what it applies. */
export function waitsOf({ objects }: BuiltPlatform): Wait[] {
  const syncs = objects.filter(isSync);
  const waiting = new Set([ROOT_SYNC, ...syncs.filter(waitsForAll).map(objectId)]);
  return syncs.flatMap((sync) => {
    const own = { to: objectId(sync), namespace: namespaceOf(sync), place: sync.placeOf(["metadata", "name"]) };
    const above: Wait[] = waiting.has(sync.appliedBy) ? [{ from: sync.appliedBy, reason: "waits for", ...own }] : [];
    return [...above, ...dependenciesOf(sync)];
  });
}

/** Flux looks for a dependency of the same kind, without a namespace in the same one. */
function dependenciesOf(sync: BuiltObject): Wait[] {
  return listAt(sync.data, "spec", "dependsOn").map((dependency, index) => {
    const namespace = valueText(fieldAt(dependency, "namespace") ?? namespaceOf(sync));
    const name = valueText(fieldAt(dependency, "name") ?? "");
    return {
      from: objectId(sync),
      to: `${textOf(sync, "kind")} ${namespace}/${name}`,
      namespace,
      reason: "depends on",
      place: sync.placeOf(["spec", "dependsOn", index]),
    };
  });
}

/** Releases wait for their own objects. A Kustomization waits if it says so, or checks the health of some objects. */
function waitsForAll({ data }: BuiltObject): boolean {
  return data.kind === "Kustomization" && fieldAt(data, "spec", "wait") === true;
}
