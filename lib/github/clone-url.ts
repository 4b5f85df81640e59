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
  const url = cloneUrl.replace(scpForm, "ssh://$<user>@$<host>/$<path>");
  if (/^ssh:\/\/[^@/\s]+@[^/\s]+\/\S+$/.test(url)) return url;
  throw new Error(`the clone URL "${cloneUrl}" is not one that Git can reach by SSH with a key`);
}
