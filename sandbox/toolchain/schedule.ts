import { firstBuild } from "./first-build.js";
import type { Part } from "./part.js";

/** Bytes that the linker of the largest part takes. */
const linkerBytes = firstBuild.linkerGiB * 2 ** 30;

/** The machine, as far as the number of builds depends on it. */
export interface Machine {
  readonly processors: number;
  /** Bytes of memory that programs can still take. */
  readonly availableBytes: number;
  /** Bytes of disk that are free where the parts and, by default, Go's caches lie. */
  readonly freeDiskBytes: number;
}

/**
 * How many parts are built at once. Go compiles packages in parallel by itself, but the linker and the largest packages
 * leave processors idle: alone on two, it keeps both busy for four fifths of the time. A second build fills these gaps.
 * It needs the memory of a second linker.
 */
export function buildsAtOnce({ processors, availableBytes }: Omit<Machine, "freeDiskBytes">): 1 | 2 {
  return processors >= 2 && availableBytes >= 2 * linkerBytes ? 2 : 1;
}

/**
 * The next part that can be built. Parts of one module folder are never built at once: they have packages in common,
 * which both builds would compile. Parts of two folders have some as well: by the times of all packages, these cost 1 %.
 * @param waiting parts that have not begun, in the order in which they are wanted
 * @param running parts that are being built
 * @returns `undefined` when all of them have to wait for a running part
 */
export function nextPart(waiting: readonly Part[], running: readonly Part[]): Part | undefined {
  const unfinished = new Set([...waiting, ...running].map(({ recipe }) => recipe.name));
  const modules = new Set(running.flatMap((part) => (part.supplied === undefined ? [part.recipe.module] : [])));
  return waiting.find(
    ({ recipe, supplied }) =>
      supplied !== undefined ||
      (!modules.has(recipe.module) && !(recipe.needs ?? []).some((name) => unfinished.has(name))),
  );
}
