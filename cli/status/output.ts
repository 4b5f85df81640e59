import { definedOnly } from "../../lib/data/defined-only.js";
import { ageText } from "../../operate/status/age-text.js";
import { quotaText } from "../../operate/status/quota-use.js";
import type { TenantStatus } from "../../operate/status/stack-status.js";
import type { Suspension } from "../../operate/status/suspension.js";
import type { SyncStatus } from "../../operate/status/sync-status.js";
import type { CommandOutput, DataTable } from "../output/print-data.js";
import { shortRevision } from "../start/tables.js";
import { type Behind, branchKey } from "./commits-behind.js";
import type { FleetLook, StackLook } from "./look.js";

/** The output of a look. @param now in milliseconds since 1970 @param tenant the only one that is shown @default - all */
export function statusOutput({ stacks, behind }: FleetLook, now: number, tenant?: string): CommandOutput {
  const isShown = ({ name }: TenantStatus) => tenant === undefined || name === tenant;
  const shown = stacks.map((look): StackLook => {
    if (look.status === undefined) return look;
    return { ...look, status: { ...look.status, tenants: look.status.tenants.filter(isShown) } };
  });
  const rows = shown.flatMap(({ stack, status }) =>
    (status?.tenants ?? []).flatMap((one) => tenantRows(stack, one, { behind, now })),
  );
  const tenants = {
    head: ["Stack", "Tenant", "Sync", "Ready", "Revision", "Applied", "Behind", "Quota", "Oldest key", "Message"],
    rows,
  };
  return {
    data: { stacks: shown.map((look) => stackData(look, behind)) },
    tables: [
      {
        head: ["Stack", "Context", "Flux", "Controllers", "Infrastructure", "Tenants", "Message"],
        rows: stacks.map((look) => stackRow(look)),
      },
      ...(rows.length === 0 ? [] : [tenants]),
    ].map(withoutEmptyColumns),
  };
}

/** A table without the columns that are empty in every row: terminals are narrow. */
function withoutEmptyColumns({ head, rows }: DataTable): DataTable {
  const isUsed = (index: number) => rows.some((row) => row[index] !== "");
  const kept = head.flatMap((_, index) => (isUsed(index) ? [index] : []));
  const pick = (cells: readonly string[]) => kept.map((index) => cells[index] ?? "");
  return { head: pick(head), rows: rows.map(pick) };
}

function stackRow({ stack, context = "-", problems, status }: StackLook): string[] {
  if (status === undefined) return [stack, context, "unknown", "unknown", "unknown", "unknown", problems.join("\n")];
  const { controllers, infrastructure, tenants, findings } = status;
  const versions = [...new Set(controllers.flatMap(({ version }) => version ?? []))];
  const isReady = (one: TenantStatus) => one.syncs.length > 0 && one.syncs.every(({ ready }) => ready);
  const aboutPlatform = findings.filter((text) => !text.startsWith("tenant "));
  return [
    stack,
    context,
    versions.join(", ") || "unknown",
    readyCount(controllers.map(({ ready }) => ready)),
    readyCount(infrastructure.map(({ ready }) => ready)),
    readyCount(tenants.map(isReady)),
    [...problems, ...aboutPlatform].join("\n"),
  ];
}

function readyCount(ready: readonly boolean[]): string {
  return `${ready.filter(Boolean).length} of ${ready.length}`;
}

interface Shown {
  readonly behind: ReadonlyMap<string, Behind>;
  readonly now: number;
}

function tenantRows(stack: string, { name, syncs, quota, keys }: TenantStatus, { behind, now }: Shown): string[][] {
  const [oldest] = keys.flatMap(({ writtenAt }) => writtenAt ?? []).sort();
  return syncs.map((sync, index) => [
    stack,
    name,
    sync.name,
    readyText(sync),
    shortRevision(sync.revision ?? "-"),
    ageText(sync.appliedSince, now),
    behindText(sync, behind),
    index === 0 ? quotaText(quota) : "",
    index === 0 ? ageText(oldest, now) || "unknown" : "",
    [...freezeLines(sync), ...sync.messages].join("\n"),
  ]);
}

function readyText({ ready, suspended, frozen }: SyncStatus): string {
  if (suspended !== undefined) return `suspended ${sinceText(suspended)}`;
  const text = ready ? "True" : "False";
  if (frozen === undefined) return text;
  return frozen.until === undefined ? `source suspended ${sinceText(frozen)}` : `${text}, frozen until ${frozen.until}`;
}

function freezeLines({ frozen }: SyncStatus): string[] {
  return frozen?.reason === undefined ? [] : [`frozen ${sinceText(frozen)}: ${frozen.reason}`];
}

function sinceText({ by, since, byFile }: Suspension): string {
  return `by ${byFile ? "its file" : by}${since === undefined ? "" : ` since ${since}`}`;
}

function behindText({ follows }: SyncStatus, behind: Shown["behind"]): string {
  if (follows === undefined) return "-";
  const found = behind.get(branchKey(follows)) ?? { unknown: "GitHub was not asked" };
  return "commits" in found ? String(found.commits) : `unknown: ${found.unknown}`;
}

/** The data of one stack. These fields are part of the command's interface (docs/operate/status.md). */
function stackData({ stack, context, server, problems, status, requests }: StackLook, behind: Shown["behind"]) {
  const found = status && {
    ...status,
    tenants: status.tenants.map(({ syncs, ...tenant }) => ({
      ...tenant,
      syncs: syncs.map(({ follows, ...sync }) => ({
        ...sync,
        ...(follows && { branch: follows.branch, behind: behind.get(branchKey(follows)) ?? { unknown: "not asked" } }),
      })),
    })),
  };
  return { stack, ...definedOnly({ context, server }), problems, requests, ...found };
}
