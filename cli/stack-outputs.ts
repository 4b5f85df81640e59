import { execa } from "execa";

/** The outputs of a stack, or why they could not be read. */
export type StackOutputs = { readonly outputs: unknown } | { readonly reason: string };

/** Reads the outputs of a stack. */
export type ReadStackOutputs = (root: string, stack: string) => Promise<StackOutputs>;

/**
 * Reads the outputs of a stack by `pulumi stack output`, from the backend that `pulumi login` or PULUMI_BACKEND_URL names.
 * Secret outputs stay hidden.
 * @param root folder of Pulumi.yaml
 */
export const readStackOutputs: ReadStackOutputs = async (root, stack) => {
  const args = ["stack", "output", "--json", "--non-interactive", "--color", "never", "--stack", stack];
  const { failed, stdout, stderr, shortMessage } = await execa("pulumi", args, {
    cwd: root,
    stdin: "ignore",
    reject: false,
  });
  if (!failed) return { outputs: JSON.parse(stdout) as unknown };
  const [line = shortMessage ?? "pulumi failed"] = (stderr ?? "").split("\n").filter((text) => text.trim() !== "");
  return { reason: line.replace(/^error: /, "") };
};
