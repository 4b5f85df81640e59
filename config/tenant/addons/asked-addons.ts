import type { Addon } from "../../addons/addon.js";
import type { FleetSpec } from "../../fleet-spec.js";
import type { TenantSpec } from "../schema.js";

/** The add-ons that a tenant uses, of those that its stack offers. */
export function askedAddons(
  { addons, progressiveDelivery }: Pick<TenantSpec, "addons" | "progressiveDelivery">,
  { platform }: Pick<FleetSpec, "platform">,
): readonly Addon[] {
  const asked = [...addons, ...(progressiveDelivery ? ["flagger"] : [])];
  return platform.addons.filter(({ name }) => asked.includes(name));
}
