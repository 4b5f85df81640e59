import Table from "cli-table3";
import type { TenantSync } from "./tenant-syncs.js";

/** The stack and the tenants that the table shows. */
export interface FleetView {
  /** Name of the stack. */
  readonly stack: string;
  /** Syncs of the tenants, one row each. */
  readonly syncs: readonly TenantSync[];
  /** Login of the GitHub organisation. */
  readonly owner: string;
  /** Duration of the whole command: `1 min 20 s`. */
  readonly took: string;
}

/** The tenants in a table, with commands to inspect the cluster, to push as a tenant, and to stop. */
export function renderFleet({ stack, syncs, owner, took }: FleetView): string {
  const table = new Table({
    head: ["Tenant", "Repository", "Namespace", "Revision", "Ready"],
    style: { head: [], border: [] },
  });
  for (const { name, repository, namespace, revision, ready } of syncs) {
    table.push([
      name,
      shortRepository(repository),
      namespace,
      shortRevision(revision ?? "-"),
      ready ? "True" : "False",
    ]);
  }
  const example = syncs[0] === undefined ? "REPOSITORY" : shortRepository(syncs[0].repository);
  const namespace = syncs[0]?.namespace ?? "NAMESPACE";
  return [
    "",
    `The stack ${stack} runs on this machine, after ${took}:`,
    table.toString(),
    "",
    "Inspect the cluster:",
    `  eval "$(npx fleet sandbox env ${stack})"`,
    "  kubectl get gitrepositories,kustomizations --all-namespaces",
    `  kubectl --namespace ${namespace} get all,configmaps`,
    "  flux get all --all-namespaces",
    "  pulumi preview",
    "  pulumi stack output",
    "",
    `Push as a tenant (organisation ${owner}):`,
    `  git clone "\${GITHUB_BASE_URL}${example}.git"`,
    "",
    "Show the processes:  npx fleet sandbox status",
    "Stop them:           npm run stop",
    "",
  ].join("\n");
}

/** `ssh://git@127.0.0.1:2222/acme/team-payments.git` → `acme/team-payments`. */
export function shortRepository(url: string): string {
  return /([^/:]+\/[^/]+?)(\.git)?$/.exec(url)?.[1] ?? url;
}

/** `main@sha1:4cca3320a78e…` → `main@sha1:4cca3320`. */
export function shortRevision(revision: string): string {
  return revision.replace(/([0-9a-f]{8})[0-9a-f]+$/, "$1");
}
