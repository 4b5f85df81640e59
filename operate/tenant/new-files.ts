import { Document, Pair, Scalar, YAMLMap } from "yaml";

/** The files of a new tenant, as a person asks for them. */
export interface NewTenant {
  readonly name: string;
  /** Purpose in one line. @default - a sentence with the name */
  readonly description?: string | undefined;
  /** The GitHub team that may push. @default - none */
  readonly team?: { readonly name: string; readonly members: readonly string[] } | undefined;
  /** Groups of the cluster's identity provider that may read. @default none */
  readonly viewers: readonly string[];
  /** Size of the quota. @default - the default of the schema */
  readonly size?: string | undefined;
  readonly stacks: readonly NewTenantStack[];
}

/** A stack that a new tenant runs on. */
export interface NewTenantStack {
  readonly stack: string;
  /** Stack that runs each change before. @default - none */
  readonly from?: string | undefined;
}

/** The line by which editors find the JSON Schema of a tenant's file. @param schema name of the schema */
export const schemaLine = (schema: string) => `# yaml-language-server: $schema=../../${schema}.schema.json\n`;

/** The texts of the files of a new tenant, by path: its base file, and an overlay for each stack. */
export function newTenantFiles(tenant: NewTenant): Readonly<Record<string, string>> {
  const overlays = tenant.stacks.map((one) => [
    `stacks/${one.stack}/tenants/${tenant.name}.yaml`,
    `${schemaLine("tenant-overlay")}${overlayText(tenant.name, one)}`,
  ]);
  return {
    [`stacks/base/tenants/${tenant.name}.yaml`]: `${schemaLine("tenant")}${baseText(tenant)}`,
    ...Object.fromEntries(overlays),
  };
}

function baseText({ name, description, team, viewers, size }: NewTenant): string {
  const map = new YAMLMap();
  const document = new Document(map);
  const add = (key: string, value: unknown, comment?: string) => {
    const node = new Scalar(key);
    if (comment !== undefined) node.commentBefore = ` ${comment}`;
    map.add(new Pair(node, document.createNode(value)));
  };
  add("name", name);
  if (description !== undefined) add("description", description);
  if (team !== undefined) {
    const members = team.members.length === 0 ? {} : { members: team.members };
    const own = { ...(team.name === name ? {} : { name: team.name }), ...members };
    add("team", own, "The GitHub team that may push to the repository.");
  }
  if (viewers.length > 0)
    add("access", { viewers }, "Groups of the cluster's identity provider that read all but Secrets.");
  if (size !== undefined) add("limits", { size }, "Quotas and limits of the namespace.");
  return document.toString({ lineWidth: 0 });
}

function overlayText(tenant: string, { stack, from }: NewTenantStack): string {
  if (from === undefined) return `# On ${stack} just as in base.\n{}\n`;
  const command = `npx fleet promote ${from} ${stack} --tenant ${tenant}`;
  return [
    "sync:",
    `  # Each push to this branch reaches ${stack} at once. To pin what ${from} runs: ${command}`,
    "  ref: {branch: main}",
    "",
  ].join("\n");
}
