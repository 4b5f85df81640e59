import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import type { Condition } from "../../support/e2e/flux-objects.js";
import { type Reference, reference } from "../../support/objects/object.js";
import type { Attempt, Counted, Credential, Deployed, Pushed, Sent, Synced } from "../attack.js";
import { apply, change, create, objectPath } from "../request.js";
import { type Caller, messageOf } from "./caller.js";
import type { TestFleet } from "./test-fleet.js";

/**
 * The result of an attack: the message that the tenant reads when it is refused, undefined when it succeeded, and empty
 * while the result is not known.
 */
export type Outcome = string | undefined;

/** Looks how it stands; the first look starts the attack. */
export type Look = () => Promise<Outcome>;

/** Begins to carry out an attack. @param by who sends it, when it is a request */
export async function carryOut(fleet: TestFleet, attempt: Attempt, by: Credential): Promise<Look> {
  switch (attempt.kind) {
    case "request":
      return () => request(fleet, attempt, by);
    case "sync":
      return () => sync(fleet, attempt);
    case "deployment":
      await restart(fleet, attempt);
      return () => deployment(fleet, attempt);
    case "push":
      return push(fleet, attempt);
    case "git":
      return () => fleet.keys.use(attempt);
    case "alert":
      return async () => fleet.notifications.hear(await fleet.as("reconciler"));
    case "receiver":
      return async () => fleet.notifications.receive(await fleet.as("reconciler"));
  }
}

async function request(fleet: TestFleet, { request, first = [], counted }: Sent, by: Credential): Promise<Outcome> {
  const caller = await fleet.as(by);
  const tenant = await fleet.as("reconciler");
  let made = 0;
  for (const object of first) {
    if ((await read(fleet.admin, object)) !== undefined) continue;
    const answer = await tenant.send(create(object));
    if (!answer.ok) return messageOf(answer);
    made += 1;
  }
  // A recount of Kubernetes' own may fall into the middle, see fewer than there are and overwrite the number; the next one
  // is right.
  if (made > 0 || (counted && (await countOf(fleet, counted)) < first.length)) return "";
  const answer = await caller.send(request, true);
  return answer.ok ? undefined : messageOf(answer);
}

/** How many a quota has counted; infinite once it counts no such thing any more. */
async function countOf({ admin, place }: TestFleet, { quota, resource }: Counted): Promise<number> {
  const object = await read(admin, reference("ResourceQuota", { name: quota, namespace: place.namespace }));
  const { used = {} } = (object?.status ?? {}) as { used?: Readonly<Record<string, string>> };
  return Number(used[resource] ?? Number.POSITIVE_INFINITY);
}

async function sync(fleet: TestFleet, { object, beside = [], evidence }: Synced): Promise<Outcome> {
  const tenant = await fleet.as("reconciler");
  const there = await read(fleet.admin, object);
  if (there === undefined) {
    for (const each of [...beside, object]) {
      const answer = await tenant.send(apply(each));
      if (!answer.ok) return messageOf(answer);
    }
    return "";
  }
  const condition = readyOf(there);
  const arrived =
    evidence === "trace"
      ? existsSync(fleet.place.trace)
      : evidence === "ready"
        ? condition?.status === "True"
        : evidence === "secretFile"
          ? fleet.exfiltrationServer.hasIt
          : (await read(fleet.admin, evidence)) !== undefined;
  if (arrived) return undefined;
  if (condition?.status !== "False") return "";
  // So that it need not be waited for the next interval.
  const annotations = { "reconcile.fluxcd.io/requestedAt": new Date().toISOString() };
  await fleet.admin.send(change(object, { metadata: { annotations } }));
  return condition.message;
}

async function deployment(fleet: TestFleet, { object }: Deployed): Promise<Outcome> {
  const there = await read(fleet.admin, object);
  if (there === undefined) {
    const answer = await (await fleet.as("reconciler")).send(apply(object));
    return answer.ok ? "" : messageOf(answer);
  }
  const { availableReplicas = 0, conditions = [] } = there.status as {
    availableReplicas?: number;
    conditions?: readonly Condition[];
  };
  if (availableReplicas > 0) return undefined;
  return conditions.find(({ type }) => type === "ReplicaFailure")?.message ?? "";
}

/** Has the Deployment's pods made now, if it is there: where that has failed, Kubernetes waits longer each time. */
async function restart(fleet: TestFleet, { object }: Deployed): Promise<void> {
  if ((await read(fleet.admin, object)) === undefined) return;
  const annotations = { "kubectl.kubernetes.io/restartedAt": new Date().toISOString() };
  const patch = change(object, { spec: { template: { metadata: { annotations } } } });
  const answer = await (await fleet.as("reconciler")).send(patch);
  assert.ok(answer.ok, messageOf(answer));
}

/** A push is there for one time only: what comes next replaces it. */
async function push(fleet: TestFleet, { object }: Pushed): Promise<Look> {
  const { tenant } = fleet;
  // The same manifest may be pushed before and after a control is taken away.
  await tenant.clone.write({ "pushed-at": new Date().toISOString() });
  const commit = await tenant.push(object);
  return async () => {
    const there = await read(fleet.admin, object);
    if (there !== undefined && holds(there.spec, object.spec)) return undefined;
    const root = await tenant.flux.get(tenant.sync);
    const condition = root.status?.conditions?.find(({ type }) => type === "Ready");
    const ofThisPush = root.status?.lastAttemptedRevision?.endsWith(commit) === true;
    return ofThisPush && condition?.status === "False" ? condition.message : "";
  };
}

/** Whether an object's spec has all that another says. */
function holds(there: unknown, wanted: unknown): boolean {
  return Object.entries((wanted ?? {}) as object).every(([field, value]) => {
    const found = ((there ?? {}) as Readonly<Record<string, unknown>>)[field];
    return typeof value === "object" ? holds(found, value) : found === value;
  });
}

interface LiveObject extends KubernetesObject {
  readonly status?: unknown;
  readonly spec?: unknown;
}

/** An object as it is; undefined when there is none. */
async function read(admin: Caller, reference: Reference): Promise<LiveObject | undefined> {
  const { ok, status, body } = await admin.send({ method: "GET", path: objectPath(reference) });
  if (ok) return body as unknown as LiveObject;
  assert.equal(status, 404, JSON.stringify(body));
  return undefined;
}

/** The Ready condition, when it is about the object as it is now. */
function readyOf(object: LiveObject): Condition | undefined {
  const { conditions = [] } = (object.status ?? {}) as { conditions?: readonly Condition[] };
  const ready = conditions.find(({ type }) => type === "Ready");
  return ready?.observedGeneration === object.metadata.generation ? ready : undefined;
}
