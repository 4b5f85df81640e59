import { shellWord } from "../../lib/process/shell-word.js";
import type { NotExpressed } from "../../operate/retrofit/files/observed-tenants.js";
import type { ImportedTenant } from "../../operate/retrofit/files/tenant-files.js";
import { plainCharacters } from "../../review/document/plain-characters.js";

/** The result of an import. */
export interface ImportReportArgs {
  readonly stack: string;
  readonly context: string;
  readonly tenants: readonly ImportedTenant[];
  readonly notExpressed: readonly NotExpressed[];
  readonly dryRun: boolean;
}

/** The text of an import: the files, what they leave out of each tenant, and the objects without a file. */
export async function importReport(args: ImportReportArgs): Promise<string> {
  const { tenants, notExpressed, dryRun, stack, context } = args;
  const { lineDifference } = await import("../../promotion/line-difference.js");
  const parts = tenants.map(({ name, files, leftOut }) => {
    const texts = Object.entries(files).map(([file, text]) =>
      dryRun ? lineDifference(file, "", text) : `  ${file}\n`,
    );
    const notes = leftOut.map((text) => `    ${plainCharacters(text)}\n`);
    const head = `${dryRun ? "Would create" : "Created"} the tenant ${name}:\n`;
    return [head, ...texts, ...(notes.length > 0 ? ["  Not in these files:\n", ...notes] : [])].join("");
  });
  const others = notExpressed.map(({ object, reason }) => `  ${plainCharacters(object)}: ${plainCharacters(reason)}\n`);
  const none = tenants.length === 0 ? [`${context} has no tenant that files can have.\n`] : [];
  const steps = [
    `npx fleet check ${stack}, and npm run golden; commit the inventory with the files`,
    `npx fleet retrofit --context ${shellWord(context)} --stack ${stack}, which plans the steps to the lockdown`,
  ];
  const next = ["Next steps:\n", ...steps.map((step, index) => `  ${index + 1}. ${step}\n`)];
  return [
    ...parts,
    ...none,
    ...(others.length > 0 ? ["No file can have:\n", ...others] : []),
    ...(dryRun || tenants.length === 0 ? [] : next),
  ].join("");
}
