import { waitUntil } from "@fleet/sandbox/process/readiness";
import { CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import { z } from "zod";
import { messageOf } from "../../lib/diagnostics/problem.js";
import { type FluxObject, fluxObject, notReadyReason } from "../../operate/flux-object.js";
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

/** The kinds of a tenant's sync, in the order in which they become Ready. */
const kinds = [
  { kind: "GitRepository", group: "source.toolkit.fluxcd.io", version: "v1", plural: "gitrepositories" },
  { kind: "Kustomization", group: "kustomize.toolkit.fluxcd.io", version: "v1", plural: "kustomizations" },
] as const;

/**
 * Waits until every tenant's GitRepository and Kustomization is Ready in its latest generation.
 * @param args.kubeconfig path of a kubeconfig that may read Flux's objects in the tenants' namespaces
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
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = config.makeApiClient(CustomObjectsApi);
  let syncs: readonly TenantSync[] = [];
  let lastLine = "";
  const poll = async (): Promise<boolean> => {
    syncs = await Promise.all(tenants.map((tenant) => readTenantSync(api, tenant)));
    const line = progressLine(syncs);
    if (line !== lastLine) onProgress(line);
    lastLine = line;
    return syncs.every(({ ready }) => ready);
  };
  try {
    await waitUntil(poll, { what: "The tenants' syncs", timeout, interval: 500 });
  } catch (error) {
    throw new JobError(failureMessage(syncs, timeout, error));
  }
  return syncs;
}

/** Reads the state of a tenant's primary sync. */
async function readTenantSync(api: CustomObjectsApi, tenant: TenantLocation): Promise<TenantSync> {
  const { name, namespace } = tenant;
  const objects = await Promise.all(
    kinds.map(async ({ kind, ...where }) => {
      const list: unknown = await api.listNamespacedCustomObject({ ...where, namespace });
      const { items } = z.object({ items: z.array(fluxObject) }).parse(list);
      return { kind, object: items.find(({ metadata }) => metadata.name === name) };
    }),
  );
  return tenantSync(tenant, objects);
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
