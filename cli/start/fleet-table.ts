import Table from "cli-table3";
import type { TenantSync } from "./tenant-syncs.js";

/** What the table of a fleet shows. */
export interface FleetView {
  /** Name of the stack. */
  readonly stack: string;
  /** One row each, in this order. */
  readonly syncs: readonly TenantSync[];
  /** Login of the GitHub organisation. */
  readonly owner: string;
  /** How long all of it took, for people. */
  readonly took: string;
}

/** What runs now, how to look around, how to stop. */
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
    "Look around:",
    `  eval "$(npx fleet sandbox env ${stack})"`,
    "  kubectl get gitrepositories,kustomizations --all-namespaces",
    `  kubectl --namespace ${namespace} get all,configmaps`,
    "  flux get all --all-namespaces",
    "  pulumi preview",
    "  pulumi stack output",
    "",
    `Be a tenant: push, and see it arrive (organisation ${owner}):`,
    `  git clone "\${GITHUB_BASE_URL}${example}.git"`,
    "",
    "What runs:  npx fleet sandbox status",
    "Stop it:    npm run stop",
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
