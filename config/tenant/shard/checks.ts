import { having, type TenantCheck, unknownName } from "../declared-tenant.js";

/** Shards that the stack does not have: no controller would reconcile the tenant's objects. */
export const shardProblems: TenantCheck = (tenants, { settings, stack }) => {
  const { shards } = settings.sound;
  if (shards === undefined) return [];
  const otherwise =
    shards.length === 0
      ? `Add it to fleet:shards in Pulumi.${stack}.yaml, or remove it here`
      : `Name one of fleet:shards in Pulumi.${stack}.yaml (${shards.join(", ")}), or add it there`;
  return having(tenants, "shard").flatMap((tenant) => {
    const { shard } = tenant.spec;
    if (shard === undefined) return [];
    const fault = { known: shards, message: "is no shard of this stack", otherwise };
    return unknownName(tenant, ["shard"], shard, fault);
  });
};
