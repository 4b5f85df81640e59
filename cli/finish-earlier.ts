import type { Streams } from "./streams.js";

/**
 * Finishes the files of an earlier command that was killed while it wrote them, before this one reads them.
 * @throws FleetError for a dry run, which writes nothing, and for files that were changed since
 */
export async function finishEarlier(root: string, out: Streams["out"], dryRun: boolean): Promise<void> {
  const { completeWrites, requireComplete } = await import("./write-journal.js");
  if (dryRun) return requireComplete(root);
  const files = completeWrites(root);
  if (files.length > 0) out(`Completed the files of an earlier command, which was killed: ${files.join(", ")}.\n`);
}
