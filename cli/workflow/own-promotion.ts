import { type MarkerName, markedState, markerPart } from "../../review/comment/marker.js";
import type { TextOwner } from "../github/kept-text.js";
import type { PullRequest } from "./repository-api.js";
import type { StackPair } from "./waves.js";

/** Account that commits promotions. */
export const committer = {
  name: "github-actions[bot]",
  email: "41898282+github-actions[bot]@users.noreply.github.com",
} as const;

/** The line of a commit's message that says which promotion it is. */
export function trailerOf({ from, to }: StackPair): string {
  return `Fleet-Promotion: ${from} ${to}`;
}

/**
 * Whether `fleet workflow promotion` made a commit. A person who amends one keeps its message and its author, but becomes its
 * committer. It is no proof: a person with the right to push can forge both, and the next run then replaces the commit.
 * @param shown the commit by `git log --format=%ce%n%B`
 */
export function isOwnCommit(shown: string, pair: StackPair): boolean {
  const [email, ...message] = shown.split("\n");
  return email === committer.email && message.includes(trailerOf(pair));
}

/**
 * The pull request of a branch of this repository. GitHub's filter by owner and branch also finds those of a fork that the
 * same owner has.
 * @param repository `OWNER/NAME`
 */
export function ownPull(
  pulls: readonly PullRequest[],
  { repository, branch }: { readonly repository: string; readonly branch: string },
): PullRequest | undefined {
  return pulls.find(({ head }) => {
    return head.ref === branch && head.repo?.full_name.toLowerCase() === repository.toLowerCase();
  });
}

/** The marker of a promotion's pull request. */
export function promotionMarker({ from, to }: StackPair): MarkerName {
  return `promotion/${markerPart(from)}/${markerPart(to)}`;
}

/**
 * The author of an open pull request: this command, also of one whose text a person edited since, or a person. Anybody who
 * may push can open one from the branch of a promotion.
 */
export function authorOf({ user, body }: PullRequest, { marker, account }: TextOwner): "command" | "edited" | "person" {
  const state = markedState(marker, body ?? "");
  if (state === "unmarked" || user?.login.toLowerCase() !== account.toLowerCase()) return "person";
  return state === "intact" ? "command" : "edited";
}
