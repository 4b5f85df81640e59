import { objectPath } from "../../lib/kubernetes/api-paths.js";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { object } from "../../lib/kubernetes/object-forms.js";
import { RETROFIT_MANAGER, type RetrofitChange } from "../../operate/retrofit/step.js";
import { onOneLine } from "../../review/document/plain-characters.js";
import type { ApiAnswer, ApiClient, ApiRequest } from "../cluster/api-client.js";
import { JobError } from "../explain.js";
import { messageIn, missingRight, unanswered } from "../verify/cluster-refusal.js";

/** The parts of a change by which its object is written. */
export type Written = Pick<RetrofitChange, "object" | "apiVersion" | "kind" | "namespace" | "name" | "action">;

/** Kinds that a retrofit may delete. None of them is a workload, or has any in it. */
const deletable = ["ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding", "ConfigMap"];

/** The path of the object of a change. */
export function pathOfChange({ apiVersion, kind, namespace, name }: Omit<Written, "action" | "object">): string {
  const [group = "", version] = apiVersion.split("/");
  const type = version === undefined ? { group: "core", version: group, kind } : { group, version, kind };
  return objectPath(type, { name, namespace });
}

/** The object of a change. Undefined where it does not exist. @throws CouldNotLookError when it cannot be read */
export async function readWritten(
  client: ApiClient,
  change: Omit<Written, "action" | "object">,
): Promise<LiveObject | undefined> {
  const answer = await client.send({ path: pathOfChange(change) });
  if (answer.status === 404) return undefined;
  const right = `get ${pathOfChange(change)}`;
  if (answer.status === 403) throw missingRight(client.server, right, messageIn(answer.body));
  const parsed = object.safeParse(answer.body);
  if (answer.status === 200 && parsed.success) return parsed.data;
  throw unanswered(client.server, right, { status: answer.status, body: undefined });
}

/**
 * Dry runs of all changes. Nothing is stored.
 * @throws JobError with all refusals
 */
export async function tryChanges(client: ApiClient, changes: readonly Written[]): Promise<void> {
  const answers = await Promise.all(changes.map((one) => client.send(requestOf(one, true))));
  const refused = changes.flatMap((one, index) => refusalOf(one, answers[index]) ?? []);
  if (refused.length === 0) return;
  throw new JobError(["The API server refuses these changes, so nothing was changed:", ...refused].join("\n"));
}

/** Makes one change. @throws JobError when the API server refuses it: the object has changed since the dry run */
export async function makeChange(client: ApiClient, change: Written): Promise<void> {
  const refusal = refusalOf(change, await client.send(requestOf(change, false)));
  if (refusal === undefined) return;
  throw new JobError(`${refusal}\nThe changes before it are made. Run the command again: it goes on from there.`);
}

function refusalOf({ object: name, action }: Written, answer: ApiAnswer | undefined): string | undefined {
  const { status, body } = answer ?? { status: 0, body: undefined };
  const isGone = action.type === "delete" && status === 404;
  if ((status >= 200 && status < 300) || isGone) return undefined;
  const words = messageIn(body).split("\n", 1)[0] ?? "";
  // The API server answers a failed test with a text that says nothing of it.
  const isTest = action.type === "patch" && status === 422 && /test|rejected our request/i.test(words);
  const reason = isTest ? "it is no longer as it was read: run the command again" : words || `status ${status}`;
  return onOneLine(`${name}: ${reason}`);
}

function requestOf(change: Written, isDryRun: boolean): ApiRequest {
  const { action, kind } = change;
  const parameters = new URLSearchParams({
    fieldManager: RETROFIT_MANAGER,
    ...(isDryRun && { dryRun: "All" }),
  });
  const path = `${pathOfChange(change)}?${parameters}`;
  switch (action.type) {
    case "apply":
      return {
        method: "PATCH",
        path,
        body: action.manifest,
        headers: { "content-type": "application/apply-patch+yaml" },
      };
    case "patch":
      return {
        method: "PATCH",
        path,
        body: action.operations,
        headers: { "content-type": "application/json-patch+json" },
      };
    case "delete": {
      if (!deletable.includes(kind)) throw new Error(`a retrofit deletes no ${kind}`);
      const preconditions = { uid: action.uid };
      const options = { apiVersion: "v1", kind: "DeleteOptions", preconditions, ...(isDryRun && { dryRun: ["All"] }) };
      return { method: "DELETE", path: pathOfChange(change), body: options };
    }
  }
}
