import { gunzipSync } from "node:zlib";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import type { AppliedObject } from "./inventory.js";

const release = z.object({
  spec: z.object({ storageNamespace: z.string().optional() }).prefault({}),
  status: z
    .object({
      storageNamespace: z.string().optional(),
      history: z.array(z.object({ name: z.string(), version: z.number(), namespace: z.string() })).optional(),
    })
    .prefault({}),
});

/** The place of the Secret in which Helm stores the newest release of a HelmRelease. */
export interface StoredRelease {
  /** Namespace of the Secrets of all of its releases. */
  readonly storage: string;
  /** Name of the Secret. Undefined before the first installation. */
  readonly secret?: string | undefined;
  /** Namespace of objects that name none. */
  readonly namespace?: string | undefined;
}

/** @see https://fluxcd.io/flux/components/helm/helmreleases/#history */
export function storedRelease(object: LiveObject): StoredRelease {
  const { spec, status } = release.parse(object);
  const storage = status.storageNamespace ?? spec.storageNamespace ?? object.metadata.namespace ?? "";
  const [newest] = status.history ?? [];
  if (newest === undefined) return { storage };
  return { storage, secret: `sh.helm.release.v1.${newest.name}.v${newest.version}`, namespace: newest.namespace };
}

/** Most bytes of an unpacked release. A Secret has 1 MiB, and a chart of that size rarely unpacks to more than this. */
const mostBytes = 32 * 1024 * 1024;

const stored = z.object({ data: z.object({ release: z.string() }) });
const manifest = z.object({ manifest: z.string() });
const document = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
});
const list = z.object({ kind: z.string().endsWith("List"), items: z.array(document) });
const documents = z.array(z.union([z.null(), list, document]));

/**
 * The objects of a release, by the Secret of Helm: base64 of gzip of JSON, in the base64 of Kubernetes. Values of the
 * release go no further than this. A tenant can write the Secret.
 * @param namespace of objects that name none
 * @returns undefined for content of another form, or of more than 32 MiB
 */
export function releaseObjects(secret: unknown, namespace: string): AppliedObject[] | undefined {
  const read = documents.safeParse(manifestOf(secret));
  return read.data?.flatMap((one) => {
    const objects = one === null ? [] : "items" in one ? one.items : [one];
    return objects.map(({ apiVersion, kind, metadata }): AppliedObject => {
      const [group = "", version] = apiVersion.split("/");
      const type = version === undefined ? { group: "", version: group } : { group, version };
      return { ...type, kind, name: metadata.name, namespace: metadata.namespace ?? namespace };
    });
  });
}

/** The documents of a stored manifest. Undefined for content that cannot be unpacked and parsed. */
function manifestOf(secret: unknown): unknown {
  const { data } = stored.safeParse(secret);
  const encoded = Buffer.from(data?.data.release ?? "", "base64").toString("utf8");
  try {
    const text = gunzipSync(Buffer.from(encoded, "base64"), { maxOutputLength: mostBytes }).toString("utf8");
    const parsed = parseAllDocuments(manifest.parse(JSON.parse(text)).manifest);
    return parsed.some(({ errors }) => errors.length > 0) ? undefined : parsed.map((one) => one.toJS() as unknown);
  } catch {
    // The reason could repeat values of the release.
    return undefined;
  }
}
