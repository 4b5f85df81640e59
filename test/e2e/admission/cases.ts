import assert from "node:assert/strict";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";

/** The namespace of the cases' objects, and the sources that they may use. */
export interface Place {
  /** The tenant's namespace. */
  readonly namespace: string;
  /** `ssh://git@HOST:PORT/OWNER`: what clone URLs of the organisation begin with. */
  readonly organisation: string;
}

/** An object that a tenant creates, and the answer. */
export interface Case {
  readonly title: string;
  readonly object: KubernetesObject;
  /** The message of the refusal. @default - the object is allowed */
  readonly refused?: RegExp;
}

/** Title, such as "a Service with a load balancer" → object. */
export type Objects = Readonly<Record<string, KubernetesObject>>;

/** Cases of objects that are refused with this message. */
export function refused(message: RegExp, objects: Objects): Case[] {
  return allowed(objects).map((one) => ({ ...one, refused: message }));
}

/** Cases of objects that are allowed. */
export function allowed(objects: Objects): Case[] {
  return Object.entries(objects).map(([title, object]) => ({ title, object }));
}

/** One object for each value of a list. @param make the object, and a title that no other has */
export function each<T>(values: readonly T[], make: (value: T) => readonly [string, KubernetesObject]): Objects {
  const objects = Object.fromEntries(values.map(make));
  assert.equal(Object.keys(objects).length, values.length, "two objects have one title");
  return objects;
}
