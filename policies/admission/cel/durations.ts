import { cel } from "./cel.js";
import type { Validation } from "./policy.js";
import { platform } from "./principals.js";

/** The shortest interval of a Flux object, as in tenant files. */
export const MIN_INTERVAL = "10s";

/** The longest time that a tenant's own object may occupy a controller's worker, which all tenants share. */
export const MAX_TIMEOUT = "5m";

/** The same for objects that the platform creates from tenant files, which are reviewed. */
export const MAX_PLATFORM_TIMEOUT = "30m";

/**
 * The longest timeout of a fetch; Flux's own default is one minute. Flux limits only the time of a fetch, and not the
 * size of a repository.
 */
export const MAX_FETCH_TIMEOUT = "5m";

/** Checks that no interval in these fields is too short, because all tenants share the controllers. */
export function minInterval(fields: readonly string[]): Validation {
  return {
    expression: `${valuesOf(fields)}.all(text, text == '' || duration(text) >= duration('${MIN_INTERVAL}'))`,
    message: `intervals must be ${MIN_INTERVAL} or longer, because all tenants share the controllers: raise ${pathsOf(fields)}`,
  };
}

/**
 * Checks that no timeout in these fields is too long.
 *
 * A Kustomization that waits and has no timeout waits for its interval.
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#timeout
 */
export function maxTimeout(fields: readonly string[]): Validation {
  const waits = cel`
    object.spec.?wait.orValue(false)
    || object.spec.?healthChecks.orValue([]).size() > 0
    || object.spec.?deletionPolicy.orValue('') == 'WaitForTermination'
  `;
  const implied = `(${waits}) && !has(object.spec.timeout) ? [object.spec.?interval.orValue('')] : []`;
  const atMost = (longest: string) => `duration(text) <= duration('${longest}')`;
  return {
    expression: cel`
      (${valuesOf(fields)} + (${implied})).all(
        text,
        text == ''
        || ${atMost(MAX_TIMEOUT)}
        || (${platform.expression} && ${atMost(MAX_PLATFORM_TIMEOUT)})
      )
    `,
    message: `nothing may be waited for longer than ${MAX_TIMEOUT}, because all tenants share the controllers' workers: set ${pathsOf(fields)} to that or less`,
  };
}

/** Checks that the timeout of a source is not too long. */
export const maxFetchTimeout: Validation = {
  expression: `!has(object.spec.timeout) || duration(object.spec.timeout) <= duration('${MAX_FETCH_TIMEOUT}')`,
  message: `nothing may be fetched for longer than ${MAX_FETCH_TIMEOUT}, because all tenants share source-controller and its disk: set spec.timeout to that or less, and keep large files elsewhere`,
};

/** A CEL list of the values of these fields of the spec; an absent field is an empty string. */
function valuesOf(fields: readonly string[]): string {
  const paths = fields.map((field) => field.split(".").map((part) => `?${part}`));
  return `[${paths.map((parts) => `object.spec.${parts.join(".")}.orValue('')`).join(", ")}]`;
}

function pathsOf(fields: readonly string[]): string {
  return fields.map((field) => `spec.${field}`).join(", ");
}
