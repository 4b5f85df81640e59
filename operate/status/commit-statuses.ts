import { z } from "zod";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { resourcesOf } from "../../config/tenant/parts.js";
import type { TenantSpec } from "../../config/tenant/schema.js";
import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { isManagedByFleet, TENANT_LABEL } from "../../lib/kubernetes/ownership-labels.js";
import { onOneLine } from "../../review/document/plain-characters.js";
import { type FluxObject, fluxObject, notReadyReason } from "../flux-object.js";
import { finder } from "./observed-cluster.js";

/** A status that a commit of a tenant should have on GitHub. */
export interface CommitStatus {
  readonly repository: string;
  /** The full id of the commit. */
  readonly commit: string;
  /** Name of the status: `CLUSTER/NAMESPACE/SYNC`, or `CLUSTER/NAMESPACE/SYNC (reason)` beside Flux's own. */
  readonly context: string;
  readonly state: "success" | "failure";
  readonly description: string;
}

/** The most characters of a description. @see https://docs.github.com/rest/commits/statuses */
const longest = 140;

/** The objects of a cluster that commit statuses are made of. */
export interface SyncResults {
  /** Kustomizations. */
  readonly syncs: readonly LiveObject[];
  /** Events of {@link waitingNamespaces}. @default - none could be read */
  readonly events?: readonly LiveObject[];
}

/**
 * The statuses of the commits that the syncs of a stack's tenants tried last, with Flux's own words. A sync that is
 * suspended, or has no result yet, has none; nor has one that a tenant made under the name. Where Flux writes statuses
 * itself, these have a name of their own: Flux gives no reason, and would write its own words again with each attempt.
 */
export function commitStatuses(
  { cluster, tenants }: Pick<FleetSpec, "cluster" | "tenants">,
  { syncs, events = [] }: SyncResults,
): CommitStatus[] {
  const find = finder(syncs);
  return tenants.flatMap((tenant) => {
    const isByFlux = Object.values(tenant.notifications).some(({ type }) => type === "github");
    return resourcesOf(tenant).syncs.flatMap(({ name, namespace, sync: { repository } }) => {
      const live = ownSync(find(namespace, name), tenant);
      const result = live && resultOf(fluxObject.parse(live), eventsOf(tenant, events));
      const context = `${cluster}/${namespace}/${name}${isByFlux ? " (reason)" : ""}`;
      return result === undefined ? [] : [{ repository, context, ...result }];
    });
  });
}

/** A sync, if the platform made it for the tenant. A tenant may make one under a name that is not created yet. */
function ownSync(live: LiveObject | undefined, { name }: Pick<TenantSpec, "name">): LiveObject | undefined {
  const labels = live?.metadata.labels;
  return isManagedByFleet(labels) && labels?.[TENANT_LABEL] === name ? live : undefined;
}

/**
 * Events of a tenant's own namespaces. Flux's reason repeats texts of the tenant's repository, so it may name a namespace of
 * another tenant.
 */
function eventsOf({ namespaces }: TenantSpec, events: readonly LiveObject[]): readonly LiveObject[] {
  return events.filter(({ metadata }) => namespaces.some(({ name }) => name === metadata.namespace));
}

/** The tenants' own namespaces with a workload that a sync waits for: only events say why its pods are refused. */
export function waitingNamespaces({ tenants }: Pick<FleetSpec, "tenants">, syncs: readonly LiveObject[]): string[] {
  const find = finder(syncs);
  const waiting = tenants.flatMap((tenant) =>
    resourcesOf(tenant).syncs.flatMap(({ name, namespace }) => {
      const live = ownSync(find(namespace, name), tenant);
      const reason = live && notReadyReason(fluxObject.parse(live));
      const named = waitedFor.exec(reason ?? "")?.groups?.namespace;
      return named !== undefined && tenant.namespaces.some((one) => one.name === named) ? [named] : [];
    }),
  );
  return [...new Set(waiting)];
}

/**
 * The first workload in Flux's reason of a failed health check: `Deployment/shop/web status: 'InProgress'`. The words before
 * are Flux's own: other reasons repeat texts of the repository.
 */
const waitedFor =
  /^health check failed\b.*?\b(?<kind>Deployment|StatefulSet|DaemonSet|Job)\/(?<namespace>[\w.-]+)\/(?<name>[\w.-]+) status: '/;

const podEvent = z.object({
  reason: z.literal("FailedCreate"),
  message: z.string(),
  lastTimestamp: z.string().nullish(),
  involvedObject: z.object({ namespace: z.string(), name: z.string() }),
});

/** The words of Kubernetes before the reason of an event. */
const beforeReason = /^(?:\(combined from similar events\): )?Error creating: /;

/** The newest refusal of a pod of the workload that a reason names. */
function podRefusal(reason: string, events: readonly LiveObject[]): string | undefined {
  const { kind, namespace, name } = waitedFor.exec(reason)?.groups ?? {};
  const refusals = events
    .flatMap((event) => podEvent.safeParse(event).data ?? [])
    .filter(({ involvedObject: owner }) => {
      // A Deployment's ReplicaSets are named after it.
      return owner.namespace === namespace && (owner.name === name || owner.name.startsWith(`${name}-`));
    });
  const newest = refusals.sort((a, b) => ((a.lastTimestamp ?? "") < (b.lastTimestamp ?? "") ? 1 : -1))[0];
  return newest && `${kind}/${name}: ${onOneLine(newest.message.replace(beforeReason, "").replaceAll(/\s+/g, " "))}`;
}

/** The result of a sync with a commit. Undefined while there is none. */
function resultOf(
  sync: FluxObject,
  events: readonly LiveObject[],
): Omit<CommitStatus, "repository" | "context"> | undefined {
  const { lastAttemptedRevision: tried = "", lastAppliedRevision: applied, conditions } = sync.status;
  const [, commit] = /@sha1:([0-9a-f]{40})$/.exec(tried) ?? [];
  const ready = conditions.find(({ type }) => type === "Ready")?.status;
  if (commit === undefined || sync.spec?.suspend === true) return undefined;
  const reason = notReadyReason(sync);
  if (ready === "True") {
    const isApplied = reason === undefined && applied === tried;
    return isApplied ? { commit, state: "success", description: "applied, and Ready" } : undefined;
  }
  return ready === "False"
    ? { commit, state: "failure", description: shortReason(podRefusal(reason ?? "", events) ?? reason ?? "") }
    : undefined;
}

/** Parts of Flux's reasons that differ at each attempt: the folder of a build, and the length of a health check. */
const attempts = [
  [/\/tmp\/[a-z-]+-\d+(?!\w)/gi, "."],
  [/^health check failed after [\d.hmsnµ]+:/, "health check failed:"],
] as const;

/**
 * A reason within the length of a description, the same for each attempt. Of a refusal by an admission policy, the object and
 * the policy's own words remain: they say what to change.
 */
function shortReason(attempt: string): string {
  const reason = attempts.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), attempt);
  const [, object, words] =
    /^(\S+) dry-run failed.*?: ValidatingAdmissionPolicy '.*?' denied request: (.*)$/.exec(reason) ?? [];
  const text = object === undefined ? reason : `${object}: ${words}`;
  if (text.length <= longest) return text;
  // Half of a character of two units would be none.
  return `${text.slice(0, longest - 1).replace(/\p{Cs}$/u, "")}…`;
}
