import type { FieldRule } from "./field-rule.js";

/** A kind that an add-on gives to tenants. */
export interface AddonKind {
  readonly group: string;
  /** Version of the API that tenants' manifests use. */
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  /** Whether tenants create its objects, or only read what a controller creates. */
  readonly access: "write" | "read";
  /** Objects of the kind in each namespace. @default - as many as `limits.objects` of the tenant file */
  readonly most?: number;
  /** Rules by which its objects stay in their namespace. */
  readonly rules: readonly FieldRule[];
}

/** An extension of the infrastructure whose custom resources tenants may use. */
export interface Addon {
  readonly name: string;
  /** The use that tenants have of it, in one line. */
  readonly purpose: string;
  /** Name of its ClusterRole; bound within tenants' namespaces only. */
  readonly role: string;
  /** Name of the RoleBinding in the namespaces of tenants that use it. */
  readonly binding: string;
  readonly kinds: readonly AddonKind[];
  /** Objects outside of tenants' namespaces that tenants may refer to: `KIND/NAME`, `KIND/NAMESPACE/NAME`. */
  readonly shared: readonly string[];
}

/** An add-on that comes with the project. A stack adds the objects that its tenants share. */
export interface KnownAddon extends Omit<Addon, "shared"> {
  /** Kinds of the objects that a stack may let its tenants refer to. */
  readonly sharedKinds: readonly { readonly kind: string; readonly namespaced: boolean }[];
  /**
   * Annotations of Ingresses, routes and Services by which its controller creates an object of its first kind: keys, or
   * `PREFIX/*`. @default - none
   */
  readonly annotations?: readonly string[];
}

/** The names of an add-on's objects on a cluster. */
export function addonNames(name: string): Pick<Addon, "name" | "role" | "binding"> {
  return { name, role: `fleet-tenant-addon-${name}`, binding: `addon-${name}` };
}

/** Name of the admission policy of an add-on. */
export function addonPolicy({ name }: Pick<Addon, "name">): string {
  return `fleet-addon-${name}`;
}

type KindSettings = Pick<AddonKind, "kind" | "plural"> & Partial<Pick<AddonKind, "access" | "most" | "rules">>;

/** Kinds of one group and version. Tenants create them unless they say otherwise. */
export function kindsOf(group: string, version: string, ...kinds: readonly KindSettings[]): AddonKind[] {
  return kinds.map((kind) => ({ access: "write", rules: [], group, version, ...kind }));
}
