import type { FleetSpec } from "../fleet-spec.js";
import type { TenantSpec } from "../tenant/schema.js";
import { ruleRows } from "./rules.js";

/**
 * A page in Markdown for a tenant's team, from the tenant's own file: where its manifests go, the rules that they meet
 * on this cluster, and where the team reads why a push was refused. It has commands for the cluster only where the file
 * gives people access to it.
 */
export function teamGuide(spec: FleetSpec, tenant: TenantSpec): string {
  const owner = spec.github.owner === "" ? "" : `${spec.github.owner}/`;
  const syncs = tenant.syncs.map(({ name, repository, path, namespace, timeout }) => {
    return `| ${name} | \`${owner}${repository}\` | \`${path}\` | \`${namespace}\` | ${timeout} |\n`;
  });
  return `# ${tenant.name} on ${spec.cluster}

| Sync | Repository | Folder | Namespace | Workloads must run within |
|---|---|---|---|---|
${syncs.join("")}
A push is the whole deployment. The cluster refuses a commit that breaks a rule, as a whole.

| Subject | Rule |
|---|---|
${ruleRows(spec, tenant)}
## Why a push was refused

${reasons(spec, tenant)
  .map((line) => `- ${line}\n`)
  .join("")}${commands(tenant)}`;
}

function reasons({ cluster }: FleetSpec, { notifications, access }: TenantSpec): readonly string[] {
  const declared = Object.entries(notifications);
  const statuses = declared.some(([, { type }]) => type === "github");
  const messages = declared.filter(([, { type }]) => type !== "github").map(([name]) => name);
  const groups = [...access.viewers, ...access.operators];
  return [
    statuses
      ? `On GitHub: each commit has a status \`${cluster}/NAMESPACE/SYNC\`. It names the step that failed, without the reason.`
      : "On GitHub: by Flux nowhere. For its status at each commit, give the platform team a token for your repository. The platform may write statuses with the reason itself: ask it.",
    messages.length > 0
      ? `In messages, with the whole reason: ${messages.join(", ")}.`
      : "In messages: nowhere. Ask the platform team for `notifications`.",
    groups.length > 0
      ? `On the cluster, with the whole reason: for ${groups.join(", ")}.`
      : "On the cluster: nowhere. Ask the platform team for `access.viewers`.",
  ];
}

/** Commands for the people of the team who may read the cluster. */
function commands({ access, namespaces }: TenantSpec): string {
  if (access.viewers.length + access.operators.length === 0) return "";
  const lines = namespaces.flatMap(({ name }) => [
    `kubectl --namespace ${name} get kustomizations`,
    `kubectl --namespace ${name} get events --field-selector type=Warning`,
    `kubectl --namespace ${name} describe resourcequota tenant`,
  ]);
  return `\n\`\`\`sh\n${lines.join("\n")}\n\`\`\`\n`;
}
