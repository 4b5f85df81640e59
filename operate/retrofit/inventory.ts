import { z } from "zod";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";

/** An object that a sync has applied. */
export interface AppliedObject {
  /** Empty for Kubernetes' first group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** @default - an object of the whole cluster */
  readonly namespace?: string | undefined;
  readonly name: string;
}

/**
 * An entry of an inventory: `NAMESPACE_NAME_GROUP_KIND`. A name may have colons, as those of roles; `__` stands for each.
 * @see https://github.com/kubernetes-sigs/cli-utils/blob/v0.37.2/pkg/object/objmetadata.go
 */
const entry = z.object({
  id: z.string().regex(/^[^_]*_.+_[^_]*_[^_]+$/, { error: ({ input }) => `has another form: ${String(input)}` }),
  v: z.string(),
});
const status = z.object({ inventory: z.object({ entries: z.array(entry).default([]) }).nullish() });

/**
 * The inventory of a Kustomization or HelmRelease. Undefined for one that has none: it has applied nothing yet.
 * @throws ZodError for an entry of another form
 */
export function inventoryOf({ status: live = {} }: LiveObject): AppliedObject[] | undefined {
  return status
    .parse(live)
    .inventory?.entries.map(({ id, v }) => appliedObject(id, v))
    .sort((a, b) => (appliedText(a) < appliedText(b) ? -1 : 1));
}

function appliedObject(id: string, version: string): AppliedObject {
  const [, namespace, name = "", group = "", kind = ""] = /^([^_]*)_(.*)_([^_]*)_([^_]*)$/.exec(id) ?? [];
  return { group, version, kind, namespace: namespace || undefined, name: name.replaceAll("__", ":") };
}

/** `Deployment payments/app` */
export function appliedText({ kind, namespace, name }: Pick<AppliedObject, "kind" | "namespace" | "name">): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
