import type { FleetSpec } from "../../config/fleet-spec.js";
import { ruleRows } from "../../config/guide/rules.js";

/** The parts of a README that depend on the kind of first files. */
interface Readme {
  /** Whether there is a folder for all clusters. */
  readonly hasBase: boolean;
  /** The steps of the first deployment. */
  readonly first: string;
  /** End of the line about refusals: a file that follows all rules. @default - none */
  readonly sample?: string;
  /** A section after the first deployment. @default - none */
  readonly further?: string;
}

/**
 * The README of a new tenant's repository: how to deploy, the rules of the stack, and where a refusal shows. Every
 * tenant's repository starts with the same text, so it names the fields of the tenant file instead of their values. It
 * has no command for the cluster, because a team has no access unless its tenant file says so.
 */
export function readme(spec: FleetSpec, { hasBase, first, sample = "\n", further }: Readme): string {
  const stacks = spec.stacks.map((stack) => `- \`deploy/${stack}\`: runs on the cluster \`${stack}\`\n`);
  const folders = hasBase ? ["- `deploy/base`: runs on every cluster\n", ...stacks] : stacks;
  return `# Deployments of this team

Flux applies the default branch of this repository to your namespace, with the rights of your team and no others. A push
is applied within a minute or two. There is no other step.

${folders.join("")}
## The first deployment

${first}
${further === undefined ? "" : `${further}\n`}## Rules

The cluster refuses a commit that breaks a rule, as a whole. The former version goes on running.${sample}They are those of the cluster \`${spec.stack}\`. The platform team keeps a tenant file for your team, with
the fields in brackets. Ask it for your own values: \`npx fleet guide STACK TENANT\` prints them.

| Subject | Rule |
|---|---|
${ruleRows(spec)}
## Why a commit was refused

The sync of your repository has the reason. It names the object, the rule and the fix:

- **On GitHub**: where the platform team has stored a token for it, each commit has a status for each cluster. The status
  names the step that failed (\`reconciliation failed\`, \`health check failed\`), without the reason.
- **In a chat or a webhook** (\`notifications\`): each message has the whole reason.
- **On the cluster**: members of the groups in \`access.viewers\` read the sync, its events and the pods. Ask the platform
  team for it, and for the commands.

A workload is accepted and gets no pods when the quota is used up, or when its service account is missing. Then the sync
waits until its timeout (\`sync.timeout\`) and fails with \`health check failed\`. The events of the workload have the reason.
`;
}
