import { InvalidArgumentError } from "commander";
import { didYouMean, nearMatches } from "../../../lib/diagnostics/near-match.js";

/** Other programs that the benchmark can run on the same objects. */
export const peers = ["opentofu"] as const;

/** One of {@link peers}. */
export type Peer = (typeof peers)[number];

/**
 * Reads the value of `--peer`.
 * @throws InvalidArgumentError with a suggestion
 */
export function parsePeer(text: string): Peer {
  const peer = peers.find((known) => known === text);
  if (peer !== undefined) return peer;
  throw new InvalidArgumentError(didYouMean(nearMatches(text, peers), `Known peers: ${peers.join(", ")}.`));
}
