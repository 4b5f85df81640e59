import { chmod } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { writePrivateFile } from "../lib/private-file.js";
import { shellQuote } from "../lib/shell-quote.js";
import { checkout, type StatePaths } from "../state/state-directory.js";
import type { Toolchain } from "../toolchain/toolchain.js";

/**
 * Writes the `flux` of a sandbox's shell: the CLI of the toolchain, which is built before its first run. No other part
 * of the sandbox needs it.
 * @param environment FLEET_PARTS, as the toolchain was built with it
 */
export async function writeFluxCommand(
  paths: StatePaths,
  toolchain: Toolchain,
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const command = join(paths.bin, "flux");
  await writePrivateFile(command, script(toolchain, environment));
  await chmod(command, 0o700);
}

function script({ bin, dir }: Toolchain, { FLEET_PARTS = "" }: NodeJS.ProcessEnv): string {
  const tsx = createRequire(import.meta.url).resolve("tsx/esm");
  const program = join(import.meta.dirname, "../toolchain/provide-part.ts");
  const build = [process.execPath, "--import", tsx, program, "flux"].map(shellQuote).join(" ");
  return [
    "#!/bin/sh",
    "set -eu",
    `flux=${shellQuote(join(bin, "flux"))}`,
    'if [ ! -x "$flux" ]; then',
    // A shell may have other values than the command that made this file.
    `  FLEET_TOOLCHAIN_CACHE=${shellQuote(dirname(dir))} FLEET_PARTS=${shellQuote(FLEET_PARTS)}`,
    "  export FLEET_TOOLCHAIN_CACHE FLEET_PARTS",
    `  flux=$(cd ${shellQuote(checkout)} && ${build})`,
    "fi",
    'exec "$flux" "$@"',
    "",
  ].join("\n");
}
