import { z } from "zod";
import { groupPath, pluralOf } from "../../lib/kubernetes/api-paths.js";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { objectList } from "../../lib/kubernetes/object-forms.js";
import { type KindList, listPath } from "../../preflight/cluster-kinds.js";
import { ClusterError, type ContextClient } from "./context-client.js";

/** A list of objects that a command reads. */
export interface ReadListArgs extends KindList {
  /** The one namespace whose objects are listed. @default - all namespaces */
  readonly namespace?: string;
}

/** The objects of a list, or why they could not be read. */
export type Listing =
  | { readonly items: readonly LiveObject[] }
  /** The cluster does not know the kind. */
  | { readonly items: readonly LiveObject[]; readonly isUnknown: true }
  | { readonly problem: string };

/** Reads one list, by one request. */
export async function readList(client: Pick<ContextClient, "get">, list: ReadListArgs): Promise<Listing> {
  try {
    const answer = await client.get(pathOf(list), list.metadataOnly ? "PartialObjectMetadataList" : undefined);
    const { items } = objectList.parse(answer);
    // The request asks for no pages. A part of a list would pass for all of it.
    const { metadata } = answer as { readonly metadata?: { readonly continue?: string } };
    return metadata?.continue ? { problem: `its list of ${pluralOf(list)} is not complete` } : { items };
  } catch (error) {
    if (error instanceof z.ZodError) return { problem: "the answer is not that of a Kubernetes API server" };
    if (!(error instanceof ClusterError)) throw error;
    if (error.status === 404) return { items: [], isUnknown: true };
    return { problem: error.status === 403 ? missingRight(list) : error.message };
  }
}

function pathOf(list: ReadListArgs): string {
  if (list.namespace === undefined) return listPath(list);
  return `${groupPath(list)}/namespaces/${encodeURIComponent(list.namespace)}/${pluralOf(list)}`;
}

/** The right that an account lacks, with the command that shows it. */
function missingRight(list: ReadListArgs): string {
  const resource = list.group === "core" ? pluralOf(list) : `${pluralOf(list)}.${list.group}`;
  const place = list.namespace === undefined ? "in all namespaces" : `in the namespace ${list.namespace}`;
  const where = list.namespace === undefined ? "--all-namespaces" : `--namespace ${list.namespace}`;
  return `its account may not list ${resource} ${place} (kubectl auth can-i list ${resource} ${where})`;
}
