import { SandboxError } from "@fleet/sandbox/sandbox-error";
import { execa } from "execa";

/**
 * Looks for what the end-to-end tests need beside the sandbox: some of them push as people do, by git over SSH.
 * @throws SandboxError that says what to install
 */
export async function requireSsh(environment: NodeJS.ProcessEnv): Promise<void> {
  const { failed, shortMessage } = await execa("ssh", ["-V"], {
    env: environment,
    extendEnv: false,
    stdin: "ignore",
    reject: false,
  });
  if (failed) {
    throw new SandboxError(
      `The end-to-end tests push by SSH, but ssh cannot be run: ${shortMessage}`,
      "install OpenSSH's client (the package openssh-client, or openssh-clients), and have ssh on PATH.",
    );
  }
}
