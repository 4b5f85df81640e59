import type { FleetSpec } from "../../../config/fleet-spec.js";
import { INNER_NAME, PUBLIC_NAME } from "../../../config/rules/public-host.js";
import { cel, celList } from "./cel.js";

/** CEL of the host in an address, in lower case: all between the scheme, if there is one, and the port or the path. */
export function hostOf(address: string): string {
  return `${address}.replace(${address}.find('^[a-zA-Z][a-zA-Z0-9+.-]*://'), '', 1).find('^[^/?#:@]*').lowerAscii()`;
}

/**
 * CEL that is true when a host is a name that no cluster and no private network gives: `NAME.NAMESPACE` is a Service.
 * @param host CEL of a host in lower case
 */
export function isPublic(host: string, tenants: FleetSpec["tenants"]): string {
  const namespaces = tenants.flatMap((tenant) => tenant.namespaces.map(({ name }) => name)).sort();
  return cel`
    ${host}.matches('${PUBLIC_NAME}')
    && !${host}.matches('${INNER_NAME}')
    && !${celList(namespaces)}.exists(ending, ${host}.endsWith('.' + ending))
  `;
}
