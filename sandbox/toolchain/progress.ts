import { diskWarning } from "./first-build.js";

/** The progress of a build. `message` is for people, the rest for programs. */
export interface BuildProgress {
  /**
   * - `supplied`: a program of this machine takes the place of a build, or does not, and why
   * - `plan`: something must be built; says how much and about how long
   * - `waiting`: another run builds; repeated every half second
   * - `start`: a part is started
   * - `tick`: parts are still being built; repeated every second, so a log may leave it out
   * - `built`: a part is finished
   * - `ready`: everything is there
   */
  readonly phase: "supplied" | "plan" | "waiting" | "start" | "tick" | "built" | "ready";
  /** One line for people. */
  readonly message: string;
  /** The part in question. @default none: the event is about the whole */
  readonly part?: string;
  /** Parts finished, of `total`. While waiting, those of the other run. */
  readonly done: number;
  /** Parts that this run has to build; while waiting, those that it asks for. */
  readonly total: number;
  /** Seconds since the run, or the wait, began. */
  readonly elapsedSeconds: number;
}

/** `75` -> `1 min 15 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `1260` -> `about 21 min left`. */
export function timeLeft(seconds: number): string {
  return seconds < 60 ? "less than a minute left" : `about ${Math.round(seconds / 60)} min left`;
}

/** The estimate given before anything is built: machines of 2 cores differ by a factor of two. */
export function planMessage(parts: number, coldSeconds: number, freeDiskBytes: number): string {
  const minutes = Math.max(1, Math.round(coldSeconds / 60));
  return (
    `${parts} of the sandbox's real parts must be built from Go sources: ` +
    `about ${minutes} to ${Math.ceil(minutes * 1.8)} min on 2 cores, ` +
    `far less where Go has them in its caches. This happens once for each version.${diskWarning(freeDiskBytes)}`
  );
}
