import { KNOWN_ADDONS } from "../config/addons/known-addons.js";
import type { Locate } from "../config/files/location.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import type { Problem } from "../lib/diagnostics/problem.js";
import type { LosingRight } from "./withdrawn-rights.js";

/** As many objects as a message names. */
const most = 5;

/**
 * The problems of rights that the update withdraws while tenants have objects of the kind. Flux would report the sync of
 * such a tenant as failed, and could neither change nor delete the objects.
 */
export function losingRightProblems(spec: FleetSpec, losing: readonly LosingRight[], locate: Locate): Problem[] {
  return losing.flatMap(({ group, resource, objects }) => {
    const kind = group === "" ? resource : `${resource}.${group}`;
    const addon = addonOf(group, resource);
    const isOffered = spec.platform.addons.some(({ name }) => name === addon);
    return [...objects].flatMap(([namespace, names]) => {
      const tenant = spec.tenants.find(({ namespaces }) => namespaces.some(({ name }) => name === namespace));
      if (tenant === undefined) return [];
      const listed = `${names.slice(0, most).join(", ")}${names.length > most ? ` and ${names.length - most} more` : ""}`;
      const message = `the update takes the right to create ${kind} from the tenant ${tenant.name}, whose namespace ${namespace} has ${listed}: its syncs would fail, and could not delete them`;
      const stackFile = { file: `Pulumi.${spec.stack}.yaml`, path: `fleet:addons${addon ? `.${addon}` : ""}` };
      const keep = isOffered ? `Write ${addon} into addons of the tenant's file` : keepWords(addon);
      const place = isOffered ? locate(tenant.name, ["addons"]) : stackFile;
      return [{ ...place, message, fix: `${keep}, or remove the objects from the tenant's repository first` }];
    });
  });
}

function keepWords(addon: string | undefined): string {
  if (addon === undefined) return "Keep the add-on with the kind in fleet:addons and in the tenant's file";
  return `Offer the add-on ${addon} in fleet:addons (docs/addons.md), and let the tenant ask for it`;
}

/** The known add-on that has a kind. */
function addonOf(group: string, resource: string): string | undefined {
  return [...KNOWN_ADDONS.values()].find(({ kinds }) => {
    return kinds.some((kind) => kind.group === group && kind.plural === resource);
  })?.name;
}
