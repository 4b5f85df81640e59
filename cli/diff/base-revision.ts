import { bothResults } from "../../lib/diagnostics/both-results.js";
import { fleetError } from "../../lib/diagnostics/problem.js";
import { git, gitOutput } from "./git.js";

/** The commit that a working tree is compared with. */
export interface BaseRevision {
  readonly commit: string;
  /** Its name for people: `origin/main (0123abc)`. */
  readonly name: string;
  /** Path of the checkout in its repository, with a slash at its end. Empty at the top. */
  readonly prefix: string;
  /** Commits that the named revision has in addition. They are not a part of the change. */
  readonly ahead: number;
}

/**
 * Finds the commit at which the change began: the newest one that the working tree's commit and the named revision share.
 * @param checkout folder of the working tree
 * @throws FleetError that says what to fetch
 */
export async function findBase(checkout: string, revision: string): Promise<BaseRevision> {
  const known = await gitOutput(checkout, ["rev-parse", "--show-prefix", "--is-shallow-repository"]);
  // A name of a folder may have line breaks.
  const end = known.lastIndexOf("\n");
  const [prefix, shallow] = [known.slice(0, end), known.slice(end + 1)];
  const fetch =
    shallow === "true"
      ? "The clone is shallow: run git fetch --unshallow, or give actions/checkout fetch-depth: 0"
      : "Run git fetch origin, or name another revision with --base";
  const resolved = await git(checkout, [
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${revision}^{commit}`,
  ]);
  if (resolved.failed) throw fleetError(`--base ${revision}`, "", "is no commit of this clone", fetch);
  const shared = await git(checkout, ["merge-base", "HEAD", resolved.stdout]);
  if (shared.failed || shared.stdout === "") {
    throw fleetError(`--base ${revision}`, "", "has no commit in common with the working tree's", fetch);
  }
  const commit = shared.stdout;
  const ahead = Number(await gitOutput(checkout, ["rev-list", "--count", `${commit}..${resolved.stdout}`]));
  return { commit, name: `${revision} (${commit.slice(0, 7)})`, prefix, ahead };
}

/** The working tree: its commit for people, and whether it has changes that are not committed. */
export async function describeHead(checkout: string): Promise<{ readonly name: string; readonly dirty: boolean }> {
  const [commit, changes] = await bothResults(
    gitOutput(checkout, ["rev-parse", "--short=7", "HEAD"]),
    gitOutput(checkout, ["status", "--porcelain", "--", "."]),
  );
  return { name: `working tree (${commit})`, dirty: changes !== "" };
}
