import { pluralOf } from "../../lib/kubernetes/api-paths.js";
import { shellWord } from "../../lib/process/shell-word.js";
import { type AuditedObject, auditedTypes } from "./audited-cluster.js";

/**
 * An object in a command of kubectl: `kustomizations.kustomize.toolkit.fluxcd.io/app --namespace payments`. The name follows a
 * slash, because names of roles and bindings may begin with a dash, and would be taken for a flag.
 */
export function kubectlObject({ kind, object: { metadata } }: AuditedObject): string {
  const { group } = auditedTypes[kind];
  const resource = group === "core" || group === "apps" ? pluralOf({ kind }) : `${pluralOf({ kind })}.${group}`;
  const place = metadata.namespace === undefined ? "" : ` --namespace ${shellWord(metadata.namespace)}`;
  return `${shellWord(`${resource}/${metadata.name}`)}${place}`;
}

/** A command that merges fields into an object. */
export function mergePatch(one: AuditedObject, patch: object): string {
  return `kubectl patch ${kubectlObject(one)} --type merge --patch ${shellWord(JSON.stringify(patch))}`;
}

/** An operation of a JSON patch. */
export interface PatchOperation {
  readonly op: "add" | "replace" | "remove";
  readonly path: string;
  /** @default - none, for `remove` */
  readonly value?: unknown;
}

/** A command that changes single fields and elements of lists. */
export function jsonPatch(one: AuditedObject, operations: readonly PatchOperation[]): string {
  return `kubectl patch ${kubectlObject(one)} --type json --patch ${shellWord(JSON.stringify(operations))}`;
}

/** A command that deletes an object. */
export function deletion(one: AuditedObject): string {
  return `kubectl delete ${kubectlObject(one)}`;
}
