/** The progress of a build. `message` is for people, the rest for programs. */
export interface BuildProgress {
  /**
   * - `plan`: something must be built; says how much and about how long
   * - `waiting`: another run builds; repeated every half second
   * - `start`: a part is started
   * - `tick`: the same part is still being built; repeated every second, so a log may leave it out
   * - `built`: a part is finished
   * - `ready`: everything is there
   */
  readonly phase: "plan" | "waiting" | "start" | "tick" | "built" | "ready";
  /** One line for people. */
  readonly message: string;
  /** The part in question. @default none: the event is about the whole */
  readonly part?: string;
  /** Parts finished, of `total`. While waiting, those of the other run. */
  readonly done: number;
  /** Parts that this run has to build; while waiting, those of the table. */
  readonly total: number;
  /** Seconds since the run, or the wait, began. */
  readonly elapsedSeconds: number;
}

/** Seconds for which the last download is shown: Go says when one begins, but not that it compiles afterwards. */
const downloadSeconds = 5;

/**
 * The download that Go's last line names: `, downloading k8s.io/api v0.36.3`. Empty when it is none, or not a recent one.
 * @param ageSeconds since the line was printed
 */
export function downloadNote(line: string, ageSeconds: number): string {
  const [, download] = /^go: (downloading .+)$/.exec(line) ?? [];
  return download === undefined || ageSeconds > downloadSeconds ? "" : `, ${download}`;
}

/** `75` -> `1 min 15 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** The estimate given before anything is built: two cold builds on 2 cores, on machines alike, took 20 and 36 minutes. */
export function planMessage(parts: number, coldSeconds: number): string {
  const minutes = Math.max(1, Math.round(coldSeconds / 60));
  return (
    `${parts} of the sandbox's real parts must be built from Go sources: ` +
    `about ${minutes} to ${Math.ceil(minutes * 1.7)} min on 2 cores, ` +
    "far less where Go has them in its caches. This happens once for each version."
  );
}
