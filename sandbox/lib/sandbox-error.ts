/** Something that the reader of the message can understand and put right without looking into the program. */
export class SandboxError extends Error {
  override readonly name = "SandboxError";

  /**
   * @param what what went wrong, one line
   * @param advice what to do about it
   * @param log the last lines of the log of the part that failed, if there is one
   */
  constructor(what: string, advice: string, log?: { readonly file: string; readonly tail: string }) {
    const words = log === undefined ? [] : [`The end of its log (${log.file}):`, log.tail.replace(/^/gm, "  | ")];
    super([what, ...words, `What to do: ${advice}`].join("\n"));
  }
}
