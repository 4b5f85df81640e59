import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import type { AppliedObject } from "../../operate/retrofit/inventory.js";
import { releaseObjects, storedRelease } from "../../operate/retrofit/stored-release.js";
import type { ApiClient } from "../cluster/api-client.js";
import { messageIn, missingRight, unanswered } from "../verify/cluster-refusal.js";

/** The objects that a sync has applied. */
export interface ReleaseContent {
  readonly objects: readonly AppliedObject[];
  /** Namespace of a release's Secrets. @default - the sync is no HelmRelease */
  readonly storage?: string;
  /** Why the objects are not known. @default - they are */
  readonly unknown?: string;
}

/**
 * The objects of a HelmRelease: its inventory, or the manifest that Helm stored, for older controllers.
 * @throws CouldNotLookError when the Secret may not be read
 */
export async function readRelease(
  client: ApiClient,
  release: LiveObject,
  inventory: readonly AppliedObject[] | undefined,
): Promise<ReleaseContent> {
  const { storage, secret, namespace = "" } = storedRelease(release);
  if (inventory !== undefined || secret === undefined) return { objects: inventory ?? [], storage };
  const right = `get secrets/${secret} --namespace ${storage}`;
  const path = `/api/v1/namespaces/${encodeURIComponent(storage)}/secrets/${encodeURIComponent(secret)}`;
  const answer = await client.send({ path });
  if (answer.status === 403) throw missingRight(client.server, right, messageIn(answer.body));
  const unknown = (reason: string) => ({
    objects: [],
    storage,
    unknown: `Helm's Secret ${storage}/${secret} ${reason}`,
  });
  if (answer.status === 404) return unknown("does not exist");
  // The answer may have values of the release, so it is not repeated.
  if (answer.status !== 200) throw unanswered(client.server, right, { status: answer.status, body: undefined });
  const objects = releaseObjects(answer.body, namespace);
  return objects === undefined ? unknown("has another form than Helm writes") : { objects, storage };
}
