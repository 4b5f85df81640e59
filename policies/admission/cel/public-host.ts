import { INNER_NAME, PUBLIC_NAME } from "../../../config/rules/public-host.js";
import { cel } from "./cel.js";

/** CEL of the host in an address, in lower case: all between the scheme, if there is one, and the port or the path. */
export function hostOf(address: string): string {
  return `${address}.replace(${address}.find('^[a-zA-Z][a-zA-Z0-9+.-]*://'), '', 1).find('^[^/?#:@]*').lowerAscii()`;
}

/**
 * CEL that is true when a host is a name that no cluster and no private network gives. Names of tenants' namespaces are
 * no part of it: every new tenant would change the policies, and a namespace `dev` would end all names in `.dev`.
 * @param host CEL of a host in lower case
 */
export function isPublic(host: string): string {
  return `(${host}.matches('${PUBLIC_NAME}') && !${host}.matches('${INNER_NAME}'))`;
}

/**
 * Names of the controller's own machine, of the API server and of metadata services. The kubelet writes `ip6-localhost`
 * and `ip6-loopback` into the hosts file of every pod; `instance-data` is the metadata service of AWS.
 */
export const NEVER_CALLED =
  "^(.*[.])?localhost$|^ip6-|^kubernetes([.]default([.].*)?)?$|^(metadata|instance-data)([.].*)?$";

/**
 * CEL that is true when a host is a name, within the cluster or not, but neither one of the controller that calls it,
 * nor one of the API server or a metadata service.
 * @param host CEL of a host in lower case
 */
export function isInnerName(host: string): string {
  return cel`
    (
      ${host}.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?[.])*[a-z]([-a-z0-9]*[a-z0-9])?$')
      && !${host}.matches('${NEVER_CALLED}')
    )
  `;
}
