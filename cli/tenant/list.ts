import type { Command } from "commander";
import type { TenantSpec } from "../../config/tenant/schema.js";
import { definedOnly } from "../../lib/data/defined-only.js";
import type { DataForm } from "../output/output-option.js";
import { outputOption } from "../output/output-option.js";
import type { Streams } from "../streams.js";
import type { StackTenants } from "./load-fleet.js";

interface OutputOptions {
  readonly output: DataForm;
}

/** Adds `tenant list` and `tenant show`. @param tenant the command `tenant` */
export function addTenantViews(tenant: Command, { out }: Streams, root: string): void {
  tenant
    .command("list")
    .summary("print the tenants, and the stacks that run each")
    .description("print the tenants of all stacks, from the files; needs no credentials, no cluster and no GitHub")
    .addOption(outputOption())
    .action(async ({ output }: OutputOptions) => {
      const [{ loadFleet }, { printData }] = await views();
      const fleet = await loadFleet(root);
      const names = [...new Set(fleet.flatMap(({ spec }) => spec.tenants.map(({ name }) => name)))].sort();
      const data = names.map((name) => ({ name, stacks: stacksOf(fleet, name) }));
      const rows = data.map(({ name, stacks }) => [name, ...fleet.map(({ stack }) => cellOf(stacks[stack]))]);
      const head = ["Tenant", ...fleet.map(({ stack }) => stack)];
      out(printData({ data, tables: [{ head, rows }] }, output));
    });
  tenant
    .command("show")
    .summary("print everything about one tenant in every stack")
    .description(
      "print all values of a tenant on each stack that runs it, with its files merged and all defaults filled in; npx fleet show names the file and line of each; needs no credentials, no cluster and no GitHub",
    )
    .argument("<name>", "name of the tenant")
    .addOption(outputOption())
    .action(async (name: string, { output }: OutputOptions, command: Command) => {
      const [{ loadFleet, requireStacksOf }, { printData }] = await views();
      const [{ tenantForm }, { valueRows }] = await Promise.all([
        import("../../config/tenant/tenant-form.js"),
        import("../../operate/tenant/tenant-table.js"),
      ]);
      const found = requireStacksOf(command, await loadFleet(root), name);
      const forms = found.map(({ stack, tenant: one }) => ({ stack, form: tenantForm(one) }));
      const data = { name, stacks: Object.fromEntries(forms.map(({ stack, form }) => [stack, form])) };
      const head = ["Field", ...forms.map(({ stack }) => stack)];
      out(printData({ data, tables: [{ title: name, head, rows: valueRows(forms) }] }, output));
    });
}

// Imported by the actions alone, because the other commands need neither parsers nor schemas.
const views = () => Promise.all([import("./load-fleet.js"), import("../output/print-data.js")]);

/** A tenant on one stack, in short. */
interface TenantOnStack {
  readonly namespaces: readonly string[];
  readonly suspended: readonly { readonly sync: string; readonly until?: string }[];
  readonly frozen: readonly { readonly sync: string; readonly until: string; readonly reason: string }[];
}

/** A tenant on each stack that runs it. */
function stacksOf(fleet: readonly StackTenants[], name: string): Readonly<Record<string, TenantOnStack>> {
  const entries = fleet.flatMap(({ stack, spec }) => {
    const tenant = spec.tenants.find((one) => one.name === name);
    return tenant === undefined ? [] : [[stack, inShort(tenant)] as const];
  });
  return Object.fromEntries(entries);
}

function inShort({ namespaces, syncs }: TenantSpec): TenantOnStack {
  const suspended = syncs.filter(({ suspend }) => suspend);
  return {
    namespaces: namespaces.map(({ name }) => name),
    suspended: suspended.map(({ name, suspendUntil }) => ({ sync: name, ...definedOnly({ until: suspendUntil }) })),
    frozen: syncs.flatMap(({ name, freeze }) => (freeze === undefined ? [] : [{ sync: name, ...freeze }])),
  };
}

function cellOf(tenant: TenantOnStack | undefined): string {
  if (tenant === undefined) return "—";
  const suspended = tenant.suspended.map(({ sync, until }) => {
    return `${sync} suspended${until === undefined ? "" : ` until ${until}`}`;
  });
  const frozen = tenant.frozen.map(({ sync, until }) => `${sync} frozen until ${until}`);
  return [tenant.namespaces.join(", "), ...suspended, ...frozen].join("\n");
}
