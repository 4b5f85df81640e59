/**
 * Label of an object of Flux's kinds: the shard whose controllers reconcile it. Without it, the main controllers do.
 * @see https://fluxcd.io/flux/installation/configuration/sharding/
 */
export const SHARDING_KEY = "sharding.fluxcd.io/key";

/** Label of a tenant's namespace: the shard of all its Flux objects; without it, none. Only the platform writes it. */
export const SHARD_LABEL = "fleet.dev/shard";

/** The labels of an object of Flux's kinds by which the controllers of a shard reconcile it. @param shard @default none */
export function shardingLabels(shard: string | undefined): Record<string, string> {
  return shard === undefined ? {} : { [SHARDING_KEY]: shard };
}
