import { LEAST_INTERVAL, LONGEST_FILE_TIMEOUT } from "../../../config/rules/sync-bounds.js";
import type { Demand } from "./policy.js";
import { platform } from "./principals.js";

/** The longest that what tenants make may hold one of the workers that all tenants share. */
export const LONGEST_TIMEOUT = "5m";

/**
 * The longest that anything may be fetched. Nothing of Flux's bounds how much a repository may hold, but how long it may
 * take; a minute, where a source does not say.
 */
export const LONGEST_FETCH = "5m";

/** Demands that each of these durations, where it is there, is not too short; all tenants share the controllers. */
export function notTooOften(fields: readonly string[]): Demand {
  return {
    expression: `${texts(fields)}.all(text, text == '' || duration(text) >= duration('${LEAST_INTERVAL}'))`,
    message: `intervals must be ${LEAST_INTERVAL} or longer, because all tenants share the controllers: raise ${listed(fields)}`,
  };
}

/**
 * Demands that each of these durations, where it is there, is not too long.
 *
 * A Kustomization that waits, be it for what it removes, and says not for how long, waits for its interval.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#timeout
 */
export function notTooLong(fields: readonly string[]): Demand {
  const waits = [
    "object.spec.?wait.orValue(false)",
    "object.spec.?healthChecks.orValue([]).size() > 0",
    "object.spec.?deletionPolicy.orValue('') == 'WaitForTermination'",
  ].join(" || ");
  const unsaid = `(${waits}) && !has(object.spec.timeout) ? [object.spec.?interval.orValue('')] : []`;
  const within = (longest: string) => `duration(text) <= duration('${longest}')`;
  return {
    expression: `(${texts(fields)} + (${unsaid})).all(text, text == '' || ${within(LONGEST_TIMEOUT)} || (${platform.expression} && ${within(LONGEST_FILE_TIMEOUT)}))`,
    message: `nothing may be waited for longer than ${LONGEST_TIMEOUT}, because all tenants share the controllers' workers: set ${listed(fields)} to that or less`,
  };
}

/** Demands that a source is not fetched for too long. */
export const notFetchedTooLong: Demand = {
  expression: `!has(object.spec.timeout) || duration(object.spec.timeout) <= duration('${LONGEST_FETCH}')`,
  message: `nothing may be fetched for longer than ${LONGEST_FETCH}, because all tenants share source-controller and its disk: set spec.timeout to that or less, and keep large files elsewhere`,
};

function texts(fields: readonly string[]): string {
  const paths = fields.map((field) => field.split(".").map((part) => `?${part}`));
  return `[${paths.map((parts) => `object.spec.${parts.join(".")}.orValue('')`).join(", ")}]`;
}

function listed(fields: readonly string[]): string {
  return fields.map((field) => `spec.${field}`).join(", ");
}
