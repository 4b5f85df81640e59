import { endsInNumber } from "./ends-in-number.js";
import { patternRule, type Rule, type Violation } from "./rule.js";

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const fix = "Write it like pay.example.com or *.pay.example.com";

const form = patternRule({
  pattern: `^(\\*\\.)?${label}(\\.${label})*$`,
  maxLength: 253,
  form: "a host: a DNS name in lower case, with no wildcard but one label at the start",
  fix,
});

/**
 * Host that a tenant serves, as Ingresses and routes name it: a DNS name, or a wildcard label and a DNS name.
 * @see https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards
 * @see https://gateway-api.sigs.k8s.io/concepts/hostnames
 */
export const hostName: Rule = {
  ...form,
  check: (value) => form.check(value) ?? tooLongLabel(value) ?? address(value),
};

/**
 * Whether one host covers the other: it is the same, or a wildcard above it.
 *
 * A wildcard is taken to stand for every name below it, however deep, and not for what it is below of. So Gateway API
 * and nginx have it. An Ingress' wildcard is one label by Kubernetes' documentation; but who would have the names that
 * are deeper must not depend on the kind or the controller.
 */
export function covers(host: string, other: string): boolean {
  return host === other || (host.startsWith("*.") && other.endsWith(host.slice(1)));
}

function tooLongLabel(value: string): Violation | undefined {
  const long = value.split(".").find((one) => one.length > 63);
  return long === undefined
    ? undefined
    : { message: `has the label ${long}, which is longer than 63 characters`, fix: "Choose a shorter one" };
}

/** Kubernetes takes no address, for a host is what a request names. */
function address(value: string): Violation | undefined {
  return endsInNumber(value) ? { message: "ends in a number, as addresses do, and so is no host", fix } : undefined;
}
