import { parseUrl } from "../../../lib/network/parse-url.js";
/** The GitHub organisation of a stack. */
export interface GitHubPlace {
  readonly owner: string;
  /** Host of GitHub's pages, with its port if it is not the usual one: `github.com`. */
  readonly host: string;
}

/**
 * The name of the organisation's repository that a URL leads to. Ports do not count: Git's SSH server has another one than
 * the pages.
 * @returns undefined for another owner, another host, and a path that is no repository's
 */
export function repositoryOfUrl(url: string, { owner, host }: GitHubPlace): string | undefined {
  const parsed = parseUrl(url);
  if (parsed === undefined) return undefined;
  const { protocol, hostname, pathname } = parsed;
  if (!["https:", "http:", "ssh:"].includes(protocol)) return undefined;
  const hosts = [withoutPort(host), `ssh.${withoutPort(host)}`];
  const [, given = "", name] = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/?$/.exec(pathname) ?? [];
  const isOwn = hosts.includes(hostname.toLowerCase()) && given.toLowerCase() === owner.toLowerCase();
  return isOwn ? name : undefined;
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, "").toLowerCase();
}
