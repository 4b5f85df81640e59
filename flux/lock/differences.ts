import type { Problem } from "../../lib/diagnostics/problem.js";
import { LOCK_FILE, type LockEntry, type LockedController } from "../release/lock.js";

/** A value that differs from the locked one. */
export interface Difference {
  /** Path below the version: `digest`, `controllers.source-controller.digest`. */
  readonly path: string;
  readonly locked: string;
  readonly found: string;
}

/** The differences between two entries of the same version. */
export function entryDifferences(
  { controllers: before, ...locked }: LockEntry,
  { controllers: after, ...found }: LockEntry,
): Difference[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const controllers = names.flatMap((name) => {
    const path = `controllers.${name}`;
    const [was, is] = [before[name], after[name]];
    if (was && is) return differing(`${path}.`, was, is);
    return [{ path, locked: imageName(was), found: imageName(is) }];
  });
  return [...differing("", locked, found), ...controllers];
}

type Fields = Readonly<Record<string, string | number>>;

function differing(prefix: string, locked: Fields, found: Fields): Difference[] {
  const fields = Object.keys(locked).filter((field) => locked[field] !== found[field]);
  return fields.map((field) => ({ path: prefix + field, locked: String(locked[field]), found: String(found[field]) }));
}

function imageName(controller: LockedController | undefined): string {
  return controller ? `${controller.image}:${controller.version}` : "nothing";
}

/** The problem of a difference. */
export function differenceProblem(version: string, { path, locked, found }: Difference, fix: string): Problem {
  return { file: LOCK_FILE, path: `${version}.${path}`, message: `is locked as ${locked}, and is now ${found}`, fix };
}
