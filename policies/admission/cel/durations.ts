import { LEAST_INTERVAL, LONGEST_FILE_TIMEOUT } from "../../../config/rules/amounts.js";
import { cel, textOf, textsOf } from "./cel.js";
import type { Validation } from "./policy.js";
import { platform } from "./principals.js";

/** The longest timeout of a tenant's own object: it occupies a controller's worker, which all tenants share. */
const LONGEST_TIMEOUT = "5m";
/** The longest interval of a Kustomization that waits without a timeout. */
const LONGEST_WAITING_INTERVAL = "10m";
/** The longest timeout of a fetch; Flux's default is one minute. Flux limits its time only, not a repository's size. */
const LONGEST_FETCH_TIMEOUT = "5m";

/** Checks that no interval in these fields is too short, because all tenants share the controllers. */
export function minInterval(...fields: readonly string[]): Validation {
  return {
    expression: `${textsOf(...fields)}.all(text, text == '' || duration(text) >= duration('${LEAST_INTERVAL}'))`,
    message: `intervals must be ${LEAST_INTERVAL} or longer, because all tenants share the controllers: raise ${pathsOf(fields)}`,
  };
}

/** Checks that no timeout in these fields is too long. */
export function maxTimeout(...fields: readonly string[]): Validation {
  return {
    expression: `${textsOf(...fields)}.all(text, ${isAtMost(LONGEST_TIMEOUT)})`,
    message: `timeouts must be ${LONGEST_TIMEOUT} or shorter, because all tenants share the controllers' workers: lower ${pathsOf(fields)}`,
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
    || ${textsOf("interval")}.all(text, ${isAtMost(LONGEST_WAITING_INTERVAL)})
  `,
  message: `Kustomizations that wait must have a timeout, or an interval of ${LONGEST_WAITING_INTERVAL} or shorter, because all tenants share the controllers' workers: set spec.timeout to ${LONGEST_TIMEOUT} or shorter`,
};

/** CEL that is true when a text is empty or a duration of at most the given one; the platform has a bound of its own. */
function isAtMost(longest: string): string {
  const within = (most: string) => `duration(text) <= duration('${most}')`;
  return `text == '' || ${within(longest)} || (${platform} && ${within(LONGEST_FILE_TIMEOUT)})`;
}

/** Checks that the timeout of a source is not too long. */
export const maxFetchTimeout: Validation = {
  expression: `!has(object.spec.timeout) || duration(object.spec.timeout) <= duration('${LONGEST_FETCH_TIMEOUT}')`,
  message: `sources must have a timeout of ${LONGEST_FETCH_TIMEOUT} or shorter, because all tenants share source-controller and its disk: lower spec.timeout, and keep large files elsewhere`,
};

function pathsOf(fields: readonly string[]): string {
  return fields.map((field) => `spec.${field}`).join(", ");
}
