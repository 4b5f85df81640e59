import type { FleetSpec } from "../config/fleet-spec.js";
import type { LastUpdate } from "../lib/state/last-update.js";
import { tenantDigests } from "../policies/tenant-digests.js";

/**
 * The tenants of which the files, settings or connections differ from those of the last update that had them, sorted. New and
 * removed tenants are among them.
 * @param spec the stack as the update would register it
 */
export function alteredTenants(spec: FleetSpec, { digests }: LastUpdate): readonly string[] {
  const [current, last] = [new Map(Object.entries(tenantDigests(spec))), new Map(Object.entries(digests.tenants))];
  const names = [...new Set([...current.keys(), ...last.keys()])].sort();
  return names.filter((name) => current.get(name) !== last.get(name));
}
