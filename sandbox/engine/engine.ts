import { existsSync, statSync } from "node:fs";
import { chmod, lstat, mkdir, readFile, readlink, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { writePrivateFile } from "../lib/private-file.js";
import { SandboxError } from "../lib/sandbox-error.js";
import { shellQuote } from "../lib/shell-quote.js";
import type { Secrets } from "../state/secrets.js";
import type { StatePaths } from "../state/state-directory.js";
import type { Toolchain } from "../toolchain/toolchain.js";

/** Name of the Pulumi project, as Pulumi.yaml has it: the engine files stacks under it. */
const project = "fleet";

/**
 * The variables by which Pulumi's engine works on the sandbox, whatever the stack.
 *
 * All stacks share one backend, as they would in production: a stack can read another's outputs, and `pulumi stack ls`
 * shows them all. The engine locks each stack by itself, so two of them can be updated at once.
 */
export function engineVariables(paths: StatePaths, secrets: Secrets): Record<string, string> {
  return {
    PULUMI_HOME: paths.pulumiHome,
    PULUMI_BACKEND_URL: `file://${paths.pulumiBackend}`,
    PULUMI_CONFIG_PASSPHRASE: secrets.pulumiPassphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // The checkout holds no salt (see pulumi.sh): the one in the stack's state is used.
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
  };
}

/** Makes the engine's home, with the toolchain's plugins, and the `pulumi` that leaves the checkout alone. */
export async function prepareEngine(paths: StatePaths, toolchain: Toolchain): Promise<void> {
  for (const directory of [paths.pulumiHome, paths.pulumiBackend, paths.pulumiConfig]) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  }
  await link(join(paths.pulumiHome, "plugins"), toolchain.plugins);
  await disableEngineLog(join(paths.pulumiHome, "logs"));
  await writePrivateFile(join(paths.pulumiProject, "Pulumi.yaml"), `name: ${project}\nruntime: nodejs\n`);
  const command = join(paths.bin, "pulumi");
  await writePrivateFile(command, wrapper(paths, toolchain));
  await chmod(command, 0o700);
}

/**
 * Keeps the engine from logging every message of every command: 13 MB and a quarter of the processor time of a preview.
 * The engine has no setting for it. It goes on without a log where it cannot create the log's folder.
 * @see https://github.com/pulumi/pulumi/blob/v3.276.0/pkg/cmd/pulumi/pulumi.go StartLogging
 */
async function disableEngineLog(folder: string): Promise<void> {
  if (statSync(folder, { throwIfNoEntry: false })?.isFile()) return;
  await rm(folder, { recursive: true, force: true });
  await writePrivateFile(folder, "");
}

/** The script that is found as `pulumi`: says what is where, the rest is pulumi.sh. */
function wrapper(paths: StatePaths, toolchain: Toolchain): string {
  return [
    "#!/bin/sh",
    `FLEET_PULUMI=${shellQuote(join(toolchain.bin, "pulumi"))}`,
    `FLEET_PULUMI_PROJECT=${shellQuote(paths.pulumiProject)}`,
    `FLEET_PULUMI_CONFIG=${shellQuote(paths.pulumiConfig)}`,
    "export FLEET_PULUMI FLEET_PULUMI_PROJECT FLEET_PULUMI_CONFIG",
    `exec /bin/sh ${shellQuote(join(import.meta.dirname, "pulumi.sh"))} "$@"`,
    "",
  ].join("\n");
}

/**
 * Creates a stack, empty, unless there is one of that name.
 * @throws SandboxError with the engine's own words
 */
export async function ensureStack(
  paths: StatePaths,
  toolchain: Toolchain,
  secrets: Secrets,
  stack: string,
): Promise<void> {
  // A wrong guess would only cost the question.
  if (existsSync(stackFile(paths, stack))) return;
  // A salt whose stack is gone would be taken for the new one; nothing needs it any more.
  await rm(join(paths.pulumiProject, `Pulumi.${stack}.yaml`), { force: true });
  const result = await execa(
    join(toolchain.bin, "pulumi"),
    ["stack", "init", stack, "--no-select", "--non-interactive", "--color", "never", "--cwd", paths.pulumiProject],
    { env: engineVariables(paths, secrets), reject: false, all: true, stdin: "ignore", timeout: 60_000 },
  );
  if (result.failed && !result.all.includes("already exists")) {
    throw new SandboxError(
      `Pulumi could not create the stack ${stack}: ${result.all.trim() || (result.shortMessage ?? "")}`,
      `look at ${paths.pulumiBackend}, or begin anew with \`npx fleet sandbox down --purge\`.`,
    );
  }
}

/** Where the engine keeps a stack's state. @see pkg/backend/diy/store.go */
function stackFile(paths: StatePaths, stack: string): string {
  return join(paths.pulumiBackend, ".pulumi", "stacks", project, `${stack}.json`);
}

/** The part of a stack's state that says whether it has resources. The state of a new stack has no such list. */
const stateSchema = z.object({
  checkpoint: z.object({ latest: z.object({ resources: z.array(z.unknown()).nullish() }).nullish() }),
});

/** Whether the state of a stack has no resource. A state that cannot be read counts as one that has. */
export async function isEmptyStack(paths: StatePaths, stack: string): Promise<boolean> {
  const text = await readFile(stackFile(paths, stack), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  // PULUMI_DIY_BACKEND_GZIP has the engine write this file in its place.
  if (text === undefined) return !existsSync(`${stackFile(paths, stack)}.gz`);
  const state = stateSchema.safeParse(parsed(text));
  return state.success && (state.data.checkpoint.latest?.resources ?? []).length === 0;
}

/** A state that its disk had no room for is no JSON. The engine itself says so. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Makes a symbolic link, in place of one that points elsewhere. */
async function link(path: string, target: string): Promise<void> {
  try {
    if ((await lstat(path)).isSymbolicLink() && (await readlink(path)) === target) return;
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  await symlink(target, path);
}
