/** The parts of a machine that a process needs. */
export interface NeededFiles {
  /** Folders that it reads. */
  readonly folders: readonly string[];
  /** The only file that it writes. */
  readonly written: string;
}

/**
 * Flags of Node for a process that runs the code of anyone: it writes no other file, and starts neither programs nor threads.
 * Node 22 and newer also let it read its folders alone; Node 20 ends at several of them, so there it reads every file.
 * @param known flags that this version of Node has
 * @see https://nodejs.org/api/permissions.html#process-based-permissions
 */
export function restrictions(
  { folders, written }: NeededFiles,
  known: ReadonlySet<string> = process.allowedNodeEnvironmentFlags,
): string[] {
  const write = `--allow-fs-write=${written}`;
  if (!known.has("--permission")) {
    return ["--experimental-permission", "--disable-warning=ExperimentalWarning", "--allow-fs-read=*", write];
  }
  // Flux's manifest is fetched.
  const network = known.has("--allow-net") ? ["--allow-net"] : [];
  return ["--permission", ...folders.map((folder) => `--allow-fs-read=${folder}`), write, ...network];
}
