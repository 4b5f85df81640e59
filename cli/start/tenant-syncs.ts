import { waitUntil } from "@fleet/sandbox/process/readiness";
import { CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import { z } from "zod";
import { messageOf } from "../../lib/diagnostics/message-of.js";
import { JobError } from "./job-error.js";

const condition = z.object({
  type: z.string(),
  status: z.string(),
  message: z.string().default(""),
  observedGeneration: z.number().optional(),
});

const fluxObject = z.object({
  metadata: z.object({ name: z.string(), generation: z.number().optional() }),
  status: z
    .object({ conditions: z.array(condition).default([]), lastAppliedRevision: z.string().optional() })
    .default({ conditions: [] }),
});
type FluxObject = z.infer<typeof fluxObject>;

/** A tenant, as the stack's outputs name it. */
export interface TenantPlace {
  readonly name: string;
  readonly namespace: string;
  /** URL from which the cluster clones. */
  readonly repository: string;
}

/** Where the sync of a tenant is. */
export interface TenantSync extends TenantPlace {
  readonly ready: boolean;
  /** What was applied last: `main@sha1:…`. @default - nothing yet */
  readonly revision?: string;
  /** Objects that are not Ready, with what they say themselves. */
  readonly complaints: readonly string[];
}

/** Flux's kinds that make up a tenant's sync, in the order in which they become Ready. */
const kinds = [
  { kind: "GitRepository", group: "source.toolkit.fluxcd.io", version: "v1", plural: "gitrepositories" },
  { kind: "Kustomization", group: "kustomize.toolkit.fluxcd.io", version: "v1", plural: "kustomizations" },
] as const;

/** Whose syncs are waited for, where, and for how long. */
export interface SyncsOptions {
  /** Path of a kubeconfig that may read Flux's objects in the tenants' namespaces. */
  readonly kubeconfig: string;
  /** Where each tenant's sync is. */
  readonly tenants: readonly TenantPlace[];
  /** ms until it is an error that one is not Ready. */
  readonly timeout: number;
  /** Told how many are Ready, when that changes. */
  readonly onProgress: (line: string) => void;
}

/**
 * Waits until every tenant's GitRepository and Kustomization is Ready for what Git and its own definition say now.
 * @throws JobError that names each object that is not, in its own words
 */
export async function waitForTenantSyncs(options: SyncsOptions): Promise<TenantSync[]> {
  const { kubeconfig, tenants, timeout, onProgress } = options;
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = config.makeApiClient(CustomObjectsApi);
  let syncs: TenantSync[] = [];
  let told = "";
  const look = async (): Promise<boolean> => {
    syncs = await Promise.all(tenants.map((tenant) => syncOf(api, tenant)));
    const line = progressLine(syncs);
    if (line !== told) onProgress(line);
    told = line;
    return syncs.every(({ ready }) => ready);
  };
  try {
    await waitUntil(look, { what: "The tenants' syncs", timeout, interval: 500 });
  } catch (error) {
    throw new JobError(failureMessage(syncs, timeout, error));
  }
  return syncs;
}

async function syncOf(api: CustomObjectsApi, tenant: TenantPlace): Promise<TenantSync> {
  const objects = await Promise.all(
    kinds.map(async ({ kind, ...where }) => {
      const list: unknown = await api.listNamespacedCustomObject({ ...where, namespace: tenant.namespace });
      const items = z.object({ items: z.array(fluxObject) }).parse(list).items;
      return { kind, object: items.find(({ metadata }) => metadata.name === tenant.name) };
    }),
  );
  const complaints = objects.flatMap(({ kind, object }) => {
    const complaint = complaintOf(object);
    return complaint === undefined ? [] : [`${kind} ${tenant.namespace}/${tenant.name}: ${complaint}`];
  });
  const revision = objects.find(({ kind }) => kind === "Kustomization")?.object?.status.lastAppliedRevision;
  return { ...tenant, ready: complaints.length === 0, complaints, ...(revision === undefined ? {} : { revision }) };
}

/** Why an object is not Ready; nothing when it is. */
export function complaintOf(object: FluxObject | undefined): string | undefined {
  if (object === undefined) return "it does not exist";
  const ready = object.status.conditions.find(({ type }) => type === "Ready");
  if (ready === undefined) return "its controller has not said anything yet";
  if (ready.status !== "True") return ready.message || `Ready is ${ready.status}`;
  // What it says is about an older definition of itself.
  if ((ready.observedGeneration ?? 0) < (object.metadata.generation ?? 0)) return "its last change was not seen yet";
  return undefined;
}

function progressLine(syncs: readonly TenantSync[]): string {
  const waiting = syncs.filter(({ ready }) => !ready).map(({ name }) => name);
  const count = `${syncs.length - waiting.length} of ${syncs.length} tenants Ready`;
  return waiting.length === 0 ? count : `${count}; waiting for ${waiting.join(", ")}`;
}

/** Every object that is not Ready, each in its own words. */
export function failureMessage(syncs: readonly TenantSync[], timeout: number, error: unknown): string {
  const complaints = syncs.flatMap((sync) => sync.complaints);
  const details = complaints.length === 0 ? [messageOf(error)] : complaints;
  return [
    `Not every tenant's sync was Ready within ${timeout / 1000} s:`,
    ...details.map((detail) => `  - ${detail}`),
    "What to do: put right what they say; the controllers' own logs: kubectl --namespace flux-system logs deployment/NAME",
  ].join("\n");
}
