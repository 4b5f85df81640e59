import { FLUX_NAMESPACE } from "../../lib/kubernetes/ownership-labels.js";
import {
  type BuiltObject,
  type BuiltPlatform,
  type Fault,
  groupOf,
  isSync,
  objectId,
  textOf,
} from "./built-platform.js";
import type { PlatformRule } from "./platform-rule.js";

const namespaceFields = [
  ["metadata", "namespace"],
  ["spec", "targetNamespace"],
  ["spec", "storageNamespace"],
];

/** Namespaces that the program owns. */
export const tenantNamespaces: PlatformRule = {
  name: "platform-tenants",
  level: "mandatory",
  title: "nothing in fleet/ is a namespace of a tenant or of Flux, or in one of a tenant",
  reason:
    "the program owns these namespaces, and a file that leaves fleet/ would have Flux delete the namespace with all that is in it",
  fix: "move it to a namespace that fleet/ declares, or write it into the tenant's repository",
  violations: (platform) =>
    platform.objects.flatMap((object) => [...own(object, platform), ...within(object, platform)]),
};

function own(object: BuiltObject, { tenantNamespaces: tenants }: BuiltPlatform): Fault[] {
  const name = textOf(object, "metadata", "name");
  if (object.data.kind !== "Namespace" || groupOf(object) !== "") return [];
  if (name !== FLUX_NAMESPACE && !tenants.has(name)) return [];
  const owner = name === FLUX_NAMESPACE ? "Flux" : "a tenant";
  return [fault(object, ["metadata", "name"], `is the namespace of ${owner}`)];
}

function within(object: BuiltObject, { tenantNamespaces: tenants }: BuiltPlatform): Fault[] {
  const fields = isSync(object) ? namespaceFields : namespaceFields.slice(0, 1);
  return fields
    .filter((field) => tenants.has(textOf(object, ...field)))
    .map((field) => fault(object, field, `goes to ${textOf(object, ...field)}, which belongs to a tenant`));
}

function fault(object: BuiltObject, field: readonly string[], words: string): Fault {
  const resource = objectId(object);
  return { resource, place: object.placeOf(field), message: `${resource} ${words}` };
}
