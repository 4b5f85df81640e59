import type { FleetSpec } from "../../config/fleet-spec.js";
import { tenantPart } from "../../promotion/content.js";
import { inForce } from "../../promotion/history.js";
import { historyIn, type Proof } from "../../promotion/proof.js";
import { type ReadyLook, revisionName } from "../../promotion/ready.js";

const reason = "the base file or the group in this checkout is not the one that the stack runs";

/**
 * A look in which no tenant counts as Ready whose base file or group differs from those that the stack runs. The checkout says
 * which syncs the look has, and the record is of the files that the stack runs: those may have a sync more.
 */
export function checkedLook(
  { revisions, waiting }: ReadyLook,
  { root, spec, proved }: { readonly root: string; readonly spec: FleetSpec; readonly proved: Proof },
): ReadyLook {
  const others = spec.tenants.filter(({ name }) => {
    return inForce(historyIn(proved.tenants, name))?.value !== tenantPart(root, name).value;
  });
  const all = { ...Object.fromEntries(others.map(({ name }) => [revisionName(name, name), reason])), ...waiting };
  const ready = Object.entries(revisions).filter(([name]) => !Object.hasOwn(all, name));
  return { revisions: Object.fromEntries(ready), waiting: all };
}
