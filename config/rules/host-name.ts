import { endsInNumber } from "./public-host.js";
import { patternRule, refuse, ruleOf } from "./rule.js";

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const clusterName = "is a name of the cluster's own services";
const fix = "Write it like pay.example.com or *.pay.example.com";

/**
 * Host that a tenant serves, as Ingresses and routes name it: a DNS name, or a wildcard label and a DNS name.
 * @see https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards
 * @see https://gateway-api.sigs.k8s.io/concepts/hostnames
 */
export const hostName = ruleOf(
  patternRule({
    pattern: `^(\\*\\.)?${label}(\\.${label})*$`,
    maxLength: 253,
    form: "a host: a DNS name in lower case, with no wildcard but one label at the start",
    fix,
  }),
  (value) => {
    const long = value.split(".").find((one) => one.length > 63);
    if (long === undefined) return undefined;
    return { message: `has the label ${long}, which is longer than 63 characters`, fix: "Choose a shorter one" };
  },
  // Kubernetes takes no address, for a host is what a request names.
  (value) =>
    endsInNumber(value) ? { message: "ends in a number, as addresses do, and so is no host", fix } : undefined,
  refuse(/(^|\.)localhost$/, "is the machine itself to every client", fix),
  refuse(/^\*\.[^.]+$/, "stands for every name below a top-level domain", fix),
  // Names that pods resolve to Services of the cluster, before any ingress is asked.
  refuse(/^(kubernetes|kubernetes\.default)$|(^|\.)(svc|cluster\.local)$/, clusterName, fix),
);

/** Why a host in a cluster's own domain is refused. @param domain `fleet:clusterDomain` */
export function clusterDomainViolation(
  host: string,
  domain: string,
): { readonly message: string; readonly fix: string } | undefined {
  return host === domain || host.endsWith(`.${domain}`) ? { message: clusterName, fix } : undefined;
}

/**
 * Whether one host covers the other: it is the same, or a wildcard above it. A wildcard stands for every name below it,
 * however deep, as Gateway API and nginx have it. That of an Ingress is one label by Kubernetes' documentation; but the
 * owner of deeper names must not depend on the kind or the controller.
 */
export function covers(host: string, other: string): boolean {
  return host === other || (host.startsWith("*.") && other.endsWith(host.slice(1)));
}
