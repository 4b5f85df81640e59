import { messageIn, missingRight } from "../verify/cluster-refusal.js";
import type { ApiClient } from "./api-client.js";

/**
 * Asks a cluster whether an account has a right.
 * @param spec of the SubjectAccessReview
 * @returns the answer, which may be an error of another kind
 * @throws CouldNotLookError when the account of the client may not ask
 */
export async function reviewAccess(client: ApiClient, spec: Readonly<Record<string, unknown>>) {
  const { status, body } = await client.send({
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/subjectaccessreviews",
    body: { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec },
  });
  if (status === 403) {
    throw missingRight(client.server, "create subjectaccessreviews.authorization.k8s.io", messageIn(body));
  }
  return { status, body };
}
