import {
  CLUSTER_VARIABLES,
  PLATFORM_GIT_SECRET,
  PLATFORM_RECONCILER,
  PLATFORM_SOURCE,
  PLATFORM_VERIFY_SECRET,
} from "../../config/names.js";
import { CONTROLLERS } from "../../config/stack/controllers.js";
import { FLUX_NAMESPACE, MANAGED_BY, MANAGED_BY_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { mapAt } from "../findings/facts.js";
import { type BuiltObject, type Fault, groupOf, namespaceOf, objectId, textOf } from "./built-platform.js";
import type { PlatformRule } from "./platform-rule.js";

/** Objects that the program registers, and that decide what Flux applies and what the cluster admits. */
export const ownedObjects: PlatformRule = {
  name: "platform-owned",
  level: "mandatory",
  title:
    "nothing in fleet/ is an object of the program: Flux with its root source, values and account, the policies and roles of tenants",
  reason:
    "Flux would apply it over the program's own, so a file could name another repository or other values than those which the rules judge",
  fix: "give the object another name, or change the program's by the settings of the stack",
  violations: ({ objects }) =>
    objects.filter(isOwned).map((object) => {
      const resource = objectId(object);
      return { resource, place: object.placeOf(["metadata", "name"]), message: `${resource} is the program's own` };
    }) satisfies Fault[],
};

/** Names in Flux's namespace, and starts of names. */
const names: readonly string[] = [PLATFORM_SOURCE, CLUSTER_VARIABLES, PLATFORM_RECONCILER, PLATFORM_VERIFY_SECRET];
const starts: readonly string[] = [PLATFORM_GIT_SECRET, ...CONTROLLERS];

/** Groups whose objects without a namespace have names of the program's, by the start of these. */
const clusterStarts: Readonly<Record<string, string>> = {
  "admissionregistration.k8s.io": "fleet-",
  "rbac.authorization.k8s.io": "fleet-",
};

function isOwned(object: BuiltObject): boolean {
  if (mapAt(object.data, "metadata", "labels")[MANAGED_BY_LABEL] === MANAGED_BY) return true;
  const [name, group] = [textOf(object, "metadata", "name"), groupOf(object)];
  if (textOf(object, "kind") === "CustomResourceDefinition") return name.endsWith(".toolkit.fluxcd.io");
  if (namespaceOf(object) === FLUX_NAMESPACE) {
    return names.includes(name) || starts.some((start) => name.startsWith(start));
  }
  const start = clusterStarts[group];
  return start !== undefined && textOf(object, "metadata", "namespace") === "" && name.startsWith(start);
}
