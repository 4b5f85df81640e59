import type { LockEntry, LockedController } from "../release/lock.js";

/** A value that differs from the locked one. */
export interface Difference {
  /** Path below the version: `digest`, `controllers.source-controller.digest`. */
  readonly path: string;
  readonly locked: string;
  readonly found: string;
}

/** The differences between two entries of the same version. */
export function entryDifferences(locked: LockEntry, found: LockEntry): Difference[] {
  const names = [...new Set([...Object.keys(locked.controllers), ...Object.keys(found.controllers)])].sort();
  return [
    ...differing("source", locked.source, found.source),
    ...differing("digest", locked.digest, found.digest),
    ...differing("objects", String(locked.objects), String(found.objects)),
    ...names.flatMap((name) =>
      controllerDifferences(`controllers.${name}`, locked.controllers[name], found.controllers[name]),
    ),
  ];
}

function controllerDifferences(path: string, locked?: LockedController, found?: LockedController): Difference[] {
  if (!locked || !found) return [{ path, locked: inWords(locked), found: inWords(found) }];
  return [
    ...differing(`${path}.version`, locked.version, found.version),
    ...differing(`${path}.image`, locked.image, found.image),
    ...differing(`${path}.digest`, locked.digest, found.digest),
  ];
}

function differing(path: string, locked: string, found: string): Difference[] {
  return locked === found ? [] : [{ path, locked, found }];
}

function inWords(controller: LockedController | undefined): string {
  return controller ? `${controller.image}:${controller.version}` : "nothing";
}
