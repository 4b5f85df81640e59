import type { FieldRule } from "./field-rule.js";

/** Rules on the fields of a stack's own add-on, by path. */
export interface OwnRules {
  /** Fields with the name of a namespace, which must be the object's own. */
  readonly namespaces?: readonly string[];
  /** Fields that tenants must not set. */
  readonly absent?: readonly string[];
  /** Fields with one of a few values. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
  /** Maps with none but a few fields. */
  readonly fields?: Readonly<Record<string, readonly string[]>>;
  /** Addresses that a controller connects to: those of public hosts by https. */
  readonly publicAddresses?: readonly string[];
}

/** The rules of a kind that a stack defines. */
export function ownRules({ namespaces = [], absent = [], values = {}, fields = {}, publicAddresses = [] }: OwnRules) {
  return [
    ...namespaces.map((at): FieldRule => ({ at, form: "namespace" })),
    ...absent.map((at): FieldRule => ({ at, form: "absent" })),
    ...Object.entries(values).map(([at, of]): FieldRule => ({ at, form: "value", of })),
    ...Object.entries(fields).map(([at, names]): FieldRule => ({ at, form: "fields", names })),
    ...publicAddresses.map((at): FieldRule => ({ at, form: "address", of: "public" })),
  ];
}
