import { publicHostViolation } from "./public-host.js";
import { atMost, demand, hintOf, type Rule, refuse, ruleOf } from "./rule.js";
import { isUrl } from "./web-address.js";

/**
 * URL of a repository of charts, or of one chart: encrypted, public by its name, and nothing else in it.
 * source-controller asks from inside the cluster, so a URL must not lead to what only it can reach. Credentials belong
 * into a Secret: a URL stands in objects that everybody in the namespace reads.
 * @param example a valid address, shown in the fix
 * @see https://fluxcd.io/flux/components/source/helmrepositories/#url
 */
export function chartUrl(schemes: readonly ("https" | "oci")[], example: string): Rule {
  const fix = `Write it like ${example}`;
  const start = `^(${schemes.join("|")})://`;
  return ruleOf(
    { pattern: `${start}[^\\s@?#]+$`, maxLength: 1024, hint: hintOf("the URL of a public host", fix) },
    demand(/^[A-Za-z][A-Za-z0-9+.-]*:\/\//, "is not a URL", fix),
    (value) => {
      if (new RegExp(start).test(value)) return undefined;
      const why = value.startsWith("http://") ? ", which anybody on the way can read and change" : "";
      return { message: `begins with ${value.slice(0, value.indexOf("://"))}://${why}`, fix };
    },
    atMost(1024, fix),
    refuse(/@/, "has a user name", "Put credentials into a Secret, and name that"),
    refuse(/[?#]/, 'has a "?" or "#"', fix),
    // A percent sign or a backslash can hide a slash or a dot from a reader of the file.
    demand(/^[^:]*:\/\/[A-Za-z0-9._~/:[\]-]+$/, "has characters that are none of a plain URL's", fix),
    refuse(/^[^:]*:\/\/[^/]*\/(.*\/)?\.\.?(\/|$)/, 'has a part "." or ".."', fix),
    refuse(/^oci:\/\/[^/]*\/*$/, "has no path", fix),
    (value) => publicHostViolation(value.split("/")[2] ?? ""),
    (value) => (isUrl(value.replace(/^[^:]*/, "https")) ? undefined : { message: "is not a URL", fix }),
  );
}
