import { groupPath, objectPath, pluralOf } from "../../lib/kubernetes/api-paths.js";
import type { ObjectType } from "../../lib/kubernetes/live-object.js";
import { FLUX_NAMESPACE, STACK_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import type { AccessReview } from "../../operate/access/reviews.js";
import type { DryRun, DryRunAnswer } from "../../operate/verify/admission.js";
import type { ApiClient } from "../cluster/api-client.js";
import { fewAtATime } from "../cluster/few-at-a-time.js";
import { reviewAccess } from "../cluster/review-access.js";
import { CouldNotLookError } from "../exit-code.js";
import { messageIn, missingRight, unanswered } from "./cluster-refusal.js";

/**
 * Makes sure that a cluster is that of a stack, by the label of Flux's namespace.
 * @throws CouldNotLookError when it is another one
 */
export async function requireStackCluster(client: ApiClient, stack: string): Promise<void> {
  const { status, body } = await client.send({ path: `/api/v1/namespaces/${FLUX_NAMESPACE}` });
  if (status === 403) throw missingRight(client.server, `get namespaces/${FLUX_NAMESPACE}`, messageIn(body));
  const { metadata } = Object(body) as { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
  const label = metadata?.labels?.[STACK_LABEL];
  if (status === 200 && label === stack) return;
  if (status !== 200 && status !== 404) throw unanswered(client.server, "get the namespace of Flux", { status, body });
  const whose = status === 404 ? `has no namespace ${FLUX_NAMESPACE}` : `belongs to ${label ?? "no stack"}`;
  const message = `leads to ${client.server}, which ${whose}, and not to the cluster of ${stack}`;
  const fix = `Point it at the cluster of ${stack}; a stack that is not there yet needs pulumi up first`;
  throw new CouldNotLookError([{ file: "environment", path: "KUBECONFIG", message, fix }]);
}

/** The answers to reviews, in their order. @throws CouldNotLookError when the account may not ask */
export async function askReviews(client: ApiClient, reviews: readonly AccessReview[]): Promise<boolean[]> {
  return await fewAtATime(reviews, async ({ user, groups, right: { verb, group, resource, namespace } }) => {
    const resourceAttributes = { verb, group, resource, ...(namespace === undefined ? {} : { namespace }) };
    const { status, body } = await reviewAccess(client, { user, groups, resourceAttributes });
    const answer = reviewAnswer(body);
    // Any other answer is none: it would pass for the refusal that most reviews expect.
    if (typeof answer === "boolean" && status < 300) return answer;
    const refusal = typeof answer === "string" ? { message: answer } : body;
    throw unanswered(client.server, "review the access of an account", { status, body: refusal });
  });
}

/**
 * Whether a review allows its right, or the error of an authorizer. Such an authorizer has not decided: it may allow the
 * right once it answers again. RBAC reports no error here: a role that is missing is a reason.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/subject-access-review-v1/
 */
function reviewAnswer(body: unknown): unknown {
  const { status } = Object(body) as {
    readonly status?: { readonly allowed?: unknown; readonly evaluationError?: unknown };
  };
  const { allowed, evaluationError } = Object(status) as NonNullable<typeof status>;
  const hasError = typeof evaluationError === "string" && evaluationError !== "";
  return allowed === false && hasError ? `an authorizer failed: ${evaluationError}` : allowed;
}

/**
 * The answers to dry runs, in their order. Nothing is stored. Each is sent under the name of its sender: policies let the
 * platform do what they refuse to tenants.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
 * @throws CouldNotLookError when the account may not act for others
 */
export async function askDryRuns(client: ApiClient, runs: readonly DryRun[]): Promise<DryRunAnswer[]> {
  return await fewAtATime(runs, async (run) => {
    const { object, isChange = false } = run;
    const type = typeOf(object);
    const { name, namespace = "" } = object.metadata;
    const collection = `${groupPath(type)}/namespaces/${encodeURIComponent(namespace)}/${pluralOf(type)}`;
    const path = isChange ? objectPath(type, { name, namespace }) : collection;
    const { status, body } = await client.send({
      method: isChange ? "PATCH" : "POST",
      path: `${path}?dryRun=All&fieldManager=fleet-verify`,
      body: object,
      headers: {
        ...senderHeaders(run, namespace),
        ...(isChange ? { "content-type": "application/merge-patch+json" } : {}),
      },
    });
    const message = messageIn(body);
    if (status === 403 && message.includes("cannot impersonate")) {
      throw missingRight(client.server, "impersonate serviceaccounts", message);
    }
    // An overloaded server, or a webhook that does not answer, refuses no violation.
    if (status === 429 || status >= 500) throw unanswered(client.server, "judge a dry run", { status, body });
    return { status, message };
  });
}

function senderHeaders({ sender = "reconciler" }: DryRun, namespace: string): Record<string, string | string[]> {
  if (sender === "caller") return {};
  const user = typeof sender === "object" ? sender.user : `system:serviceaccount:${namespace}:reconciler`;
  const [, , place = ""] = user.split(":");
  const groups = ["system:serviceaccounts", `system:serviceaccounts:${place}`, "system:authenticated"];
  return { "impersonate-user": user, "impersonate-group": groups };
}

function typeOf({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): ObjectType {
  const [group = "", version] = apiVersion.split("/");
  return version === undefined ? { group: "core", version: group, kind } : { group, version, kind };
}
