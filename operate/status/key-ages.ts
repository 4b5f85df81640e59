import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { FIELD_MANAGER } from "../../lib/kubernetes/ownership-labels.js";

/** A Secret with a key or a token of a Git repository. Its value is never read. */
export interface KeyAge {
  readonly namespace: string;
  readonly secret: string;
  /** Time of the program's last change of the Secret. The key is at least as old. @default - Kubernetes noted none */
  readonly writtenAt?: string | undefined;
}

/** Start of the names of a tenant's Secrets for Git. */
const gitSecret = /^tenant-git(?:-|$)/;

/** The Secrets for Git among the metadata of Secrets. */
export function keyAges(secrets: readonly LiveObject[]): readonly KeyAge[] {
  return secrets
    .filter(({ metadata }) => gitSecret.test(metadata.name))
    .map(({ metadata: { namespace = "", name, managedFields } }) => {
      const written = managedFields.filter(({ manager, fieldsV1 }) => {
        return manager === FIELD_MANAGER && ("f:data" in fieldsV1 || "f:stringData" in fieldsV1);
      });
      return {
        namespace,
        secret: name,
        writtenAt: written
          .flatMap(({ time }) => time ?? [])
          .sort()
          .at(-1),
      };
    });
}
