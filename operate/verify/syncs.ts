import { z } from "zod";
import { fluxCliKinds } from "../../lib/kubernetes/flux-cli-kind.js";
import type { LiveObject, LiveObjects } from "../../lib/kubernetes/live-object.js";
import { shellWord } from "../../lib/process/shell-word.js";
import { type Finding, type FindingKind, finding } from "./finding.js";
import { objectText, type PlannedObject } from "./planned-objects.js";

const condition = z.object({
  type: z.string(),
  status: z.string(),
  message: z.string().optional(),
  observedGeneration: z.number().optional(),
});

/** The status of an object of Flux, as far as it says what was fetched and applied. */
const reported = z.object({
  status: z
    .object({
      conditions: z.array(condition).default([]),
      artifact: z.object({ revision: z.string().optional() }).nullish(),
      lastAppliedRevision: z.string().optional(),
    })
    .nullish(),
});

/** Kinds of Flux whose controllers report Ready. Alerts and Providers report nothing since Flux 2.3. */
const reporting = ["GitRepository", "OCIRepository", "Bucket", "HelmChart", "Kustomization", "HelmRelease", "Receiver"];

/** The newest commits of branches on GitHub, by `NAMESPACE/SOURCE` of the GitRepository that follows each. */
export type BranchHeads = ReadonlyMap<string, string>;

/**
 * The syncs and sources of a plan that are not Ready at the newest commit. Those that a file suspends are left out.
 * @param heads the newest commits @default - GitHub was not asked, and the newest fetched revision counts
 */
export function findLateSyncs(
  planned: readonly PlannedObject[],
  live: LiveObjects,
  heads: BranchHeads = new Map(),
): Finding[] {
  return planned.flatMap((object) => {
    const found = live.get(object.identity);
    if (!isRunning(object) || found === undefined) return [];
    const reason = notReady(found);
    if (reason !== undefined) return [lateFinding("sync-not-ready", object, `is not Ready: ${reason}`)];
    return behind(object, found, planned, live, heads).map((text) => lateFinding("sync-behind", object, text));
  });
}

/** A suspended object is one finding, and its stale status no further one. */
function isRunning({ group, kind, fields }: PlannedObject): boolean {
  const { suspend = false } = (fields.spec ?? {}) as { readonly suspend?: boolean };
  return group.endsWith(".toolkit.fluxcd.io") && reporting.includes(kind) && !suspend;
}

function notReady(object: LiveObject): string | undefined {
  if ((object.spec as { readonly suspend?: boolean } | undefined)?.suspend === true) return undefined;
  const { conditions } = statusOf(object);
  const ready = conditions.find(({ type }) => type === "Ready");
  if (ready === undefined) return "it has no Ready condition";
  if (ready.status !== "True") return (ready.message ?? ready.status).replaceAll(/\s+/g, " ").slice(0, 300);
  const isLatest = (ready.observedGeneration ?? 0) >= (object.metadata.generation ?? 0);
  return isLatest ? undefined : "its controller has not observed the newest change";
}

function behind(
  { kind, metadata, fields }: PlannedObject,
  found: LiveObject,
  planned: readonly PlannedObject[],
  live: LiveObjects,
  heads: BranchHeads,
): string[] {
  const { artifact, lastAppliedRevision: applied = "nothing" } = statusOf(found);
  if (kind === "GitRepository") {
    const head = heads.get(`${metadata.namespace}/${metadata.name}`);
    const fetched = artifact?.revision ?? "nothing";
    return head === undefined || fetched.endsWith(head) ? [] : [`has fetched ${fetched}, and the branch is at ${head}`];
  }
  if (kind !== "Kustomization") return [];
  const { sourceRef } = fields.spec as { readonly sourceRef: { readonly kind: string; readonly name: string } };
  const source = planned.find((one) => {
    return (
      one.kind === sourceRef.kind &&
      one.metadata.name === sourceRef.name &&
      one.metadata.namespace === metadata.namespace
    );
  });
  const newest = source && statusOf(live.get(source.identity)).artifact?.revision;
  return newest === undefined || newest === applied ? [] : [`has applied ${applied}, and its source is at ${newest}`];
}

/** @throws ZodError for a status of another form, which the command reports as one that it could not look at */
function statusOf(object: LiveObject | undefined) {
  return reported.parse(object ?? {}).status ?? { conditions: [] };
}

function lateFinding(kind: FindingKind, object: PlannedObject, difference: string): Finding {
  const { namespace = "", name } = object.metadata;
  const what = fluxCliKinds[object.kind] ?? object.kind.toLowerCase();
  const fix = `flux --namespace ${shellWord(namespace)} reconcile ${what} ${shellWord(name)}`;
  return finding(kind, { object: objectText(object), owner: object.owner, difference, fix });
}
