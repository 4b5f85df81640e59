import type { Problem } from "../../../lib/diagnostics/problem.js";
import { daysBetween } from "../../../lib/time/calendar-day.js";
import type { Locate } from "../../files/location.js";
import { having, problemAt, type TenantCheck } from "../declared-tenant.js";
import { placedParts } from "../parts.js";
import type { TenantSpec } from "../schema.js";

/** Days after which an exception of a sync must be agreed on anew, as for `fleet:promotionOverride`. */
export const LONGEST_EXCEPTION_DAYS = 90;

/** A sync that does less than others until the end of a day. */
export interface SyncException {
  readonly tenant: string;
  readonly namespace: string;
  readonly sync: string;
  /** The field with the last day. */
  readonly field: "pruneOffUntil" | "suspendUntil";
  /** The last day, in UTC: `2027-01-31`. */
  readonly lastDay: string;
  /** The place of the field with the last day in the tenant's files. */
  readonly place: readonly string[];
}

/** The exceptions with an end that tenants' files declare, also those that have ended. */
export function syncExceptions(tenants: readonly Pick<TenantSpec, "name" | "syncs">[]): SyncException[] {
  return tenants.flatMap(({ name: tenant, syncs }) =>
    placedParts("sync", syncs).flatMap(({ name: sync, namespace, place, ...declared }) =>
      (["pruneOffUntil", "suspendUntil"] as const).flatMap((field): SyncException[] => {
        const lastDay = declared[field];
        return lastDay === undefined ? [] : [{ tenant, namespace, sync, field, lastDay, place: [...place, field] }];
      }),
    ),
  );
}

/** An exception as a sentence: the work that Flux leaves out, and the last day. */
export function describeException({ tenant, namespace, sync, field, lastDay }: SyncException): string {
  const end = `until ${lastDay} (UTC, ${field} of ${tenant})`;
  return field === "pruneOffUntil"
    ? `Pruning of the sync ${sync} in the namespace ${namespace} is off ${end}. What leaves Git meanwhile stays on the cluster, and is not deleted later either`
    : `The sync ${sync} in the namespace ${namespace} is suspended by its file ${end}. Flux applies nothing and reverts nothing there`;
}

/**
 * The exceptions that have ended, or that end too late. An end changes nothing by itself: a sync that began to prune or to
 * apply on a date would do so in an update about something else.
 * @param today the day in UTC
 */
export function exceptionProblems(exceptions: readonly SyncException[], today: string, locate: Locate): Problem[] {
  return exceptions.flatMap(({ tenant, sync, field, lastDay, place }): Problem[] => {
    const left = daysBetween(today, lastDay);
    if (left >= 0 && left <= LONGEST_EXCEPTION_DAYS) return [];
    const other = field === "pruneOffUntil" ? "prune: false" : "suspend: true";
    const ended = {
      message: `${other} of the sync ${sync} of ${tenant} ended on ${lastDay}`,
      fix: `Remove ${other} and ${field}, or agree on a later day, at most ${LONGEST_EXCEPTION_DAYS} days from now`,
    };
    const tooLong = {
      message: `${other} of the sync ${sync} of ${tenant} ends on ${lastDay}, in more than ${LONGEST_EXCEPTION_DAYS} days`,
      fix: `Write a day at most ${LONGEST_EXCEPTION_DAYS} days from now`,
    };
    return [{ ...locate(tenant, place), ...(left < 0 ? ended : tooLong) }];
  });
}

/** Exceptions without their end, and ends without an exception. */
export const unendedExceptionProblems: TenantCheck = (tenants) =>
  having(tenants, "sync", "syncs").flatMap((tenant) =>
    placedParts("sync", tenant.spec.syncs).flatMap(({ prune, suspend, pruneOffUntil, suspendUntil, place }) => {
      const fault = (field: string, message: string, fix: string) => problemAt(tenant, [...place, field], message, fix);
      const days = `its last day, at most ${LONGEST_EXCEPTION_DAYS} days from now`;
      const nothingToEnd = (field: string, exception: string) =>
        fault(field, `has no effect without ${exception}`, `Remove it, or write ${exception}`);
      return [
        ...(!prune && pruneOffUntil === undefined
          ? [
              fault(
                "prune",
                "is false without an end: what leaves Git would stay for ever",
                `Add pruneOffUntil, ${days}`,
              ),
            ]
          : []),
        ...(prune && pruneOffUntil !== undefined ? [nothingToEnd("pruneOffUntil", "prune: false")] : []),
        ...(!suspend && suspendUntil !== undefined ? [nothingToEnd("suspendUntil", "suspend: true")] : []),
      ];
    }),
  );
