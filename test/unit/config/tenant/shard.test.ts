import assert from "node:assert/strict";
import { assertProblems, load } from "../../../support/unit/checkout-tree.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";
const files = { [base]: "name: team-a\nshard: untrused\n" };

describe("the shard of a tenant", () => {
  it("is refused where the stack has no such shard, where it is written, with the one that may be meant", () => {
    assertProblems(
      { files, config: { shards: '["batch", "untrusted"]' } },
      /^stacks\/base\/tenants\/team-a\.yaml:2: shard: "untrused" is no shard of this stack\. Did you mean untrusted\?/,
    );
    assertProblems(
      { files: { [overlay]: "shard: other\n" }, config: { shards: '["batch"]' } },
      /^stacks\/staging\/tenants\/team-a\.yaml:1: shard: "other" is no shard .*Name one of fleet:shards in Pulumi\.staging\.yaml \(batch\)/,
    );
    assertProblems({ files }, /shard: "untrused" is no shard .*Add it to fleet:shards in Pulumi\.staging\.yaml/);
  });

  it("is refused with a name that no controller could have, once", () => {
    assertProblems({ files: { [base]: "name: team-a\nshard: Batch_1\n" } }, /shard: .*is not the name of a shard/);
    assertProblems({ config: { shards: '["Batch_1"]' } }, /fleet:shards\[0\]: .*is not the name of a shard/);
    assertProblems({ config: { shards: `["${"a".repeat(41)}"]` } }, /fleet:shards\[0\]: is longer than 40 characters/);
    assertProblems({ config: { shards: '["batch", "batch"]' } }, /fleet:shards\[1\]: is there already/);
    assertProblems({ config: { shards: '"batch"' } }, /fleet:shards: must be a list/);
  });

  it("is not looked for in settings that break the schema, which are reported by themselves", () => {
    assertProblems({ files, config: { shards: '["Batch_1"]' } }, /^Pulumi\.staging\.yaml: fleet:shards\[0\]/);
  });

  it("is that of the overlay before that of the base file, and none by default", () => {
    const config = { shards: '["batch", "untrusted"]' };
    const shardOf = (changes: Readonly<Record<string, string>>) => load({ files: changes, config }).tenants[0]?.shard;
    const inBase = { [base]: "name: team-a\nshard: batch\n" };
    assert.equal(shardOf({}), undefined);
    assert.equal(shardOf(inBase), "batch");
    assert.equal(shardOf({ ...inBase, [overlay]: "shard: untrusted\n" }), "untrusted");
    assert.equal(shardOf({ ...inBase, [overlay]: "shard: null\n" }), undefined);
  });

  it("may be one that no tenant has any more: objects that a tenant left there still need its controllers", () => {
    assert.deepEqual(load({ config: { shards: '["batch"]' } }).flux.shards, ["batch"]);
  });
});
