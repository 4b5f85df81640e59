import { z } from "zod";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { type RetrofitRecord, readRecords, recordsData, recordsName } from "../../operate/retrofit/records.js";
import type { ApiClient } from "../cluster/api-client.js";
import { CouldNotLookError } from "../exit-code.js";
import { makeChange, readWritten } from "./write-change.js";

const place = { apiVersion: "v1", kind: "ConfigMap", ...recordsName } as const;

/** The records of a cluster, with the ConfigMap as it was read. */
export interface StoredRecords {
  readonly records: readonly RetrofitRecord[];
  readonly live: LiveObject | undefined;
}

/** Reads the records. @throws CouldNotLookError when another program wrote them */
export async function loadRecords(client: ApiClient): Promise<StoredRecords> {
  const live = await readWritten(client, place);
  try {
    const { data } = z.object({ data: z.record(z.string(), z.string()).optional() }).parse(live ?? {});
    return { records: readRecords(data), live };
  } catch (error) {
    if (!(error instanceof z.ZodError || error instanceof SyntaxError)) throw error;
    const message = `ConfigMap ${place.namespace}/${place.name} has another form than this command writes`;
    const fix = "Look who changed it. Without it, no step can be taken back by this command";
    throw new CouldNotLookError([{ file: client.context, path: "", message, fix }]);
  }
}

/**
 * Stores the records. The version that was read is part of the request, so that two runs at once do not lose the records of one.
 * Without records, the ConfigMap goes.
 */
export async function storeRecords(
  client: ApiClient,
  { live }: StoredRecords,
  records: readonly RetrofitRecord[],
): Promise<void> {
  const object = `ConfigMap ${place.namespace}/${place.name}`;
  if (records.length === 0) {
    const uid = live?.metadata.uid;
    if (uid === undefined) return;
    const metadata = { namespace: place.namespace, name: place.name };
    const before = { apiVersion: place.apiVersion, kind: place.kind, metadata };
    await makeChange(client, { object, ...place, action: { type: "delete", uid, before } });
    return;
  }
  const { resourceVersion } = (live?.metadata ?? {}) as { readonly resourceVersion?: string };
  const manifest = {
    apiVersion: place.apiVersion,
    kind: place.kind,
    metadata: { ...recordsName, ...(resourceVersion !== undefined && { resourceVersion }) },
    data: recordsData(records),
  };
  await makeChange(client, { object, ...place, action: { type: "apply", manifest } });
}
