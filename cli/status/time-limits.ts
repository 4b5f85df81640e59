import { type Clock, type Wait, waitsUntil } from "../../lib/time/waits.js";
import type { ClusterLimits } from "../cluster/api-client.js";

/** The limits of one look, in milliseconds. */
export interface LookTimes extends Required<Pick<ClusterLimits, "answerMs" | "loginMs">> {
  /** For all clusters, since the start of the command, or of a further look. */
  readonly clustersMs: number;
  /** For GitHub, which is asked last. */
  readonly gitHubMs: number;
  /** For the clusters once the files are loaded, as long as all waits end by {@link lastMs}. */
  readonly leastMs: number;
  /** For all waits since the start of the command. */
  readonly lastMs: number;
  /** For the clusters and for GitHub, however long the start took: a look that asks nothing is of no use. */
  readonly shortest: { readonly clustersMs: number; readonly gitHubMs: number };
}

/**
 * The limits of `fleet status`. All waits end 8 s after the start of the command, and 9 s after it where the start took up to
 * 7.5 s. The rest of the 10 s is for the output. Logins take long: several start an interpreter, and ask a cloud.
 */
export const statusTimes: LookTimes = {
  answerMs: 2500,
  loginMs: 4000,
  clustersMs: 7000,
  gitHubMs: 1000,
  leastMs: 2000,
  lastMs: 9000,
  shortest: { clustersMs: 1000, gitHubMs: 500 },
};

/** The limits of all waits of one look. */
export interface LookLimits {
  readonly limits: ClusterLimits;
  readonly waitForGitHub: () => Wait;
  /** Says that the files are loaded, which may have taken all of the time. */
  readonly onLoaded: () => void;
}

/**
 * The limits of a look, of which no wait outlasts the time of the whole look.
 * @param begun when it began, in milliseconds since the start of the command. 0 for the first one, which includes the start
 */
export function lookLimits(
  { answerMs, loginMs, clustersMs, gitHubMs, leastMs, lastMs, shortest }: LookTimes,
  begun: number,
  clock: Clock,
): LookLimits {
  const last = begun + lastMs;
  const endFromNow = () => {
    const wanted = Math.max(begun + clustersMs, clock.now() + leastMs);
    return Math.max(Math.min(wanted, last - gitHubMs), clock.now() + shortest.clustersMs);
  };
  let end = endFromNow();
  const begin = waitsUntil(() => end, clock);
  const untilOutput = waitsUntil(() => Math.max(Math.min(end + gitHubMs, last), end + shortest.gitHubMs), clock);
  // A fleet of many branches may use the time that its clusters left.
  const waitForGitHub = () => untilOutput(longestGitHubMs);
  const onLoaded = () => {
    end = endFromNow();
  };
  return { limits: { answerMs, loginMs, begin }, waitForGitHub, onLoaded };
}

/** Milliseconds for GitHub where the clusters answered at once. */
const longestGitHubMs = 4000;
