import { objectIdentity } from "../state/stack-state.js";
import type { FieldPath } from "./field-path.js";

/** The fields that one client owns, as Kubernetes notes them. A leaf is an empty object. */
export interface OwnedFields {
  readonly [key: string]: OwnedFields;
}

/** An object on a cluster. */
export interface LiveObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string | undefined;
    /** Number of the specification, which changes with it. */
    readonly generation?: number | undefined;
    /** Identity of the object among all of its name. */
    readonly uid?: string | undefined;
    readonly managedFields: readonly {
      /** Name of the client, which it chooses itself. */
      readonly manager: string;
      readonly operation: string;
      readonly subresource?: string | undefined;
      readonly time?: string | undefined;
      /** Version of the API by which the client wrote: `apps/v1`. */
      readonly apiVersion?: string | undefined;
      readonly fieldsV1: OwnedFields;
    }[];
  };
  readonly [field: string]: unknown;
}

/** Objects on a cluster by their identity, as in a stack's state. */
export type LiveObjects = ReadonlyMap<string, LiveObject>;

/** The API type of an object in a stack's state. */
export interface ObjectType {
  /** `core` for Kubernetes' first group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** The API type of a resource: `kubernetes:apps/v1:Deployment`. Undefined for another provider's, and for a patch. */
export function objectType(type: string): ObjectType | undefined {
  const [, group, version, kind] = /^kubernetes:(.*)\/([^/:]+):(\w+)$/.exec(type) ?? [];
  if (group === undefined || version === undefined || kind === undefined || kind.endsWith("Patch")) return undefined;
  return { group, version, kind };
}

/** The identity of an object of a type. */
export function liveIdentity(
  { group, version, kind }: ObjectType,
  metadata: Pick<LiveObject["metadata"], "name" | "namespace">,
): string {
  const identity = objectIdentity(`kubernetes:${group}/${version}:${kind}`, metadata);
  if (identity === undefined) throw new Error(`the cluster listed a ${kind} without a name`);
  return identity;
}

/** A field, and the client that owns it. */
export interface HeldField {
  readonly path: FieldPath;
  /** Name of the client: `kubectl-patch`, `flux`. */
  readonly manager: string;
  /** Time of its last change, as Kubernetes writes it. */
  readonly time?: string | undefined;
}

/**
 * The fields of an object that other clients own. Who changes the value of a field becomes its owner.
 * @param own field manager of this program's server-side apply
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export function fieldsOfOthers(object: LiveObject, own: string): HeldField[] {
  return object.metadata.managedFields
    .filter(({ manager, operation, subresource }) => {
      return subresource !== "status" && !(manager === own && operation === "Apply");
    })
    .flatMap(({ manager, time, fieldsV1 }) => leaves(fieldsV1, object, []).map((path) => ({ path, manager, time })));
}

/** The paths of the owned fields that the object has. */
function leaves(fields: OwnedFields, value: unknown, path: FieldPath): FieldPath[] {
  const children = Object.entries(fields).filter(([key]) => key !== ".");
  if (children.length === 0) return [path];
  return children.flatMap(([key, child]) => {
    const step = stepOf(key, value);
    const next = step === undefined ? undefined : (value as Readonly<Record<string | number, unknown>>)[step];
    return step === undefined || next === undefined ? [] : leaves(child, next, [...path, step]);
  });
}

/**
 * The key or index that an entry of `fieldsV1` means: `f:NAME` a field, `k:{…}` the element of a list with these
 * fields, `v:VALUE` an element of a set, `i:INDEX` an element of a list.
 * @see https://github.com/kubernetes-sigs/structured-merge-diff/blob/v6.3.0/fieldpath/serialize-pe.go
 */
function stepOf(key: string, value: unknown): string | number | undefined {
  const [form, text] = [key.slice(0, 2), key.slice(2)];
  if (typeof value !== "object" || value === null) return undefined;
  if (form === "f:") return text;
  if (!Array.isArray(value)) return undefined;
  if (form === "i:") return Number(text);
  const wanted: unknown = JSON.parse(text);
  const index = value.findIndex((element: unknown) => {
    return form === "k:" ? hasFields(element, wanted as object) : JSON.stringify(element) === text;
  });
  return index < 0 ? undefined : index;
}

function hasFields(element: unknown, wanted: object): boolean {
  const fields = element as Readonly<Record<string, unknown>>;
  return Object.entries(wanted).every(([name, value]) => fields[name] === value);
}
