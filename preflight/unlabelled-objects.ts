import { objectPath } from "../lib/kubernetes/api-paths.js";
import { type LiveObjects, liveIdentity } from "../lib/kubernetes/live-object.js";
import { object, objectList } from "../lib/kubernetes/object-forms.js";
import { isManagedByFleet } from "../lib/kubernetes/ownership-labels.js";
import type { Namespaces } from "./cluster.js";
import { type KindList, kindKey, listPath, metadataList } from "./cluster-kinds.js";
import { ask, type Connection, inOrder } from "./cluster-requests.js";
import type { RegisteredObject } from "./registered-object.js";
import { identityOf } from "./registered-object.js";

/** Objects of a kind that are asked for one by one. */
export const mostSingle = 20;

/**
 * The objects that the program is about to register, and that exist without a resource in the state. Server-side apply
 * would overwrite them. Only names and labels are fetched. A namespace of fleet that is new to the state was handed over
 * with its content, so all names in it are looked for. There is one request for each name, or one for each kind of many
 * names; none while nothing is new in an existing namespace.
 */
export async function readUnlabelled(
  registered: readonly RegisteredObject[],
  { namespaces, isKnown }: { readonly namespaces: Namespaces; readonly isKnown: (identity: string) => boolean },
  connection: Connection,
): Promise<LiveObjects> {
  const exists = ({ metadata: { namespace } }: RegisteredObject) =>
    namespace !== undefined && isManagedByFleet(namespaces.get(namespace)?.labels);
  const unknown = registered.filter((one) => exists(one) && !isKnown(identityOf(one)));
  const kinds = new Map(unknown.map((one) => [kindKey(one), metadataList(one)]));
  const found = await inOrder([...kinds], ([key, list]) => {
    return readNames(
      list,
      unknown.filter((one) => kindKey(one) === key),
      connection,
    );
  });
  const wanted = new Set(unknown.map(identityOf));
  return new Map(found.flat().filter(([identity]) => wanted.has(identity)));
}

async function readNames(kind: KindList, names: readonly RegisteredObject[], connection: Connection) {
  const objects =
    names.length > mostSingle
      ? await ask(connection, { kind, path: listPath(kind), form: objectList }).then((list) => list?.items ?? [])
      : await inOrder(names, ({ metadata }) => {
          return ask(connection, { kind, path: objectPath(kind, metadata), form: object });
        });
  return objects.flatMap((one) => (one === undefined ? [] : [[liveIdentity(kind, one.metadata), one] as const]));
}
