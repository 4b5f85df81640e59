import { z } from "zod";
import { fleetError, messageOf } from "../lib/diagnostics/problem.js";
import { groupPath, pluralOf } from "../lib/kubernetes/api-paths.js";
import { objectList } from "../lib/kubernetes/object-forms.js";
import { type ApiServer, get, type Representation, StatusError } from "./api-server.js";
import type { KindList } from "./cluster-kinds.js";

/** The API server, and the limits of all requests together. */
export interface Connection {
  readonly server: ApiServer;
  /** Ends all requests. */
  readonly signal: AbortSignal;
  /** Their limit, for a message: `within 30 s`. */
  readonly limit: string;
  /** Plurals of the optional kinds that the account may not read. Requests add to it. */
  readonly refused: Set<string>;
}

/** A request, and the kind that it asks for. */
export interface Question<Answer> {
  readonly kind: KindList;
  readonly path: string;
  readonly form: z.ZodType<Answer>;
}

/**
 * The answer to one request. Undefined when the cluster has no such object, or does not know its kind.
 * @throws FleetError with the cluster's address and the reason
 */
export async function ask<Answer>(connection: Connection, question: Question<Answer>): Promise<Answer | undefined> {
  const { server, signal, limit } = connection;
  const { kind, path, form } = question;
  const plural = pluralOf(kind);
  try {
    return form.parse(await get(server, path, signal, representationOf(question)));
  } catch (error) {
    const status = error instanceof StatusError ? error.status : undefined;
    if (status === 404 && plural !== "namespaces") return undefined;
    if (status === 403 && (await isUnknown(connection, kind))) return undefined;
    if (status === 403 && kind.isOptional) {
      connection.refused.add(plural);
      return undefined;
    }
    const reason = signal.aborted ? `there was no complete answer ${limit}` : reasonOf(error);
    const message = `the cluster at ${server.url} did not list its ${plural}: ${reason}`;
    const fix = `Check the file, its current context, the network, and that its user may list ${plural}: kubectl get ${plural}`;
    throw fleetError("environment", "KUBECONFIG", message, fix);
  }
}

function representationOf<Answer>({ kind, form }: Question<Answer>): Representation {
  if (!kind.metadataOnly) return undefined;
  return Object.is(form, objectList) ? "PartialObjectMetadataList" : "PartialObjectMetadata";
}

/**
 * Whether the cluster does not know a kind. Kubernetes decides about rights first, so it refuses an account a kind that
 * does not exist. Every account may ask for the kinds of a group.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles
 */
async function isUnknown({ server, signal }: Connection, kind: KindList): Promise<boolean> {
  if (kind.group === "core") return false;
  try {
    const { resources } = discovered.parse(await get(server, groupPath(kind), signal));
    return resources.every(({ name }) => name !== pluralOf(kind));
  } catch (error) {
    return error instanceof StatusError && error.status === 404;
  }
}

const discovered = z.object({ resources: z.array(z.object({ name: z.string() })) });

/** The first line. An answer that is no list is not repeated: it may contain secrets. */
function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError || error instanceof SyntaxError) {
    return "the answer is not that of a Kubernetes API server";
  }
  return messageOf(error).split("\n", 1)[0] ?? "";
}

/** Asks all questions at once. @throws the error of the first one in the order of the questions */
export async function inOrder<Question, Answer>(
  questions: readonly Question[],
  answer: (question: Question) => Promise<Answer>,
): Promise<Answer[]> {
  const settled = await Promise.allSettled(questions.map(answer));
  return settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}
