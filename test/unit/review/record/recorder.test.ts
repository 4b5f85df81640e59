import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { record, resolved } from "../../../../review/record/recorder.js";

class Thing extends pulumi.CustomResource {
  declare readonly value: pulumi.Output<string>;

  constructor(name: string, args: pulumi.Inputs, opts?: pulumi.CustomResourceOptions) {
    super("test:index:Thing", name, { value: undefined, ...args }, opts);
  }
}

class Group extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Group", name, {}, opts);
    new Thing(`${name}-a`, { value: "a" }, { parent: this });
    this.registerOutputs();
  }
}

describe("record", () => {
  it("throws what the program throws, and is ready for the next program", async () => {
    await assert.rejects(
      record(() => {
        throw new Error("broken program");
      }),
      /broken program/,
    );
    assert.equal((await record(() => new Thing("one", {}))).registrations.length, 1);
  });

  it("refuses a program with transforms, which only an engine runs", async () => {
    const keep = () => undefined;
    const { registerResourceTransform, registerInvokeTransform } = pulumi.runtime;
    for (const register of [() => registerResourceTransform(keep), () => registerInvokeTransform(keep)]) {
      await assert.rejects(record(register), /does not support transforms/);
    }
  });

  it("says what there is when something is not found", async () => {
    const recording = await record(() => new Thing("one", {}));
    assert.throws(() => recording.find("test:index:Thing", "two"), /no test:index:Thing is called two; .*: one/);
  });

  it("waits for registrations that others bring about", async () => {
    const recording = await record(() => {
      new Thing("first", { value: "x" }).value.apply((value) => new Thing(`second-${value}`, {}));
    });
    assert.deepEqual(
      recording.registrations.map(({ name }) => name),
      ["first", "second-x"],
    );
  });

  it("notes parents and what is waited for, through components as well", async () => {
    const recording = await record(() => {
      const group = new Group("group");
      new Thing("after", {}, { dependsOn: [group] });
      new Thing("alone", {});
    });
    const [group, inside, after, alone] = [
      recording.find("test:index:Group", "group"),
      ...["group-a", "after", "alone"].map((name) => recording.find("test:index:Thing", name)),
    ];
    assert.ok(group && inside && after && alone);
    assert.equal(inside.parent, group.urn);
    assert.ok(recording.waitsFor(after, inside));
    assert.ok(!recording.waitsFor(inside, after));
    assert.ok(!recording.waitsFor(alone, inside));
  });

  it("notes options, and which inputs are secret, with their values", async () => {
    const recording = await record(() => {
      new Thing(
        "one",
        { value: "plain", deep: { key: pulumi.secret("hidden") } },
        { protect: true, retainOnDelete: true, customTimeouts: { create: "5s" } },
      );
    });
    const one = recording.find("test:index:Thing", "one");
    assert.deepEqual(one.inputs, { value: "plain", deep: { key: "hidden" } });
    assert.deepEqual(one.secretInputs, ["deep"]);
    assert.deepEqual([one.protect, one.retainOnDelete, one.customTimeouts.create], [true, true, "5s"]);
  });

  it("refuses a call of a provider that the test did not foresee", async () => {
    await assert.rejects(
      record(() => pulumi.runtime.invoke("test:index:look", {})),
      /test:index:look was called/,
    );
  });

  it("answers as the test says: configuration, outputs and calls", async () => {
    const recording = await record(
      async () => {
        const { seen } = await pulumi.runtime.invoke("test:index:look", { at: 1 });
        const thing = new Thing("one", { value: new pulumi.Config("fleet").require("key") });
        return { seen, thing, stack: pulumi.getStack() };
      },
      {
        stack: "prod-eu",
        config: { "fleet:key": "configured" },
        outputs: ({ name }) => ({ value: `made ${name}` }),
        call: ({ inputs }) => ({ seen: inputs.at }),
      },
    );
    assert.equal(recording.find("test:index:Thing", "one").inputs.value, "configured");
    assert.equal(await resolved(recording.result.thing.value), "made one");
    assert.deepEqual([recording.result.seen, recording.result.stack], [1, "prod-eu"]);
    assert.deepEqual(recording.calls, [{ token: "test:index:look", inputs: { at: 1 } }]);
  });
});
