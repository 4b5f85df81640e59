import assert from "node:assert/strict";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import type { Legitimate } from "../legitimate/legitimate.js";
import { type ApiRequest, create, remove } from "../request.js";
import { type Caller, messageOf } from "./caller.js";
import type { TestFleet } from "./test-fleet.js";

/**
 * Whether a request creates an object that can really be created and removed again, because no controller acts on it.
 * Flux's controllers act on objects of Flux at once, and keep them until they have cleaned up.
 */
export function isReal({ request }: Legitimate, { place }: TestFleet): boolean {
  const object = created(request(place));
  return object !== undefined && !object.apiVersion.split("/")[0]?.endsWith(".fluxcd.io");
}

/** Creates the objects of a legitimate request as the team's reconciler, and removes them, whatever the result. */
export async function createForReal(fleet: TestFleet, { first, request }: Legitimate): Promise<void> {
  const { place } = fleet;
  const tenant = await fleet.as("reconciler");
  const object = created(request(place));
  assert.ok(object);
  const made: KubernetesObject[] = [];
  try {
    for (const each of [...(first?.(place) ?? []), named(object)]) {
      await admitted(tenant, each);
      made.push(each);
    }
  } finally {
    for (const each of made.toReversed()) {
      const answer = await tenant.send({ ...remove(each), query: { propagationPolicy: "Background" } });
      assert.ok(answer.ok, messageOf(answer));
    }
  }
}

let count = 0;

/** By a name that no other has had: some objects take a while to go. */
function named(object: KubernetesObject): KubernetesObject {
  count += 1;
  return { ...object, metadata: { ...object.metadata, name: `daily-${count}` } };
}

/** Creates an object; a quota may have to count first what went before it. */
async function admitted(tenant: Caller, object: KubernetesObject): Promise<void> {
  let last = "";
  await waitFor(
    async () => {
      const answer = await tenant.send(create(object));
      last = answer.ok ? "" : messageOf(answer);
      return answer.ok;
    },
    { timeout: 120_000, describe: () => `it is refused: ${last}` },
  );
}

/** The object that a request creates; undefined when it does something else. */
function created({ method, body }: ApiRequest): KubernetesObject | undefined {
  return method === "POST" && body !== undefined ? (body as KubernetesObject) : undefined;
}
