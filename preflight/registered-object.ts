import { type LiveObject, liveIdentity, type ObjectType, objectType } from "../lib/kubernetes/live-object.js";

/** An object that the program registers: its kind and its place. */
export interface RegisteredObject extends ObjectType {
  readonly metadata: Pick<LiveObject["metadata"], "name" | "namespace">;
}

/** The identities of objects, as in a stack's state. */
export function identitiesOf(objects: readonly RegisteredObject[]): ReadonlySet<string> {
  return new Set(objects.map(identityOf));
}

/** The identity of an object, as in a stack's state. */
export function identityOf({ metadata, ...type }: RegisteredObject): string {
  return liveIdentity(type, metadata);
}

/** @param type as in a resource's type: `core/v1:Secret` */
export function registered(type: string, name: string, namespace?: string): RegisteredObject {
  const found = objectType(`kubernetes:${type}`);
  if (found === undefined) throw new Error(`${type} is no type of an object`);
  return { ...found, metadata: { name, namespace } };
}
