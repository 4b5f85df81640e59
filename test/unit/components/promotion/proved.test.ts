import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { keepProof } from "../../../../components/promotion/proved.js";
import type { Proof } from "../../../../promotion/proof.js";
import { record, resolved } from "../../../../review/record/recorder.js";

const proof = (version: string): Proof => ({
  flux: { "2026-01-01T00:00:00Z": version },
  program: {},
  settings: {},
  tenants: {},
  fields: {},
  charts: {},
  pins: {},
  overrides: [],
});
const digests = (value: string) => ({ digests: { parts: { Flux: value }, tenants: {} } });
const [proved, next] = [proof("v1"), proof("v2")];
const before = { ...proved, ...digests("old") };
const after = { ...next, ...digests("new") };

class Thing extends pulumi.CustomResource {}

/** A resource whose id the test gives, as the SDK has it after a failure or in a preview. */
function resourceWithId(name: string, isKnown: boolean): pulumi.Resource {
  const resource = new Thing("test:index:Thing", name, { value: 1 });
  return isKnown ? resource : Object.assign(resource, { id: pulumi.unknown });
}

interface Update {
  readonly failed?: "create" | "update";
  readonly preview?: boolean;
  readonly first?: boolean;
  readonly unknown?: boolean;
}

async function kept({ failed, preview = false, first = false, unknown = false }: Update) {
  const { registrations } = await record(
    async () => {
      const component = new pulumi.ComponentResource("test:index:Group", "group");
      const resources = [component, resourceWithId("one", true), resourceWithId("two", failed !== "create")];
      const proofs = {
        before: first ? undefined : before,
        next: () => (unknown ? undefined : next),
        ...digests("new"),
      };
      return await resolved(keepProof({ ...proofs, resources }));
    },
    { preview, ...(failed === "update" ? { failed: "two" } : {}) },
  );
  const stash = registrations.find(({ type }) => type === "pulumi:index:Stash");
  assert.deepEqual([stash?.name, stash?.dependsOn, stash?.parent], ["fleet-proved", [], ""]);
  return stash?.inputs.input;
}

describe("the proof of a stack", () => {
  it("is kept as it was when a resource failed and the engine goes on (--continue-on-error)", async () => {
    for (const failed of ["create", "update"] as const) {
      assert.deepEqual(await kept({ failed }), before);
      assert.deepEqual(await kept({ failed, first: true }), {});
    }
  });

  it("is the new one once all resources are registered, with no dependency that --target-dependents would follow", async () => {
    assert.deepEqual(await kept({}), after);
  });

  it("shows in a preview, where no id is known yet", async () => {
    assert.deepEqual(await kept({ failed: "create", preview: true }), after);
  });

  it("has no new output when the engine did not create it, as in an update with --target", async () => {
    const output = async (first?: object) => {
      const skipped = () => keepProof({ before: first, next: () => next, ...digests("new"), resources: [] });
      const { result } = await record(() => resolved(skipped()), { skipped: "fleet-proved" });
      return result;
    };
    assert.deepEqual(await output(), {});
    assert.deepEqual(await output(before), proved);
  });

  it("stays as it was where an update of one tenant has none to continue", async () => {
    assert.deepEqual(await kept({ unknown: true }), before);
  });

  it("has no digests in the output", async () => {
    const { result } = await record(() =>
      resolved(keepProof({ before, next: () => next, ...digests("new"), resources: [] })),
    );
    assert.deepEqual(result, next);
  });

  it("waits for every resource", async () => {
    let isRegistered = false;
    const urn = new Promise<string>((resolve) => {
      setImmediate(() => {
        isRegistered = true;
        resolve("urn:late");
      });
    });
    await record(async () => {
      const late = { urn: pulumi.output(urn) } as pulumi.Resource;
      await resolved(keepProof({ before, next: () => next, ...digests("new"), resources: [late] }));
      assert.ok(isRegistered);
    });
  });
});
