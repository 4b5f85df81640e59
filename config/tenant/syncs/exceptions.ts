import type { Problem } from "../../../lib/diagnostics/problem.js";
import { daysBetween } from "../../../lib/time/calendar-day.js";
import type { Locate } from "../../files/location.js";
import { having, problemAt, type TenantCheck } from "../declared-tenant.js";
import { placedParts } from "../parts.js";
import type { TenantSpec } from "../schema.js";

/** Days after which an exception of a sync must be agreed on anew, as for `fleet:promotionOverride`. */
export const LONGEST_EXCEPTION_DAYS = 90;

/** The fields with the last day of an exception, with the exception, and the fields to remove, in words. */
const lastDayFields = {
  pruneOffUntil: { exception: "prune: false", removed: "prune: false and pruneOffUntil" },
  suspendUntil: { exception: "suspend: true", removed: "suspend: true and suspendUntil" },
  "freeze.until": { exception: "freeze", removed: "freeze" },
} as const;

/** A sync that does less than others until the end of a day. */
export interface SyncException {
  readonly tenant: string;
  readonly namespace: string;
  readonly sync: string;
  /** The field with the last day. */
  readonly field: keyof typeof lastDayFields;
  /** The last day, in UTC: `2027-01-31`. */
  readonly lastDay: string;
  /** @default - only a freeze has one */
  readonly reason?: string | undefined;
  /** The place of the field with the last day in the tenant's files. */
  readonly place: readonly string[];
}

/** The exceptions with an end that tenants' files declare, also those that have ended. */
export function syncExceptions(tenants: readonly Pick<TenantSpec, "name" | "syncs">[]): SyncException[] {
  return tenants.flatMap(({ name: tenant, syncs }) =>
    placedParts("sync", syncs).flatMap(({ name: sync, namespace, place, pruneOffUntil, suspendUntil, freeze }) => {
      const common = { tenant, namespace, sync };
      const exception = (field: SyncException["field"], lastDay: string | undefined): SyncException[] =>
        lastDay === undefined ? [] : [{ ...common, field, lastDay, place: [...place, ...field.split(".")] }];
      return [
        ...exception("pruneOffUntil", pruneOffUntil),
        ...exception("suspendUntil", suspendUntil),
        ...exception("freeze.until", freeze?.until).map((one) => ({ ...one, reason: freeze?.reason })),
      ];
    }),
  );
}

/** An exception as a sentence: the work that Flux leaves out, and the last day. */
export function describeException({ tenant, namespace, sync, field, lastDay, reason }: SyncException): string {
  const end = `until ${lastDay} (UTC, ${field} of ${tenant})`;
  const object = `the sync ${sync} in the namespace ${namespace}`;
  const sentences = {
    pruneOffUntil: `Pruning of ${object} is off ${end}. What leaves Git meanwhile stays on the cluster, and is not deleted later either`,
    suspendUntil: `T${object.slice(1)} is suspended by its file ${end}. Flux applies nothing and reverts nothing there`,
    "freeze.until": `T${object.slice(1)} is frozen by its file ${end}: ${reason}. Flux fetches no new revision, and goes on applying the fetched one`,
  };
  return sentences[field];
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
    const { exception, removed } = lastDayFields[field];
    const ended = {
      message: `${exception} of the sync ${sync} of ${tenant} ended on ${lastDay}`,
      fix: `Remove ${removed}, or agree on a later day, at most ${LONGEST_EXCEPTION_DAYS} days from now`,
    };
    const tooLong = {
      message: `${exception} of the sync ${sync} of ${tenant} ends on ${lastDay}, in more than ${LONGEST_EXCEPTION_DAYS} days`,
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
