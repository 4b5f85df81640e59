/** `git@github.com:acme/shop.git`: Git's scp-like form, which is no URL. */
const scpForm = /^(?<user>[^@/\s]+)@(?<host>[^:/\s]+):(?!\/)(?<path>\S+)$/;

/**
 * The `ssh://` form of the clone URL that GitHub's API returned in `ssh_url`.
 *
 * GitHub answers in Git's scp-like form, and a GitRepository takes URLs only: source-controller refuses
 * `git@github.com:acme/shop.git`.
 * @see https://fluxcd.io/flux/components/source/gitrepositories/#url
 * @param address host and port in place of those of the URL: `ssh.github.com:443` @default - those of the URL
 * @throws Error when it is neither form, or names no user
 */
export function sshUrl(cloneUrl: string, address?: string): string {
  const url = cloneUrl.replace(scpForm, "ssh://$<user>@$<host>/$<path>");
  const [, user, host, path] = /^(ssh:\/\/[^@/\s]+@)([^/\s]+)(\/\S+)$/.exec(url) ?? [];
  if (host !== undefined) return `${user}${address ?? host}${path}`;
  throw new Error(`the clone URL "${cloneUrl}" is not one that Git can reach by SSH with a key`);
}

/** Key types in the order that Flux's SSH client prefers; see {@link knownHosts}. */
const keyTypeOrder = ["ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-ed25519", "ssh-rsa"];

/**
 * The `known_hosts` file of one Git server: one line for each host key, ECDSA first.
 *
 * The keys come from GitHub's API over TLS. A scan of the network would trust any server that answers.
 * @see https://github.com/fluxcd/flux2/issues/5385 for the order: a client that is offered another type first
 *   reports a mismatch
 * @param cloneUrl clone URL whose server the keys belong to
 * @param hostKeys public keys as GitHub's meta endpoint lists them: `ssh-ed25519 AAAA…`, without a host
 * @throws Error without a key. With an empty file, every connection would fail without a reason
 */
export function knownHosts(cloneUrl: string, hostKeys: readonly string[]): string {
  if (hostKeys.length === 0) {
    throw new Error(`GitHub's meta endpoint lists no SSH host key, so the server of ${cloneUrl} cannot be verified`);
  }
  const { hostname, port } = new URL(sshUrl(cloneUrl));
  const host = hostname.replace(/^\[|\]$/g, "");
  // A port other than 22 is part of the host's name (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").
  const name = port === "" || port === "22" ? host : `[${host}]:${port}`;
  const lines = hostKeys.map((key) => key.trim()).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return `${lines.map((key) => `${name} ${key}`).join("\n")}\n`;
}

function rank(key: string): number {
  const index = keyTypeOrder.indexOf(key.split(" ", 1)[0] ?? "");
  return index < 0 ? keyTypeOrder.length : index;
}
