import { z } from "zod";
import type { LiveObject } from "../../../lib/kubernetes/live-object.js";

const reference = z.object({ kind: z.string().optional(), name: z.string(), namespace: z.string().optional() });
const texts = z.record(z.string(), z.string());

const kustomization = z.object({
  spec: z.looseObject({
    sourceRef: reference,
    path: z.string().default(""),
    targetNamespace: z.string().optional(),
    kubeConfig: z.unknown().optional(),
    dependsOn: z.array(reference).default([]),
    healthChecks: z.array(reference.extend({ apiVersion: z.string().default(""), kind: z.string() })).default([]),
    postBuild: z
      .looseObject({
        substitute: texts.default({}),
        substituteFrom: z.array(reference.extend({ kind: z.string(), optional: z.boolean().optional() })).default([]),
      })
      .prefault({}),
    decryption: z.object({ provider: z.string(), secretRef: z.object({ name: z.string() }).optional() }).optional(),
  }),
  status: z
    .object({ inventory: z.object({ entries: z.array(z.object({ id: z.string() })).default([]) }).prefault({}) })
    .prefault({}),
});

const gitRepository = z.object({
  spec: z.looseObject({ url: z.string(), ref: texts.default({}) }),
});

/** A Kustomization of a cluster, as far as a tenant file may have it. */
export interface LiveSync extends z.output<typeof kustomization> {
  readonly name: string;
  readonly namespace: string;
  /** The Kustomization that applied this one, `NAMESPACE/NAME`. @default - none did */
  readonly appliedBy?: string | undefined;
}

/** A GitRepository of a cluster. */
export type LiveSource = z.output<typeof gitRepository>["spec"];

/** Reads a Kustomization. @throws ZodError of an object in a form that Flux does not have */
export function liveSync(object: LiveObject): LiveSync {
  const { name, namespace = "", labels } = object.metadata;
  const [by, byNamespace] = ["name", "namespace"].map((part) => labels[`kustomize.toolkit.fluxcd.io/${part}`]);
  const appliedBy = by === undefined || byNamespace === undefined ? undefined : `${byNamespace}/${by}`;
  return { name, namespace, appliedBy, ...kustomization.parse(object) };
}

/** Reads a GitRepository. @throws ZodError of an object in a form that Flux does not have */
export function liveSource(object: LiveObject): LiveSource {
  return gitRepository.parse(object).spec;
}

/** An entry of a sync's inventory. */
export interface AppliedObject {
  /** Empty for an object of the whole cluster. */
  readonly namespace: string;
  readonly name: string;
  readonly kind: string;
}

/**
 * The objects that a sync applies: `NAMESPACE_NAME_GROUP_KIND`. RBAC names have `__` in place of a colon.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#inventory
 */
export function appliedObjects({ status }: LiveSync): AppliedObject[] {
  return status.inventory.entries.flatMap(({ id }) => {
    const [, namespace = "", name = "", kind = ""] = /^([^_]*)_(.*)_[^_]*_([^_]+)$/.exec(id) ?? [];
    return kind === "" ? [] : [{ namespace, name: name.replaceAll("__", ":"), kind }];
  });
}
