import { groupPath } from "../../lib/kubernetes/api-paths.js";
import type { AppliedObject } from "../../operate/retrofit/inventory.js";
import { type KnownResources, kindKey } from "../../operate/retrofit/rights.js";

/** The path of an object of any kind. Undefined for a kind that the cluster does not serve. */
export function pathOfObject(object: AppliedObject, resources: KnownResources): string | undefined {
  const known = resources.get(kindKey(object));
  if (known === undefined) return undefined;
  const { group, version, kind, namespace, name } = object;
  const isPlaced = known.isNamespaced && namespace !== undefined;
  const place = isPlaced ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${groupPath({ group: group || "core", version, kind })}${place}/${known.plural}/${encodeURIComponent(name)}`;
}
