import { median } from "../median.js";

/** The measured jobs, in the order in which a round does them. */
export const jobs = ["up", "preview", "change", "destroy"] as const;

/** One of {@link jobs}. */
export type Job = (typeof jobs)[number];

/** Everyone who does the jobs: the program, its peer, and the floor, which changes no single tenant. */
export type Contestant = "fleet" | "peer" | "floor";

/** Seconds of each round, by job. */
export type Samples = Readonly<Record<Contestant, Readonly<Partial<Record<Job, readonly number[]>>>>>;

/** Parts of jobs that no program of Pulumi can avoid. */
export const unavoidableParts = ["emptyPreview", "firstPreview"] as const;

/** Seconds of each round, by part. */
export type UnavoidableSeconds = Readonly<Record<(typeof unavoidableParts)[number], readonly number[]>>;

/** The jobs that write the state, in the order in which a round does them. */
export const writingJobs = ["up", "change", "destroy"] as const satisfies readonly Job[];

/** Seconds of each round of the program that writes its state once, without the engine's own preview. */
export type SecondsWithoutCheckpoints = Readonly<Record<(typeof writingJobs)[number], readonly number[]>>;

/** The measurements for one number of tenants. */
export interface PeerSize {
  readonly tenants: number;
  readonly seconds: Samples;
  /** @default none: not measured */
  readonly unavoidable?: UnavoidableSeconds;
  /** @default none: not measured */
  readonly withoutCheckpoints?: SecondsWithoutCheckpoints;
  /** GitHub requests of the first round. */
  readonly requests: Readonly<Record<"fleet" | "peer", Readonly<Record<Job, number>>>>;
}

/** The measurements beside a peer. */
export interface PeerResult {
  /** Name of the peer, for people. */
  readonly name: string;
  /** Rounds of each number of tenants. */
  readonly rounds: number;
  readonly sizes: readonly PeerSize[];
}

/** The medians of one job, and what the program is compared with. */
export interface Comparison {
  readonly job: Job;
  readonly fleet: number;
  readonly peer: number;
  /** @default none: the floor does not do this job */
  readonly floor?: number;
  /** Time of the program by the time of the peer. */
  readonly peerRatio: number;
  /** @default none, like `floor` */
  readonly floorRatio?: number;
}

/** Goals: the program is ahead of its peer in each job, and `up` takes at most twice its floor. */
export const goals = { peerRatio: 1, floorRatio: 2 } as const;

/** Jobs whose ratio to the floor has a goal. */
const jobsWithFloorGoal: readonly Job[] = ["up"];

/** The comparison of each job. @throws Error when a job was not measured */
export function compare({ tenants, seconds }: Pick<PeerSize, "tenants" | "seconds">): Comparison[] {
  return jobs.map((job) => {
    const [fleet, peer, floor] = (["fleet", "peer", "floor"] as const).map((one) => median(seconds[one][job] ?? []));
    if (fleet === undefined || peer === undefined || Number.isNaN(fleet + peer)) {
      throw new Error(`${job} of ${tenants} tenants was not measured.`);
    }
    const compared = { job, fleet, peer, peerRatio: fleet / peer };
    return floor === undefined || Number.isNaN(floor) ? compared : { ...compared, floor, floorRatio: fleet / floor };
  });
}

/** Whether a comparison meets its goals. A missed goal fails no run: times depend on the machine. */
export function isMet({ job, peerRatio, floorRatio }: Comparison): boolean {
  const floorIsMet = !jobsWithFloorGoal.includes(job) || floorRatio === undefined || floorRatio <= goals.floorRatio;
  return peerRatio < goals.peerRatio && floorIsMet;
}
