import { textField } from "../../rules/field.js";
import { shardName } from "../../rules/names.js";

/**
 * The shard of a tenant. A stack lists its shards, because each one costs three controllers. The tenant names one, so
 * that its files say everything about it, and an overlay can move it on one cluster.
 */
export const shard = textField(shardName, {
  description:
    "Shard of fleet:shards whose controllers reconcile the Flux objects of this tenant. Default: the main controllers.",
  examples: ["untrusted"],
}).exactOptional();
