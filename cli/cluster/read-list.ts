import { groupPath, pluralOf } from "../../lib/kubernetes/api-paths.js";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { type KindList, listPath } from "../../preflight/cluster-kinds.js";
import type { Sender } from "./api-client.js";
import { ClusterError } from "./cluster-error.js";
import { readPages } from "./read-pages.js";

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

/** Reads one list, by one request for each 500 objects. */
export async function readList(client: Sender, list: ReadListArgs): Promise<Listing> {
  try {
    const parts = list.metadataOnly ? "PartialObjectMetadataList" : undefined;
    const read = await readPages(client, pathOf(list), parts);
    if ("items" in read) return read;
    if ("fault" in read) return { problem: `its list of ${pluralOf(list)}: ${read.fault}` };
    const { status } = read.refusal;
    if (status === 404) return { items: [], isUnknown: true };
    return { problem: status === 403 ? missingRight(list) : `its list of ${pluralOf(list)}: HTTP status ${status}` };
  } catch (error) {
    if (error instanceof ClusterError) return { problem: error.message };
    throw error;
  }
}

/** The objects of a list. @throws Error that says why they could not be read */
export async function requireList(client: Sender, list: ReadListArgs): Promise<readonly LiveObject[]> {
  const found = await readList(client, list);
  if ("problem" in found) throw new Error(found.problem);
  return found.items;
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
