import { LEAST_INTERVAL, LONGEST_FILE_TIMEOUT } from "../../../config/rules/amounts.js";
import { cel, textOf, textsOf } from "./cel.js";
import type { Validation } from "./policy.js";
import { platform } from "./principals.js";

/** The longest interval of any object: a year. Flux adds to intervals, so that centuries would overflow. */
const LONGEST_INTERVAL = "8760h";
/** The shortest timeout. To Helm, a timeout of zero is none: an installation would never end, and could not be deleted. */
const LEAST_TIMEOUT = "1s";
/** The longest timeout of a tenant's own object: it occupies a controller's worker, which all tenants share. */
const LONGEST_TIMEOUT = "5m";
/** The longest interval of a Kustomization that waits without a timeout. */
const LONGEST_WAITING_INTERVAL = "10m";
/** The longest timeout of a fetch; Flux's default is one minute. Flux limits its time only, not a repository's size. */
const LONGEST_FETCH_TIMEOUT = "5m";

/** Checks that the intervals in these fields are neither too short, because all tenants share the controllers, nor endless. */
export function boundedIntervals(...fields: readonly string[]): Validation {
  return {
    expression: `${textsOf(...fields)}.all(text, text == '' || ${between(LEAST_INTERVAL, LONGEST_INTERVAL)})`,
    message: `intervals must be ${LEAST_INTERVAL} to ${LONGEST_INTERVAL}, because all tenants share the controllers: change ${pathsOf(fields)}`,
  };
}

/** Checks that the timeouts in these fields are neither zero, which can mean none, nor too long. */
export function boundedTimeouts(...fields: readonly string[]): Validation {
  return {
    expression: cel`
      ${textsOf(...fields)}.all(
        text,
        text == ''
        || ${between(LEAST_TIMEOUT, LONGEST_TIMEOUT)}
        || (${platform} && ${between(LEAST_TIMEOUT, LONGEST_FILE_TIMEOUT)})
      )
    `,
    message: `timeouts must be ${LEAST_TIMEOUT} to ${LONGEST_TIMEOUT}, because all tenants share the controllers' workers, and 0s can mean none: change ${pathsOf(fields)}`,
  };
}

/**
 * Checks that no Kustomization waits too long that has no timeout: it waits for its interval, less 30 seconds. The bound
 * is above that of a timeout, because most Kustomizations have an interval of ten minutes and no timeout.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#timeout
 */
export const maxImpliedTimeout: Validation = {
  expression: cel`
    has(object.spec.timeout)
    || !(
      object.spec.?wait.orValue(false)
      || object.spec.?healthChecks.orValue([]).size() > 0
      || ${textOf("deletionPolicy")} == 'WaitForTermination'
    )
    || ${textsOf("interval")}.all(text, duration(text) <= duration('${LONGEST_WAITING_INTERVAL}') || (${platform} && duration(text) <= duration('${LONGEST_FILE_TIMEOUT}')))
  `,
  message: `Kustomizations that wait must have a timeout, or an interval of ${LONGEST_WAITING_INTERVAL} or shorter, because all tenants share the controllers' workers: set spec.timeout to ${LONGEST_TIMEOUT} or shorter`,
};

/** Checks that the timeout of a source is neither zero nor too long. */
export const boundedFetchTimeout: Validation = {
  expression: `${textsOf("timeout")}.all(text, text == '' || ${between(LEAST_TIMEOUT, LONGEST_FETCH_TIMEOUT)})`,
  message: `sources must have a timeout of ${LEAST_TIMEOUT} to ${LONGEST_FETCH_TIMEOUT}, because all tenants share source-controller and its disk: change spec.timeout, and keep large files elsewhere`,
};

/** CEL that is true for a duration in `text` between two others, both included. */
function between(least: string, longest: string): string {
  return `(duration(text) >= duration('${least}') && duration(text) <= duration('${longest}'))`;
}

function pathsOf(fields: readonly string[]): string {
  return fields.map((field) => `spec.${field}`).join(", ");
}
