import type { Part } from "./part.js";

/** Part of a build's time in which Go compiles; the linker takes the rest. */
const compiling = 0.9;
/** Seconds of measured work after which the pace of this machine says more than the usual range of machines. */
const paceAfter = 60;
/** The middle of the usual range, see planMessage. */
const usualPace = 1.35;

/** Foretells how long a build takes, from the seconds that each part took in an earlier one. */
export class Estimate {
  readonly #parts: readonly Part[];
  readonly #finished = new Set<Part>();

  /** @param parts everything that has to be built */
  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  /** Seconds of the earlier build for all parts. */
  get total(): number {
    return this.#parts.reduce((sum, part) => sum + cost(part), 0);
  }

  finish(part: Part): void {
    this.#finished.add(part);
  }

  /**
   * Seconds until all parts are built.
   * @param elapsed seconds since the build began
   * @param running the parts that are being built, with the packages that are compiled
   */
  left(elapsed: number, running: ReadonlyMap<Part, number>): number {
    let done = 0;
    for (const part of this.#parts) {
      if (this.#finished.has(part)) done += cost(part);
      else done += cost(part) * compiling * fraction(running.get(part) ?? 0, part);
    }
    const pace = done < paceAfter ? usualPace : elapsed / done;
    return (this.total - done) * pace;
  }
}

/** A copied program takes no time. */
function cost({ recipe, supplied }: Part): number {
  return supplied === undefined ? recipe.coldSeconds : 0;
}

function fraction(packages: number, { recipe }: Part): number {
  const expected = recipe.coldPackages ?? 0;
  return expected === 0 ? 0 : Math.min(1, packages / expected);
}
