import { readFile } from "node:fs/promises";
import { processesOf } from "@fleet/sandbox/test/processes";

/** The text that each of a sandbox's Flux controllers answers at /metrics, by the address. */
export async function fluxMetrics(stateDirectory: string): Promise<ReadonlyMap<string, string>> {
  const answers = new Map<string, string>();
  for (const { pid } of await processesOf(stateDirectory)) {
    const words = (await readFile(`/proc/${pid}/cmdline`, "utf8")).split("\0");
    const address = words.find((word) => word.startsWith("--metrics-addr="))?.slice("--metrics-addr=".length);
    if (address === undefined) continue;
    const answer = await fetch(`http://${address.replace(/^:/, "127.0.0.1:")}/metrics`);
    answers.set(address, await answer.text());
  }
  return answers;
}
