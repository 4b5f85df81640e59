import { type Command, InvalidArgumentError } from "commander";
import { dnsLabel } from "../../config/rules/names.js";
import type { ClusterLimits } from "../cluster/api-client.js";
import { CouldNotLookError } from "../exit-code.js";
import { finishEarlier } from "../finish-earlier.js";
import { withProgress } from "../output/progress.js";
import { requireStack } from "../stacks.js";
import type { Streams } from "../streams.js";

/** The systems that the command uses, for tests. */
export interface ImportSystems {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly limits: ClusterLimits;
}

const systems: ImportSystems = { environment: process.env, limits: { answerMs: 15_000, loginMs: 10_000 } };

interface ImportOptions {
  readonly context: string;
  readonly stack: string;
  readonly tenant?: readonly string[];
  readonly dryRun: boolean;
}

const examples = `
Examples:
  npx fleet tenant import --context prod --stack prod-eu --dry-run          prints the files only
  npx fleet tenant import --context prod --stack prod-eu                    every tenant that files can have
  npx fleet tenant import --context prod --stack prod-eu --tenant payments  this tenant alone
`;

/** Adds `tenant import`. @param tenant the command `tenant` */
export function addImportCommand(tenant: Command, { out }: Streams, root: string, use = systems): void {
  tenant
    .command("import")
    .summary("write the files of the tenants that a cluster has")
    .description(
      "read a cluster that runs Flux outside of this fleet, and write the base file and the overlay of each tenant on it: its repository, syncs, namespaces, limits and viewers; names everything that files cannot have; the files are checked together with all others before the first is written, and nothing is overwritten; changes nothing on the cluster, and reads no Secret",
    )
    .requiredOption("--context <context>", "context of KUBECONFIG that leads to the cluster")
    .requiredOption("--stack <stack>", "stack that the cluster becomes")
    .option("--tenant <tenant...>", "tenants whose files are written (default: all)", addName)
    .option("--dry-run", "print the files and their content only", false)
    .addHelpText("after", examples)
    .action(async (options: ImportOptions, command: Command) => {
      // Imported here, because the other commands need none of these.
      const [{ readImport }, { requireAbsent, requireSound }, { writeAll }, { importReport }] = await Promise.all([
        import("./read-import.js"),
        import("./change-files.js"),
        import("../new-stack/write-files.js"),
        import("./import-report.js"),
      ]);
      const { context, tenant: chosen, dryRun } = options;
      await finishEarlier(root, out, dryRun);
      const stack = await requireStack(command, root, options.stack);
      const found = await withProgress(`Reading ${context}`, () => readImport({ root, stack, context, ...use }));
      const names = found.tenants.map(({ name }) => name);
      for (const name of chosen ?? []) {
        if (!names.includes(name)) command.error(unknownTenant(name, context, names));
      }
      const tenants = found.tenants.filter(({ name }) => chosen?.includes(name) ?? true);
      const created = Object.assign({}, ...tenants.map(({ files }) => files)) as Readonly<Record<string, string>>;
      requireAbsent(root, created);
      await requireSound(root, { created });
      if (!dryRun) writeAll(root, created, []);
      out(await importReport({ stack, context, tenants, notExpressed: found.notExpressed, dryRun }));
      if (found.problems.length === 0) return;
      throw new CouldNotLookError(found.problems.map((message) => ({ file: context, path: "", message })));
    });
}

function addName(text: string, previous: readonly string[] = []): readonly string[] {
  const violation = dnsLabel.check(text);
  if (violation !== undefined) throw new InvalidArgumentError(`It ${violation.message}.`);
  return [...previous, text];
}

function unknownTenant(name: string, context: string, names: readonly string[]): string {
  const known = names.length === 0 ? "It has none that files can have." : `It has ${names.join(", ")}.`;
  return `error: ${context} has no tenant ${JSON.stringify(name)}. ${known}`;
}
