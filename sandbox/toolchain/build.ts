import { statfsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { BuildLog } from "./build-log.js";
import { buildPart, removeUnfinished } from "./build-part.js";
import { Estimate } from "./estimate.js";
import { downloadPackages } from "./go.js";
import type { Part } from "./part.js";
import { isWhole, readRecord } from "./part-record.js";
import type { Plan } from "./plan.js";
import { type BuildProgress, duration, planMessage, timeLeft } from "./progress.js";
import { buildsAtOnce, type Machine, nextPart } from "./schedule.js";
import { buildOrder, withNeeds } from "./wanted-parts.js";

/**
 * Builds the parts that a plan asks for and the cache lacks, two at once where the machine is large enough. A finished
 * part stays whatever happens to the others, so an interrupted build goes on where it was. To be called under the lock.
 *
 * @param machine @default this one
 * @throws ToolchainError naming the part that failed
 */
export async function buildMissing(
  plan: Plan,
  signal: AbortSignal,
  onProgress: (progress: BuildProgress) => void,
  machine: () => Machine = () => thisMachine(plan.cache),
): Promise<void> {
  await removeUnfinished(plan);
  const missing = new Set(await unfinished(plan.parts));
  const parts = buildOrder(withNeeds(plan.parts, plan.wanted, (part) => missing.has(part)));
  if (parts.length > 0) await new Build(plan, parts, signal, onProgress).run(machine);
}

/** The parts that the cache does not have, or not as they were finished. */
export async function unfinished(parts: readonly Part[]): Promise<readonly Part[]> {
  const finished = await Promise.all(
    parts.map(async (part) => {
      const record = await readRecord(part);
      return record !== undefined && (await isWhole(part.file, record));
    }),
  );
  return parts.filter((_, index) => !finished[index]);
}

/** @param folder folder on the disk whose free space counts */
function thisMachine(folder: string): Machine {
  const { bavail, bsize } = statfsSync(folder);
  return {
    processors: availableParallelism(),
    availableBytes: process.availableMemory(),
    freeDiskBytes: bavail * bsize,
  };
}

/** A part that is being built. */
interface Running {
  /** `[3/17] pulumi v3.276.0` */
  readonly title: string;
  readonly log: BuildLog;
}

/** One build of several parts. */
class Build {
  readonly #began = Date.now();
  readonly #plan: Plan;
  readonly #parts: readonly Part[];
  readonly #onProgress: (progress: BuildProgress) => void;
  readonly #estimate: Estimate;
  readonly #waiting: Part[];
  readonly #running = new Map<Part, Running>();
  readonly #downloads = new Map<Part, Promise<void>>();
  /** Aborted when a part has failed: the others end too. */
  readonly #failed = new AbortController();
  readonly #signal: AbortSignal;
  #done = 0;

  constructor(plan: Plan, parts: readonly Part[], signal: AbortSignal, onProgress: (event: BuildProgress) => void) {
    this.#plan = plan;
    this.#parts = parts;
    this.#waiting = [...parts];
    this.#estimate = new Estimate(parts);
    this.#signal = AbortSignal.any([signal, this.#failed.signal]);
    this.#onProgress = onProgress;
  }

  async run(machine: () => Machine): Promise<void> {
    const toBuild = this.#parts.filter(({ supplied }) => supplied === undefined).length;
    if (toBuild > 0) this.#tell("plan", planMessage(toBuild, this.#estimate.total, machine().freeDiskBytes));
    const ticking = setInterval(() => this.#tick(), 1000);
    const builds = new Set<Promise<void>>();
    try {
      while (this.#waiting.length + builds.size > 0) {
        while (builds.size < buildsAtOnce(machine())) {
          const part = nextPart(this.#waiting, [...this.#running.keys()]);
          if (part === undefined) break;
          const build = this.#build(part).finally(() => builds.delete(build));
          builds.add(build);
        }
        await Promise.race(builds);
      }
    } catch (error) {
      this.#failed.abort(error);
      await Promise.allSettled([...builds, ...this.#downloads.values()]);
      throw error;
    } finally {
      clearInterval(ticking);
    }
  }

  async #build(part: Part): Promise<void> {
    this.#waiting.splice(this.#waiting.indexOf(part), 1);
    const { name, version } = part.recipe;
    const number = this.#parts.length - this.#waiting.length;
    const began = this.#elapsed;
    const title = `[${number}/${this.#parts.length}] ${name} ${version}`;
    const running = { title, log: new BuildLog(part.recipe) };
    this.#running.set(part, running);
    this.#tell("start", `${title}: ${part.supplied === undefined ? "building" : "copying"}; ${this.#left}`, name);
    await this.#download(part, running.log);
    running.log.begin();
    this.#downloadAhead();
    await buildPart(this.#plan, part, this.#signal, running.log);
    this.#running.delete(part);
    this.#estimate.finish(part);
    this.#done += 1;
    const how = part.supplied === undefined ? "built" : "copied";
    this.#tell("built", `${title}: ${how} in ${duration(this.#elapsed - began)}`, name);
  }

  /** Downloads for the next part while the processors compile. A failure is that part's, when its turn comes. */
  #downloadAhead(): void {
    const next = nextPart(this.#waiting, []);
    if (next !== undefined) this.#download(next).catch(() => undefined);
  }

  /** Downloads the modules of a part once. Other parts than plain programs download while they are built. */
  #download(part: Part, log?: BuildLog): Promise<void> {
    const { recipe, supplied } = part;
    if (recipe.kind !== "go" || recipe.embeds !== undefined || supplied !== undefined) return Promise.resolve();
    const known = this.#downloads.get(part);
    if (known !== undefined) return known;
    const download = downloadPackages(this.#plan.go, recipe.package, {
      cwd: join(this.#plan.source, recipe.module),
      part: `downloading the sources of ${recipe.name} ${recipe.version}`,
      signal: this.#signal,
      onLine: (line) => log?.take(line),
    });
    this.#downloads.set(part, download);
    return download;
  }

  #tick(): void {
    const states = [...this.#running].map(
      ([{ supplied }, { title, log }]) => `${title}: ${supplied === undefined ? log.state : "copying"}`,
    );
    const [part] = this.#running.keys();
    if (part !== undefined) this.#tell("tick", `${states.join("; ")}; ${this.#left}`, part.recipe.name);
  }

  get #elapsed(): number {
    return (Date.now() - this.#began) / 1000;
  }

  get #left(): string {
    const packages = new Map([...this.#running].map(([part, { log }]) => [part, log.packages] as const));
    return timeLeft(this.#estimate.left(this.#elapsed, packages));
  }

  #tell(phase: BuildProgress["phase"], message: string, part?: string): void {
    const counts = { done: this.#done, total: this.#parts.length, elapsedSeconds: this.#elapsed };
    this.#onProgress({ phase, message, ...(part === undefined ? {} : { part }), ...counts });
  }
}
