import type { Cache } from "./cache.mjs";

/** A program as one script. */
export interface ProgramBundle {
  readonly code: string;
  /** Positions of the sources. */
  readonly positions: Uint8Array;
  /** Paths of all its files below its folder, packages included. */
  readonly files: readonly string[];
}

/** The program that {@link programBundle} bundles. */
export interface BundledProgram {
  /** Folder of the program. */
  readonly root: string;
  /** Path of its first module in the folder. */
  readonly entry: string;
  /** Folder of this project, whose bundler runs. */
  readonly home: string;
  /** Whether nothing else writes to the program's folder. @default false */
  readonly isPrivate?: boolean;
}

/** The bundle of a program, from the cache if no input has changed since. */
export function programBundle(program: BundledProgram, cache: Cache): Promise<ProgramBundle>;
