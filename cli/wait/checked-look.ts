import { readTenantFiles } from "../../config/files/tenant-files.js";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { filesOf, type Part, tenantPart } from "../../promotion/content.js";
import { readFields, WHOLE_TENANT } from "../../promotion/field-record.js";
import { inForce } from "../../promotion/history.js";
import { historyIn, type Proof } from "../../promotion/proof.js";
import { type ReadyLook, revisionName } from "../../promotion/ready.js";

/**
 * A look in which no tenant counts as Ready whose files differ from those that the stack runs. The checkout says which syncs
 * the look has, and the record is of the files that the stack runs: those may have a sync more, and suspend one less.
 */
export function checkedLook(
  { revisions, waiting }: ReadyLook,
  { root, spec, proved }: { readonly root: string; readonly spec: FleetSpec; readonly proved: Proof },
): ReadyLook {
  const files = readTenantFiles(root, spec.stack);
  const reasons = spec.tenants.flatMap(({ name }) => {
    const reason = differenceOf(tenantPart(filesOf(files, name)), proved);
    return reason === undefined ? [] : [[revisionName(name, name), reason] as const];
  });
  const all = { ...Object.fromEntries(reasons), ...waiting };
  const ready = Object.entries(revisions).filter(([name]) => !Object.hasOwn(all, name));
  return { revisions: Object.fromEntries(ready), waiting: all };
}

/** Why a checkout cannot say which syncs of a tenant the stack runs. Undefined when it can. */
function differenceOf({ name, value, merged }: Part, proved: Proof): string | undefined {
  if (inForce(historyIn(proved.tenants, name))?.value !== value) {
    return "the base file or the group in this checkout is not the one that the stack runs";
  }
  const whole = inForce(readFields(historyIn(proved.fields, name)).get(WHOLE_TENANT) ?? {});
  if (whole === undefined) {
    return "the proof of the stack is of an older form, without merged values: run pulumi up with this version of the program";
  }
  if (whole.value === merged?.digestAt(WHOLE_TENANT)) return undefined;
  return "the overlay or the stack's defaults in this checkout are not those that the stack runs";
}
