import { z } from "zod";
import { placeOf } from "./audited-cluster.js";
import { accountHolder, EscalationSearch } from "./escalation.js";
import { type AuditFinding, auditFinding } from "./finding.js";
import type { FluxController } from "./flux-controllers.js";
import { type Account, type Grant, subjectKey } from "./grants.js";
import { accountPatch } from "./judge-sync-accounts.js";
import { deletion } from "./patch.js";
import type { AuditedSync } from "./syncs.js";

/**
 * The ways from a tenant to the whole cluster. Tenants are the writers of the content of syncs outside of Flux's namespace, and
 * people and groups with rights in such a namespace.
 */
export function judgeEscalations(
  grants: readonly Grant[],
  controllers: readonly FluxController[],
  syncs: readonly AuditedSync[],
): AuditFinding[] {
  const search = new EscalationSearch(grants, controllers);
  const ofTenants = syncs.filter(({ isPlatform, isRemote }) => !isPlatform && !isRemote);
  return [
    ...ofTenants.flatMap((sync) => fromSync(sync, search, controllers)),
    ...fromPeople(grants, search, new Set(controllers.map(({ namespace }) => namespace))),
  ];
}

function fromSync(sync: AuditedSync, search: EscalationSearch, controllers: readonly FluxController[]): AuditFinding[] {
  const account = applierOf(sync, controllers);
  const found = account && search.find(accountHolder(account));
  if (account === undefined || found === undefined) return [];
  const place = `${sync.kind} ${placeOf(sync)}`;
  const why = sync.named === undefined ? "names no service account, so it is applied" : "is applied";
  const steps = [
    `the writers of ${contentOf(sync)} decide the content of ${place}`,
    `${place} ${why} as ${placeOf(account)}`,
    ...found.steps,
  ];
  const fix = sync.applier === undefined ? accountPatch(sync) : deletion(found.last.binding);
  return [auditFinding("escalation-path", sync, { severity: "high", detail: detailOf(found.steps), steps, fix })];
}

/** The account that applies a sync. Undefined where no controller would. */
function applierOf(
  { namespace, applier, controller }: AuditedSync,
  controllers: readonly FluxController[],
): Account | undefined {
  if (applier !== undefined) return { namespace, name: applier };
  const own = controllers.find(({ component }) => component === controller);
  return own && { namespace: own.namespace, name: own.account };
}

const reference = z.object({ kind: z.string(), name: z.string(), namespace: z.string().optional() }).optional();
const content = z.object({
  sourceRef: reference,
  chartRef: reference,
  chart: z.object({ spec: z.object({ sourceRef: reference }).optional() }).optional(),
});

function contentOf({ object, namespace }: AuditedSync): string {
  const { sourceRef, chartRef, chart } = content.parse(object.spec ?? {});
  const found = sourceRef ?? chartRef ?? chart?.spec?.sourceRef;
  return found === undefined ? "its source" : `${found.kind} ${placeOf({ namespace, ...found })}`;
}

/** People who hold all rights already are administrators, so only ways with a further step count. */
function fromPeople(grants: readonly Grant[], search: EscalationSearch, ofFlux: ReadonlySet<string>): AuditFinding[] {
  const found = new Map<string, AuditFinding>();
  for (const { binding, role, namespace, subjects } of grants) {
    if (namespace === undefined || ofFlux.has(namespace)) continue;
    for (const subject of subjects) {
      const key = subjectKey(subject);
      if (subject.kind === "ServiceAccount" || subject.name.startsWith("system:") || found.has(key)) continue;
      const escalation = search.find({ text: `the ${key}`, keys: [key, "Group system:authenticated"] });
      if (escalation === undefined || escalation.steps.length === 1) continue;
      const steps = [`${binding.kind} ${placeOf(binding.object.metadata)} gives the ${key} the ${role}`];
      const detail = detailOf(escalation.steps);
      const fix = deletion(escalation.last.binding);
      const all = [...steps, ...escalation.steps];
      found.set(key, auditFinding("escalation-path", binding, { severity: "high", detail, steps: all, fix }));
    }
  }
  return [...found.values()];
}

function detailOf(steps: readonly string[]): string {
  return steps.at(-1) ?? "";
}
