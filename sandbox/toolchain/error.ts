import { firstBuild, firstBuildGB } from "./first-build.js";

/** A part that cannot be had: says which, in the failing command's own words, and what to do. */
export class ToolchainError extends Error {
  override readonly name = "ToolchainError";

  /**
   * @param part what was wanted: a binary (`kube-apiserver`), a tool (`go`)
   * @param what what went wrong, one line, naming the part
   * @param advice what the reader can do about it
   * @param output the failing command's last lines, as they were
   */
  constructor(
    readonly part: string,
    what: string,
    readonly advice: string,
    output = "",
  ) {
    super([what, ...(output === "" ? [] : [indent(output)]), `What to do: ${advice}`].join("\n"));
  }
}

/** The last lines of a command's output: its own words, without the noise of downloads that went well. */
export function lastLogLines(output: string, lines = 20): string {
  return output
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("go: downloading "))
    .slice(-lines)
    .join("\n");
}

/** The advice for a failed command, by its output: causes that a user can remove first, then the general case. */
export function adviceFor(output: string, repeat: string): string {
  if (/no space left on device|disk quota exceeded/i.test(output)) {
    return `free disk space: a first build needs about ${firstBuildGB} GB, most of it Go's own caches (\`go clean -cache\` empties one).`;
  }
  if (/signal: killed|cannot allocate memory|out of memory/i.test(output)) {
    return `free memory: the linker of the largest part needs about ${firstBuild.linkerGiB} GiB. Then run the same command again.`;
  }
  if (/dial tcp|no such host|i\/o timeout|connection refused|TLS handshake|proxyconnect|unexpected EOF/i.test(output)) {
    return "check the network and `go env GOPROXY`, then run the same command again: finished parts are kept.";
  }
  if (/SECURITY ERROR|checksum mismatch|missing go\.sum entry|updates to go\.(mod|sum) needed/i.test(output)) {
    return "the pins of sandbox/toolchain do not match what was downloaded: restore its go.mod and go.sum from Git.";
  }
  return `read the output above, and repeat the step alone with \`${repeat}\`. Finished parts are kept.`;
}

function indent(text: string): string {
  return text.replace(/^/gm, "  | ");
}
