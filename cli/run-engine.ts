import { spawn } from "node:child_process";
import { once } from "node:events";
import { previewVariables } from "./engine-options.js";
import { JobError } from "./explain.js";
import { interruptible } from "./start/tasks.js";

/** Options of an update that a person chooses. */
export interface EngineOptions {
  /** Whether the engine updates without asking. */
  readonly yes: boolean;
  readonly skipPreview: boolean;
  /** Whether the engine only shows the changes. */
  readonly previewOnly: boolean;
}

/** The arguments of `pulumi` for an update of a stack. @param further arguments that choose resources */
export function engineOptions(
  { stack, yes, skipPreview, previewOnly }: EngineOptions & { readonly stack: string },
  further: readonly string[],
): readonly string[] {
  return [
    previewOnly ? "preview" : "up",
    ...["--stack", stack, ...further],
    ...(yes && !previewOnly ? ["--yes"] : []),
    ...(skipPreview && !previewOnly ? ["--skip-preview"] : []),
  ];
}

/** Runs the engine on the terminal of this process. @throws JobError if it fails, or could not be started */
export async function runEngine(
  args: readonly string[],
  cwd: string,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const engine = startEngine(args, cwd, variables);
  // A terminal sends its interrupt to the engine, too. A second one would make the engine stop at once.
  const onSignal = () => process.stdin.isTTY || engine.kill("SIGINT");
  await interruptible(onSignal, async () => {
    const [code, signal] = await once(engine, "exit").catch(failToStart);
    if (code === 0) return;
    const failure = `pulumi ${args[0]} failed (${signal ?? `exit code ${code}`}): its own words are above.`;
    throw new JobError(`${failure}\nWhat to do: correct what it names, and run the command again.`);
  });
}

function startEngine(args: readonly string[], cwd: string, variables: Readonly<Record<string, string>>) {
  const ofCommand = args[0] === "preview" ? previewVariables(process.env) : {};
  try {
    return spawn("pulumi", args, { cwd, env: { ...process.env, ...ofCommand, ...variables }, stdio: "inherit" });
  } catch (error) {
    return failToStart(error as NodeJS.ErrnoException);
  }
}

/** Node throws at once for too long arguments, and emits an error for a program that is not there. */
function failToStart({ code, message }: NodeJS.ErrnoException): never {
  const failure = "pulumi could not be started:";
  if (code === "E2BIG") {
    const reason = "the arguments are longer than the system allows (E2BIG). Each resource that stays is one";
    throw new JobError(
      `${failure} ${reason}.\nWhat to do: promote some of the tenants that stay first, or raise the limit: ulimit -s unlimited.`,
    );
  }
  const reason = code === "ENOENT" ? "it is not in PATH" : message;
  throw new JobError(`${failure} ${reason}.\nWhat to do: install Pulumi, or add it to PATH.`);
}
