import type { Addon } from "../../addons/addon.js";
import { meantAddon } from "../../addons/known-addons.js";
import type { FleetSpec } from "../../fleet-spec.js";
import type { TenantSpec } from "../schema.js";

type Tenant = Pick<TenantSpec, "addons" | "progressiveDelivery" | "hosts">;
type Stack = Pick<FleetSpec, "platform" | "admission">;

/**
 * The add-ons that a tenant uses, of those that its stack offers. A tenant that may serve hosts asks for routes by that: it
 * serves them by an Ingress or by a route, as its stack has it.
 */
export function askedAddons(tenant: Tenant, { platform, admission }: Stack): readonly Addon[] {
  const { addons, progressiveDelivery, hosts } = tenant;
  const servesHosts = hosts.length > 0 || admission.hosts === "any";
  const offered = platform.addons.map(({ name }) => name);
  const asked = [
    ...addons.map((name) => meantAddon(name, offered)),
    ...(progressiveDelivery ? ["flagger"] : []),
    ...(servesHosts ? ["gateway-api"] : []),
  ];
  return platform.addons.filter(({ name }) => asked.includes(name));
}
