import { having, problemAt, type TenantCheck } from "../declared-tenant.js";

/** Tenants that ask for an addon that the stack's infrastructure does not have. */
export const addonProblems: TenantCheck = (tenants, { settings, stack }) => {
  const { offers: addons } = settings.sound;
  if (addons === undefined || addons.includes("flagger")) return [];
  const message = `is for stacks that have Flagger, and fleet:offers of Pulumi.${stack}.yaml does not list it`;
  const fix = "Write false in the overlay, or have the platform team install Flagger and list it";
  return having(tenants, "progressiveDelivery")
    .filter(({ spec }) => spec.progressiveDelivery)
    .map((tenant) => problemAt(tenant, ["progressiveDelivery"], message, fix));
};
