import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import type { TestEnvironment } from "./sandbox.js";

/**
 * Variables by which git uses one private key and nothing else that the machine has, and takes only the host keys that
 * Flux takes.
 * @param namespace the tenant's, whose Secret has the host keys
 * @param key.directory where the host keys are written
 * @param key.identity file with the private key
 */
export async function sshVariables(
  { kubernetes }: TestEnvironment,
  namespace: string,
  { directory, identity }: { readonly directory: string; readonly identity: string },
): Promise<Record<string, string>> {
  const secret = await kubernetes.client(CoreV1Api).readNamespacedSecret({ namespace, name: "tenant-git" });
  const knownHosts = join(directory, "known_hosts");
  await writeFile(knownHosts, Buffer.from(secret.data?.known_hosts ?? "", "base64"));
  const options = [
    "IdentitiesOnly=yes",
    "IdentityAgent=none",
    "BatchMode=yes",
    "StrictHostKeyChecking=yes",
    `UserKnownHostsFile='${knownHosts}'`,
    "GlobalKnownHostsFile=/dev/null",
  ];
  const command = ["ssh", "-F", "/dev/null", "-i", `'${identity}'`, ...options.flatMap((option) => ["-o", option])];
  return { GIT_SSH_COMMAND: command.join(" ") };
}
