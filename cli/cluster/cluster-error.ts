import type { z } from "zod";

/** A cluster did not answer a request, or refused it. The message says why, in a clause. */
export class ClusterError extends Error {
  override readonly name = "ClusterError";

  /** @param status of the answer. Undefined for no answer */
  constructor(
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }
}

/** The error of an answer in another form than that of Kubernetes. Such an answer is not repeated: it may contain secrets. */
export const foreignAnswer = "the answer is not that of a Kubernetes API server";

/** The problem of an object whose fields have another form than this version knows. Values may be secret, so none is repeated. */
export function unknownForm({ issues }: z.ZodError): string {
  return `an object has a form that this version does not know: ${issues[0]?.path.join(".") ?? ""}`;
}

/** The error of credentials that a cluster refused. */
export function refusedCredentials(): ClusterError {
  return new ClusterError("it refused the credentials (HTTP status 401): they may have expired, so log in again", 401);
}
