import type { SandboxStatus, UpResult } from "@fleet/sandbox";
import Table from "cli-table3";
import type { TenantSync } from "./tenant-syncs.js";

/**
 * The tenants in a table, with commands to inspect the cluster, to push as a tenant, and to stop.
 * @param fleet.owner login of the GitHub organisation
 * @param fleet.took duration of the whole command: `1 min 20 s`
 */
export function renderFleet(fleet: {
  readonly stack: string;
  readonly syncs: readonly TenantSync[];
  readonly owner: string;
  readonly took: string;
}): string {
  const { stack, syncs, owner, took } = fleet;
  const rows = syncs.map(({ name, repository, namespace, revision = "-", ready }) => [
    name,
    shortRepository(repository),
    namespace,
    shortRevision(revision),
    ready ? "True" : "False",
  ]);
  const [example = { repository: "REPOSITORY", namespace: "NAMESPACE" }] = syncs;
  return [
    "",
    `The stack ${stack} runs on this machine, after ${took}:`,
    renderTable(["Tenant", "Repository", "Namespace", "Revision", "Ready"], rows),
    "",
    "Inspect the cluster:",
    `  eval "$(npx fleet sandbox env ${stack})"`,
    "  kubectl get gitrepositories,kustomizations --all-namespaces",
    `  kubectl --namespace ${example.namespace} get all,configmaps`,
    "  flux get all --all-namespaces",
    "  pulumi preview",
    "  pulumi stack output",
    "",
    `Push as a tenant (organisation ${owner}):`,
    `  git clone "\${GITHUB_BASE_URL}${shortRepository(example.repository)}.git"`,
    "",
    "Show the processes:  npx fleet sandbox status",
    "Stop them:           npm run stop",
    "",
  ].join("\n");
}

/** The note about processes that a failed command leaves. @param parts of the sandbox. @default - none is ready */
export function processesNote(parts: readonly UpResult[] = []): string {
  if (parts.length === 0) return "";
  return parts.some(({ action }) => action !== "running")
    ? "\nThe started processes still run. Stop them with: npm run stop\n"
    : "\nThe sandbox ran before, and still runs. Show its processes:  npx fleet sandbox status\n";
}

/** The status of the sandbox as a table: one row for each part, with its processes and addresses. */
export function renderStatus({ stateDirectory, parts, memory }: SandboxStatus): string {
  if (parts.length === 0) return `No process runs in ${stateDirectory}. Start the sandbox with: npx fleet sandbox up\n`;
  const rows = parts.map(({ name: part, state, processes, since, addresses }) => [
    `${part}\n${state}`,
    processes.map(({ name }) => (name === part ? "(daemon)" : name)).join("\n"),
    processes.map(({ pid }) => pid).join("\n"),
    processes.map((process) => mebibytes(process.memory)).join("\n"),
    // The Swedish locale writes dates as ISO 8601 does, here in local time.
    since === undefined ? "" : new Date(since).toLocaleString("sv-SE"),
    Object.entries(addresses)
      .map(([kind, address]) => `${kind} ${address}`)
      .join("\n"),
  ]);
  const table = renderTable(["Part", "Process", "PID", "Memory", "Since", "Addresses"], rows);
  return `${table}\nState: ${stateDirectory}\nMemory of all: ${mebibytes(memory)}\n`;
}

function renderTable(head: string[], rows: readonly string[][]): string {
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...rows);
  return table.toString();
}

/** `ssh://git@127.0.0.1:2222/acme/team-payments.git` → `acme/team-payments`. */
export function shortRepository(url: string): string {
  return /([^/:]+\/[^/]+?)(\.git)?$/.exec(url)?.[1] ?? url;
}

/** `main@sha1:4cca3320a78e…` → `main@sha1:4cca3320`. */
export function shortRevision(revision: string): string {
  return revision.replace(/([0-9a-f]{8})[0-9a-f]+$/, "$1");
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}
