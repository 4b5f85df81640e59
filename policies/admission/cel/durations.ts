import { LEAST_INTERVAL, LONGEST_FILE_TIMEOUT } from "../../../config/rules/amounts.js";
import { cel, textOf, textsOf } from "./cel.js";
import type { Validation } from "./policy.js";
import { platform } from "./principals.js";

/** The longest timeout of a tenant's own object: it occupies a controller's worker, which all tenants share. */
const LONGEST_TIMEOUT = "5m";
/** The longest timeout of a fetch; Flux's default is one minute. Flux limits its time only, not a repository's size. */
const LONGEST_FETCH_TIMEOUT = "5m";

/** Checks that no interval in these fields is too short, because all tenants share the controllers. */
export function minInterval(...fields: readonly string[]): Validation {
  return {
    expression: `${textsOf(...fields)}.all(text, text == '' || duration(text) >= duration('${LEAST_INTERVAL}'))`,
    message: `intervals must be ${LEAST_INTERVAL} or longer, because all tenants share the controllers: raise ${pathsOf(fields)}`,
  };
}

/**
 * Checks that no timeout in these fields is too long. Without one, a Kustomization that waits does so for its interval.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#timeout
 */
export function maxTimeout(...fields: readonly string[]): Validation {
  const waits = cel`
    object.spec.?wait.orValue(false)
    || object.spec.?healthChecks.orValue([]).size() > 0
    || ${textOf("deletionPolicy")} == 'WaitForTermination'
  `;
  const implied = `(${waits}) && !has(object.spec.timeout) ? ${textsOf("interval")} : []`;
  const atMost = (longest: string) => `duration(text) <= duration('${longest}')`;
  return {
    expression: cel`
      (${textsOf(...fields)} + (${implied})).all(
        text,
        text == '' || ${atMost(LONGEST_TIMEOUT)} || (${platform} && ${atMost(LONGEST_FILE_TIMEOUT)})
      )
    `,
    message: `timeouts must be ${LONGEST_TIMEOUT} or shorter, because all tenants share the controllers' workers: lower ${pathsOf(fields)}`,
  };
}

/** Checks that the timeout of a source is not too long. */
export const maxFetchTimeout: Validation = {
  expression: `!has(object.spec.timeout) || duration(object.spec.timeout) <= duration('${LONGEST_FETCH_TIMEOUT}')`,
  message: `sources must have a timeout of ${LONGEST_FETCH_TIMEOUT} or shorter, because all tenants share source-controller and its disk: lower spec.timeout, and keep large files elsewhere`,
};

function pathsOf(fields: readonly string[]): string {
  return fields.map((field) => `spec.${field}`).join(", ");
}
