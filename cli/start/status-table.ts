import type { SandboxStatus } from "@fleet/sandbox";
import Table from "cli-table3";

/** The status as a table: one row for each part, with its processes and addresses. */
export function renderStatus({ stateDirectory, parts, memory }: SandboxStatus): string {
  if (parts.length === 0)
    return `No process runs in ${stateDirectory}. Start the sandbox with: npx fleet sandbox up staging\n`;
  const table = new Table({
    head: ["Part", "Process", "PID", "Memory", "Since", "Addresses"],
    style: { head: [], border: [] },
  });
  for (const part of parts) {
    const addresses = Object.entries(part.addresses).map(([what, address]) => `${what} ${address}`);
    const title = `${part.name}\n${part.state}`;
    const names = part.processes.map(({ name }) => (name === part.name ? "(daemon)" : name));
    table.push([
      title,
      names.join("\n"),
      part.processes.map(({ pid }) => pid).join("\n"),
      part.processes.map((process) => mebibytes(process.memory)).join("\n"),
      part.since === undefined ? "" : localTime(part.since),
      addresses.join("\n"),
    ]);
  }
  return `${table.toString()}\nState: ${stateDirectory}\nMemory of all: ${mebibytes(memory)}\n`;
}

/** `1610612736` → `1536 MiB`. */
export function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}

/** ISO 8601 → the local date and time of day. */
function localTime(iso: string): string {
  return new Date(iso).toLocaleString("sv-SE");
}
