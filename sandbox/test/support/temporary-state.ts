import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type StatePaths, statePaths } from "../../state/state-directory.js";

/** An empty state directory for each test of a `describe`. */
export function useTemporaryState(): () => StatePaths {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "fleet-state-"));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return () => statePaths(directory);
}
