import type { Problem } from "../../lib/diagnostics/problem.js";
import type { Path } from "../../lib/diagnostics/zod-issues.js";
import { fieldAt, valueText } from "../findings/facts.js";

/** A place in a file of `fleet/`. */
export type Place = Pick<Problem, "file" | "line" | "path">;

/** An object that kustomize built from `fleet/`, with the values of the cluster's variables. */
export interface BuiltObject {
  readonly data: Readonly<Record<string, unknown>>;
  /** Folder whose build has it. */
  readonly folder: string;
  /** The sync that applies it, by {@link objectId}. */
  readonly appliedBy: string;
  /** The place of a field in the file that the object comes from; of the nearest field around it, if a patch sets it. */
  placeOf(path: Path): Place;
}

/** A fault that a build or a schema has found. */
export interface Fault {
  /** Name of the object, or the folder that cannot be built. */
  readonly resource: string;
  readonly place: Place;
  /** The fault, without a period. */
  readonly message: string;
}

/** Everything that the platform's syncs apply on the cluster of a stack. */
export interface BuiltPlatform {
  readonly stack: string;
  /** Folder that the root sync applies. */
  readonly root: string;
  /** Namespaces of the stack's tenants. */
  readonly tenantNamespaces: ReadonlySet<string>;
  /** Files of `fleet/`: path → text. */
  readonly files: Readonly<Record<string, string>>;
  readonly objects: readonly BuiltObject[];
  /** Faults of folders that kustomize does not build. */
  readonly buildFaults: readonly Fault[];
  /** Faults of objects that the schema of their CRD refuses. */
  readonly schemaFaults: readonly Fault[];
}

/** A text of an object. @default "" */
export function textOf({ data }: Pick<BuiltObject, "data">, ...path: readonly string[]): string {
  const value = fieldAt(data, ...path);
  return value === undefined || value === null ? "" : valueText(value);
}

/** The API group of an object: `apps`; empty for Kubernetes' core. */
export function groupOf(object: Pick<BuiltObject, "data">): string {
  const version = textOf(object, "apiVersion");
  return version.includes("/") ? version.slice(0, version.indexOf("/")) : "";
}

/** The namespace of a namespaced object. Without one in the file, it is Kubernetes' default. */
export function namespaceOf(object: Pick<BuiltObject, "data">): string {
  return textOf(object, "metadata", "namespace") || "default";
}

/** The name of an object in messages and waivers: `HelmRelease platform/cert-manager`. */
export function objectId(object: Pick<BuiltObject, "data">): string {
  const namespace = textOf(object, "metadata", "namespace");
  const name = textOf(object, "metadata", "name");
  return `${textOf(object, "kind")} ${namespace === "" ? name : `${namespace}/${name}`}`;
}

/** Whether an object is a Kustomization of Flux or a HelmRelease, which applies other objects. */
export function isSync(object: Pick<BuiltObject, "data">): boolean {
  const kind = textOf(object, "kind");
  return (
    (kind === "Kustomization" && groupOf(object) === "kustomize.toolkit.fluxcd.io") ||
    (kind === "HelmRelease" && groupOf(object) === "helm.toolkit.fluxcd.io")
  );
}
