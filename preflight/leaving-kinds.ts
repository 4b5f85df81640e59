import { z } from "zod";
import type { Problem } from "../lib/diagnostics/problem.js";
import { type LiveObject, liveIdentity, objectType } from "../lib/kubernetes/live-object.js";
import type { KubernetesObject } from "../lib/kubernetes/object.js";
import { objectList } from "../lib/kubernetes/object-forms.js";
import { shellWord } from "../lib/process/shell-word.js";
import { objectIdentity, type StackState } from "../lib/state/stack-state.js";
import { listPath, metadataList } from "./cluster-kinds.js";
import { ask, type Connection, inOrder } from "./cluster-requests.js";

/** A kind whose definition this update deletes. */
export interface LeavingKind {
  /** Name of the definition: `buckets.source.toolkit.fluxcd.io`. */
  readonly definition: string;
  readonly group: string;
  /** The version in which objects are stored. */
  readonly version: string;
  readonly kind: string;
}

/** The objects of a leaving kind that are not the program's. */
export interface LosingKind extends LeavingKind {
  /** Their places: `team-a/photos`. At least one. */
  readonly objects: readonly string[];
}

const DEFINITION = "CustomResourceDefinition";

const definition = z.object({
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    group: z.string(),
    names: z.object({ kind: z.string() }),
    versions: z.array(z.object({ name: z.string(), storage: z.boolean().default(false) })).min(1),
  }),
});

/**
 * The kinds that the state has and the update does not: another version of Flux lacks them, or the stack has fewer
 * controllers.
 * @param fluxObjects the objects of Flux, hardened
 */
export function leavingKinds(state: StackState, fluxObjects: readonly KubernetesObject[]): LeavingKind[] {
  const kept = new Set(fluxObjects.filter(({ kind }) => kind === DEFINITION).map(({ metadata: { name } }) => name));
  return Object.values(state).flatMap(({ type, outputs }) => {
    if (objectType(type)?.kind !== DEFINITION) return [];
    const { metadata, spec } = definition.parse(outputs);
    if (kept.has(metadata.name)) return [];
    const version = spec.versions.find(({ storage }) => storage) ?? spec.versions[0];
    if (version === undefined) return [];
    return [{ definition: metadata.name, group: spec.group, version: version.name, kind: spec.names.kind }];
  });
}

/**
 * The leaving kinds of which the cluster has objects that the program did not make. One request for each leaving kind, so
 * none in an ordinary update.
 */
export async function findLosingKinds(
  kinds: readonly LeavingKind[],
  state: StackState,
  connection: Connection,
): Promise<LosingKind[]> {
  const own = new Set(Object.values(state).map(({ type, outputs }) => objectIdentity(type, outputs.metadata)));
  const answers = await inOrder(kinds, async (kind) => {
    const list = metadataList(kind);
    const answer = await ask(connection, { kind: list, path: listPath(list), form: objectList });
    const others = (answer?.items ?? []).filter(({ metadata }) => !own.has(liveIdentity(kind, metadata)));
    return { ...kind, objects: others.map(({ metadata }) => placeOf(metadata)).sort() };
  });
  return answers.filter(({ objects }) => objects.length > 0);
}

function placeOf({ namespace, name }: LiveObject["metadata"]): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** As many objects as a message names. */
const most = 5;

/** Kubernetes deletes every object of a kind with its definition, and Flux then removes what the objects had applied. */
export function losingKindProblems({ stack }: { readonly stack: string }, losing: readonly LosingKind[]): Problem[] {
  return losing.map(({ definition, kind, objects }) => {
    const named = objects.slice(0, most).join(", ");
    const more = objects.length > most ? ` and ${objects.length - most} more` : "";
    return {
      file: `Pulumi.${stack}.yaml`,
      path: "fleet:fluxVersion",
      message: `the update deletes the definition ${definition}, which this version of Flux or these controllers do not have, and with it every ${kind} of the cluster: ${named}${more}`,
      fix: `Remove the objects from Git first, or keep the version and the controllers that have the kind: kubectl get ${shellWord(definition)} --all-namespaces`,
    };
  });
}
