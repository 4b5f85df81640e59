import { isLoopback } from "../../config/rules/web-address.js";

/**
 * The URL at which a repository is cloned by HTTPS.
 * @param page URL of its page, as GitHub returns it: `https://github.com/acme/shop`
 * @throws Error for a page without TLS. The token would be sent in plain text; only on the machine itself it is safe
 */
export function httpsUrl(page: string): string {
  const url = new URL(`${page}.git`);
  if (url.protocol === "https:" || isLoopback(url)) return url.href;
  throw new Error(`the repository ${page} has no https address, and a token must not be sent without TLS`);
}
