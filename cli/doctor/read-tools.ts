import { execa } from "execa";
import { z } from "zod";
import type { PulumiFacts } from "../../operate/doctor/judge-pulumi.js";

/** The output of a program, or undefined when it did not start or failed. */
export type RunTool = (command: string, args: readonly string[]) => Promise<RanTool>;

/** The end of a program. */
export interface RanTool {
  readonly failed: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in a folder, without a terminal. @param timeout in milliseconds */
export function runTools(cwd: string, env: Readonly<Record<string, string | undefined>>, timeout: number): RunTool {
  return async (command, args) => {
    const options = { cwd, env, extendEnv: false, stdin: "ignore", reject: false, timeout } as const;
    const { failed, stdout, stderr } = await execa(command, args, options);
    return { failed, stdout: stdout ?? "", stderr: stderr ?? "" };
  };
}

/** The version that a program prints. Undefined when it does not start. */
export async function toolVersion(run: RunTool, command: string, args: readonly string[]): Promise<string | undefined> {
  const { failed, stdout } = await run(command, args);
  if (failed) return undefined;
  return /v?\d+\.\d+[^\s"',]*/.exec(stdout)?.[0] ?? "unknown version";
}

const whoAmI = z.object({ user: z.string(), url: z.string() });
const stackList = z.array(z.object({ name: z.string(), updateInProgress: z.boolean().default(false) }));

/** The login of the engine, and the stacks of its backend. */
export async function readPulumi(run: RunTool): Promise<Pick<PulumiFacts, "login" | "stacks">> {
  const asked = await run("pulumi", ["whoami", "--json", "--non-interactive"]);
  const login = whoAmI.safeParse(parsed(asked));
  if (!login.success) {
    const line = asked.stderr.split("\n").find((text) => text.trim() !== "") ?? "pulumi whoami told nothing";
    return { login: { reason: line.replace(/^error: /, "") }, stacks: undefined };
  }
  const listed = await run("pulumi", ["stack", "ls", "--json", "--non-interactive"]);
  return { login: login.data, stacks: stackList.safeParse(parsed(listed)).data };
}

/** Undefined when a program failed, or did not print JSON. */
function parsed({ failed, stdout }: RanTool): unknown {
  if (failed) return undefined;
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}
