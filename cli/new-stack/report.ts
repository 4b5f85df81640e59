import type { FleetSpec } from "../../config/fleet-spec.js";
import { setSecretCommand } from "../../config/stack/secrets.js";
import type { NewStackPlan } from "./plan.js";
import type { Renaming } from "./platform-files.js";

interface ReportArgs {
  readonly plan: NewStackPlan;
  readonly renaming: Renaming;
  /** The new stack, as it is once the values that are to be set have been. */
  readonly spec: FleetSpec;
  /** Problems of the new stack until these values are set. */
  readonly remaining: number;
}

/** The page that a person reads after the files of a new stack are written: the files, and the next steps. */
export function newStackReport({ plan, renaming, spec, remaining }: ReportArgs): string {
  const { from, to } = renaming;
  const sections = [
    [`Created the stack ${to} from ${from}:`, Object.keys(plan.created)],
    ["Changed:", plan.edited.map(({ file }) => file)],
    [
      `Not copied, because it belongs to ${from}:`,
      [...plan.leftOut].map(([file, fields]) => `${file}: ${fields.join(", ")}`),
    ],
    [`Copied from ${from}; correct each value that differs on ${to}:`, valuesToCheck(plan, spec)],
  ] as const;
  const shown = sections.filter(([, lines]) => lines.length > 0);
  const texts = shown.map(([title, lines]) => [title, ...lines.map((line) => `  ${line}`)].join("\n"));
  const steps = nextSteps({ plan, renaming, spec, remaining }).map((step, index) => `  ${index + 1}. ${step}`);
  return `${[...texts, ["Next steps:", ...steps].join("\n")].join("\n\n")}\n`;
}

function valuesToCheck({ mentions }: NewStackPlan, spec: FleetSpec): readonly string[] {
  const variables = Object.keys(spec.platform.variables).join(", ");
  return [...(variables === "" ? [] : [`Pulumi.${spec.stack}.yaml: fleet:variables: ${variables}`]), ...mentions];
}

/** Names each part, because a promotion of everything leaves out what follows a branch on purpose. */
function promoteCommand({ from, to }: Renaming, { tenants }: FleetSpec): string {
  const options = ["--platform", ...tenants.map(({ name }) => `--tenant ${name}`)];
  return `npx fleet promote ${from} ${to} ${options.join(" ")}`;
}

function nextSteps({ plan, renaming, spec, remaining }: ReportArgs): readonly string[] {
  const { from, to } = renaming;
  const provider = plan.secretsProvider === undefined ? "" : ` --secrets-provider '${plan.secretsProvider}'`;
  const toSet = [
    ...plan.settingsToSet.map((name) => `pulumi config set --stack ${to} fleet:${name} VALUE`),
    ...plan.secretsToSet.map((place) => setSecretCommand(to, place)),
  ];
  const check = remaining === 0 ? "" : ` (until the values above are set, it lists ${remaining})`;
  const others = [...new Set([spec.github.repositoryOwner, from])].filter((stack) => stack !== to);
  return [
    `pulumi stack init ${to}${provider}, and commit the key that it writes into Pulumi.${to}.yaml`,
    ...toSet,
    `npx fleet check ${to}${check}`,
    "npm run golden, and commit the new inventory with the files; npx fleet diff shows the change to its reviewer",
    ...folderSteps(spec),
    ...others.map((stack) => `pulumi up --stack ${stack}, after the merge`),
    // Only a commit with the folders of the new stack may be pinned, and only a recorded one is.
    `npx fleet wait ${from}, with KUBECONFIG of its cluster, which records what ${from} runs by then`,
    `${promoteCommand(renaming, spec)}, which pins what ${from} runs; commit it`,
    `export KUBECONFIG=PATH, which leads to the cluster of ${to}; then pulumi up --stack ${to}`,
    `npx fleet wait ${to}`,
  ];
}

/** The folders of tenants' repositories that the new stack applies: existing repositories lack them. */
function folderSteps({ tenants }: FleetSpec): readonly string[] {
  const folders = new Map<string, string[]>();
  for (const { syncs } of tenants) {
    for (const { path, repository } of syncs) folders.set(path, [...(folders.get(path) ?? []), repository]);
  }
  return [...folders].map(([path, repositories]) => {
    return `have the folder ${path} in the repositories that exist already: ${[...new Set(repositories)].join(", ")}`;
  });
}
