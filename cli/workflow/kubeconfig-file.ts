import { writeFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { JobError } from "../explain.js";

const kubeconfig = z.object({ kind: z.literal("Config"), clusters: z.array(z.unknown()).min(1) });

/**
 * Writes the kubeconfig of a job to a file that only its account reads. No message repeats the content.
 * @param content the kubeconfig, from a secret or a variable of the job's environment
 * @throws JobError when it is none
 */
export function writeKubeconfig(file: string, content: string | undefined): void {
  const remedy = "What to do: set it in the job's environment on GitHub, as docs/workflows.md says.";
  if (content === undefined || content.trim() === "") throw new JobError(`FLEET_KUBECONFIG is empty.\n${remedy}`);
  if (!kubeconfig.safeParse(parsed(content)).success) {
    throw new JobError(`FLEET_KUBECONFIG is no kubeconfig with a cluster.\n${remedy}`);
  }
  writeFileSync(file, content, { mode: 0o600, flag: "wx" });
}

function parsed(content: string): unknown {
  try {
    return parse(content) as unknown;
  } catch {
    // The parser's message would repeat a line of the content.
    return undefined;
  }
}
