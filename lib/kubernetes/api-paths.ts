import type { ObjectType } from "./live-object.js";

/** The path of one object of a kind, without the address of the server. */
export function objectPath(
  kind: ObjectType,
  { name, namespace }: { readonly name: string; readonly namespace?: string | undefined },
): string {
  const place = namespace === undefined ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${groupPath(kind)}${place}/${pluralOf(kind)}/${encodeURIComponent(name)}`;
}

/** The path at which the API server lists the kinds of a group. */
export function groupPath({ group, version }: ObjectType): string {
  return group === "core" ? `/api/${version}` : `/apis/${group}/${version}`;
}

/** The plural of a kind in the paths of the API, which is regular for every kind of Kubernetes and of Flux. */
export function pluralOf({ kind }: Pick<ObjectType, "kind">): string {
  const name = kind.toLowerCase();
  if (name.endsWith("ss")) return `${name}es`;
  return name.endsWith("y") ? `${name.slice(0, -1)}ies` : `${name}s`;
}
