import { type Command, Option } from "commander";
import { requireTenant } from "../load-tenant.js";
import type { Streams } from "../streams.js";

interface ShowOptions {
  readonly stack: string;
  readonly origin: boolean;
  readonly output: "yaml" | "json";
}

/** Adds `show`. */
export function addShowCommand(program: Command, { out }: Streams, root: string): void {
  program
    .command("show")
    .summary("print a tenant of a stack with all its values, and the file that decided each")
    .description(
      "print a tenant of a stack with its group, base file, stack defaults and overlay merged and all defaults filled in, in the form of a base file; needs no credentials, no cluster and no GitHub",
    )
    .argument("<tenant>", "name of the tenant")
    .requiredOption("--stack <stack>", "stack that the tenant is on")
    .option("--origin", "name the file and line that decided each value", false)
    .addOption(new Option("--output <form>", "form of the output").choices(["yaml", "json"]).default("yaml"))
    .action(async (name: string, { stack, origin, output }: ShowOptions, command: Command) => {
      const { tenant } = await requireTenant(command, root, stack, name);
      const { tenantForm } = await import("../../config/tenant/tenant-form.js");
      const form = tenantForm(tenant);
      if (origin) out(await printOrigins({ root, stack, name }, form, output));
      else if (output === "json") out(jsonText(form));
      else out((await import("yaml")).stringify(form, { lineWidth: 0 }));
    });
}

async function printOrigins(
  { root, stack, name }: { readonly root: string; readonly stack: string; readonly name: string },
  form: Parameters<typeof import("../../config/tenant/origins.js").originsOf>[1],
  output: ShowOptions["output"],
): Promise<string> {
  // Imported here, because the other commands need none of these.
  const [{ declaringFiles }, { readTenantFiles }, { originsOf }, { printWithOrigins }, { formatPath }] =
    await Promise.all([
      import("../../config/files/declaring-files.js"),
      import("../../config/files/tenant-files.js"),
      import("../../config/tenant/origins.js"),
      import("../../config/tenant/print-origins.js"),
      import("../../lib/diagnostics/zod-issues.js"),
    ]);
  const files = declaringFiles(readTenantFiles(root, stack), name);
  if (files === undefined) throw new Error(`the tenant ${name} has no base file`);
  if (output === "yaml") return printWithOrigins(files, form);
  const values = originsOf(files, form).map(({ place, value, layer, ...source }) => {
    return { field: formatPath(place), value, origin: layer, ...source };
  });
  return jsonText(values);
}

function jsonText(data: unknown): string {
  return `${JSON.stringify(data, undefined, 2)}\n`;
}
