import { z } from "zod";
import { groupPath } from "../../lib/kubernetes/api-paths.js";
import type { AppliedObject } from "../../operate/retrofit/inventory.js";
import { type KnownResources, kindKey } from "../../operate/retrofit/rights.js";
import type { ApiClient } from "../cluster/api-client.js";
import { unanswered } from "../verify/cluster-refusal.js";

const resources = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});

/**
 * The names of kinds in the API's paths, by one request for each version of a group. A kind that the cluster does not
 * serve is absent.
 * @throws CouldNotLookError without the answer of an API server
 */
export async function discoverResources(
  client: ApiClient,
  objects: readonly Pick<AppliedObject, "group" | "version">[],
): Promise<KnownResources> {
  const versions = new Map(objects.map(({ group, version }) => [`${group}/${version}`, { group, version }]));
  const found = await Promise.all(
    [...versions.values()].map(async ({ group, version }) => {
      const answer = await client.send({ path: groupPath({ group: group || "core", version, kind: "" }) });
      if (answer.status === 404) return [];
      const parsed = resources.safeParse(answer.body);
      if (answer.status !== 200 || !parsed.success) throw unanswered(client.server, "list its kinds", answer);
      return parsed.data.resources
        .filter(({ name }) => !name.includes("/"))
        .map(({ name, kind, namespaced }) => {
          return [kindKey({ group, version, kind }), { plural: name, isNamespaced: namespaced }] as const;
        });
    }),
  );
  return new Map(found.flat());
}
