import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claimStateDirectory } from "../../state/ownership.js";
import { type StatePaths, statePaths } from "../../state/state-directory.js";

/** A new state directory for each test of a `describe`. */
export function useTemporaryState(): () => StatePaths {
  let directory: string;
  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), "fleet-state-"));
    await claimStateDirectory(statePaths(directory));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return () => statePaths(directory);
}
