import { waitUntil } from "@fleet/sandbox/process/readiness";
import { messageOf } from "../../lib/diagnostics/problem.js";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { type FluxObject, fluxObject, notReadyReason } from "../../operate/flux-object.js";
import { lastOutcomes } from "../../operate/last-outcome.js";
import { connectCurrent } from "../cluster/connect.js";
import { type ReadListArgs, requireList } from "../cluster/read-list.js";
import { JobError } from "../explain.js";

/** A tenant, as in the stack's outputs. */
export interface TenantLocation {
  readonly name: string;
  readonly namespace: string;
  /** URL from which the cluster clones. */
  readonly repository: string;
}

/** The state of a tenant's sync. */
export interface TenantSync extends TenantLocation {
  readonly ready: boolean;
  /** The last applied revision: `main@sha1:…`. @default - none yet */
  readonly revision?: string | undefined;
  /** Objects that are not Ready, each with its own message. */
  readonly notReady: readonly string[];
}

/** The lists of the tenants' syncs, of all namespaces: two requests, whatever the number of tenants. */
const lists = {
  GitRepository: { group: "source.toolkit.fluxcd.io", version: "v1", kind: "GitRepository" },
  Kustomization: { group: "kustomize.toolkit.fluxcd.io", version: "v1", kind: "Kustomization" },
} as const satisfies Readonly<Record<string, ReadListArgs>>;

/** Milliseconds for the login, and for each answer. */
const limits = { answerMs: 30_000, loginMs: 60_000 };

/**
 * Waits until every tenant's GitRepository and Kustomization is Ready in its latest generation.
 * @param args.kubeconfig path of a kubeconfig that may read Flux's objects in all namespaces
 * @param args.timeout ms after which a sync that is not Ready is an error
 * @param args.onProgress called with the number of Ready tenants when it changes
 * @throws JobError with each object that is not Ready, and its own message
 */
export async function waitForTenantSyncs(args: {
  readonly kubeconfig: string;
  readonly tenants: readonly TenantLocation[];
  readonly timeout: number;
  readonly onProgress: (line: string) => void;
}): Promise<readonly TenantSync[]> {
  const { kubeconfig, tenants, timeout, onProgress } = args;
  const client = await connectCurrent({ ...process.env, KUBECONFIG: kubeconfig }, limits);
  const outcomes = lastOutcomes();
  let syncs: readonly TenantSync[] = [];
  let lastLine = "";
  const poll = async (): Promise<boolean> => {
    const [sources, kustomizations] = await Promise.all([
      requireList(client, lists.GitRepository),
      requireList(client, lists.Kustomization),
    ]);
    const found = { GitRepository: sources, Kustomization: outcomes(kustomizations) };
    syncs = tenants.map((tenant) => tenantSync(tenant, syncObjects(found, tenant)));
    const line = progressLine(syncs);
    if (line !== lastLine) onProgress(line);
    lastLine = line;
    return syncs.every(({ ready }) => ready);
  };
  try {
    await waitUntil(poll, { what: "The tenants' syncs", timeout, interval: 500 });
  } catch (error) {
    throw new JobError(failureMessage(syncs, timeout, error));
  } finally {
    client.end();
  }
  return syncs;
}

/** The state of a tenant's primary sync, by its objects: the source, then the Kustomization. */
export function tenantSync(
  tenant: TenantLocation,
  objects: readonly { readonly kind: string; readonly object: FluxObject | undefined }[],
): TenantSync {
  const { name, namespace } = tenant;
  const last = objects.at(-1)?.object;
  const revision = last?.status.lastAppliedRevision;
  const notReady = objects.flatMap(({ kind, object }) => {
    // A controller of Flux writes its conditions first, and the revision a moment later.
    const unapplied = object === last && revision === undefined ? "has applied no revision yet" : undefined;
    const reason = notReadyReason(object) ?? unapplied;
    return reason === undefined ? [] : [`${kind} ${namespace}/${name}: ${reason}`];
  });
  return { ...tenant, ready: notReady.length === 0, revision, notReady };
}

/** The objects of a tenant's primary sync. The kinds become Ready in this order. */
function syncObjects(
  found: Readonly<Record<keyof typeof lists, readonly LiveObject[]>>,
  { name, namespace }: TenantLocation,
) {
  return (["GitRepository", "Kustomization"] as const).map((kind) => {
    const live = found[kind].find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
    return { kind, object: live && fluxObject.parse(live) };
  });
}

function progressLine(syncs: readonly TenantSync[]): string {
  const waiting = syncs.filter(({ ready }) => !ready).map(({ name }) => name);
  const count = `${syncs.length - waiting.length} of ${syncs.length} tenants Ready`;
  return waiting.length === 0 ? count : `${count}; waiting for ${waiting.join(", ")}`;
}

/** The message about all objects that are not Ready, each with its own message. */
export function failureMessage(syncs: readonly TenantSync[], timeout: number, error: unknown): string {
  const notReady = syncs.flatMap((sync) => sync.notReady);
  const details = notReady.length === 0 ? [messageOf(error)] : notReady;
  return [
    `Not every tenant's sync was Ready within ${timeout / 1000} s:`,
    ...details.map((detail) => `  - ${detail}`),
    "What to do: correct the reported errors. The controllers' logs: kubectl --namespace flux-system logs deployment/NAME",
  ].join("\n");
}
