import { execa } from "execa";
import { CouldNotLookError } from "./exit-code.js";

/**
 * The state of a stack as `pulumi stack export` prints it, with encrypted secrets.
 * @throws CouldNotLookError if the backend does not give the state
 */
export async function exportState(root: string, stack: string): Promise<unknown> {
  const args = ["stack", "export", "--stack", stack, "--non-interactive", "--color", "never"];
  const { failed, stdout, stderr, shortMessage } = await execa("pulumi", args, {
    cwd: root,
    stdin: "ignore",
    reject: false,
  });
  if (!failed) return JSON.parse(stdout) as unknown;
  const lines = (stderr ?? "").split("\n").filter((text) => text.trim() !== "");
  // A newer version of the engine is told by a warning, which comes first.
  const line = lines.find((text) => text.startsWith("error: ")) ?? lines[0] ?? shortMessage ?? "";
  const message = `cannot be read: ${line.replace(/^error: /, "")}`;
  const fix = "Log in to the backend by pulumi login or PULUMI_BACKEND_URL, and check the name of the stack";
  throw new CouldNotLookError([{ file: `state of ${stack}`, path: "", message, fix }]);
}
