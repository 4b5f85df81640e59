import { hostAndPort, publicHostViolation } from "./public-host.js";
import type { Rule, Violation } from "./rule.js";
import { isUrl } from "./web-address.js";

type Scheme = "https" | "oci";

/**
 * URL of a repository of charts, or of one chart: encrypted, public by its name, and nothing else in it.
 *
 * source-controller asks from inside the cluster, so a URL must not lead to what only it can reach. Credentials belong
 * into a Secret: a URL stands in objects that everybody in the namespace reads.
 * @param schemes what it may begin with
 * @param example a valid address, shown in the fix
 * @see https://fluxcd.io/flux/components/source/helmrepositories/#url
 */
export function chartUrl(schemes: readonly Scheme[], example: string): Rule {
  const fix = `Write it like ${example}`;
  return {
    pattern: `^(${schemes.join("|")})://[^\\s@?#]+$`,
    maxLength: 1024,
    check(value) {
      const [, scheme, rest = ""] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(.*)$/s.exec(value) ?? [];
      if (scheme === undefined) return { message: "is not a URL", fix };
      if (!schemes.some((one) => one === scheme)) {
        const why = scheme === "http" ? ", which anybody on the way can read and change" : "";
        return { message: `begins with ${scheme}://${why}`, fix };
      }
      if (value.length > 1024) return { message: "is longer than 1024 characters", fix };
      return restViolation(scheme, rest, fix);
    },
  };
}

function restViolation(scheme: string, rest: string, fix: string): Violation | undefined {
  const [authority = "", ...path] = rest.split("/");
  if (rest.includes("@")) return { message: "has a user name", fix: "Put credentials into a Secret, and name that" };
  if (/[?#]/.test(rest)) return { message: 'has a "?" or "#"', fix };
  // A percent sign or a backslash can hide a slash or a dot from a reader of the file.
  if (!/^[A-Za-z0-9._~/:[\]-]+$/.test(rest)) return { message: "has characters that are none of a plain URL's", fix };
  if (path.some((part) => part === "." || part === "..")) return { message: 'has a part "." or ".."', fix };
  if (scheme === "oci" && !path.some((part) => part !== "")) return { message: "has no path", fix };
  const { host, port } = hostAndPort(authority);
  if (port === null) return { message: "has no port after the colon", fix: "Write a number from 1 to 65535" };
  const violation = publicHostViolation(host);
  if (violation !== undefined) return violation;
  return isUrl(`https://${rest}`) ? undefined : { message: "is not a URL", fix };
}
