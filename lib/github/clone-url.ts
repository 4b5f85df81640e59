/** Host and port of a Git server that is reached by SSH. */
export interface SshEndpoint {
  /** Host name or address, without brackets. */
  readonly host: string;
  /** TCP port. */
  readonly port: number;
}

const defaultSshPort = 22;

/** `git@github.com:acme/shop.git`: Git's scp-like form, which is no URL. */
const scpForm = /^(?<user>[^@/\s]+)@(?<host>[^:/\s]+):(?!\/)(?<path>\S+)$/;

/**
 * The `ssh://` form of the clone URL that GitHub's API returned in `ssh_url`.
 *
 * GitHub answers in Git's scp-like form, and a GitRepository takes URLs only: source-controller refuses
 * `git@github.com:acme/shop.git`.
 * @see https://fluxcd.io/flux/components/source/gitrepositories/#url
 * @throws Error when it is neither form, or names no user
 */
export function sshUrl(cloneUrl: string): string {
  const scp = scpForm.exec(cloneUrl)?.groups;
  const url = scp ? `ssh://${scp.user}@${scp.host}/${scp.path}` : cloneUrl;
  if (!/^ssh:\/\/[^@/\s]+@[^/\s]+\/\S+$/.test(url)) {
    throw new Error(`the clone URL "${cloneUrl}" is not one that Git can reach by SSH with a key`);
  }
  return url;
}

/**
 * The host and port that a clone URL leads to.
 * @throws Error as {@link sshUrl}
 */
export function sshEndpoint(cloneUrl: string): SshEndpoint {
  const url = new URL(sshUrl(cloneUrl));
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port: url.port === "" ? defaultSshPort : Number(url.port) };
}
