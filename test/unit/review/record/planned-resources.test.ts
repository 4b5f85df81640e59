import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { isSecretMark, secretMark } from "../../../../review/planned-resource.js";
import { plannedResources } from "../../../../review/record/planned-resources.js";
import { record } from "../../../../review/record/recorder.js";

class Thing extends pulumi.CustomResource {
  constructor(name: string, inputs: pulumi.Inputs, opts?: pulumi.CustomResourceOptions) {
    super("test:index:Thing", name, inputs, opts);
  }
}

class Component extends pulumi.ComponentResource {}

/** The plain data of one resource with these inputs. */
async function inputsOf(inputs: pulumi.Inputs) {
  const { registrations } = await record(() => void new Thing("one", inputs));
  const [planned] = plannedResources(registrations, (value) => secretMark(`mark of ${typeof value}`));
  return planned?.inputs;
}

describe("planned resources", () => {
  it("have a mark in the place of a secret, and never its value, however deep it is", async () => {
    const secret = pulumi.secret("hidden");
    const inputs = await inputsOf({ plain: "seen", own: secret, list: [{ a: "seen" }, { b: { c: secret } }] });
    const mark = { $secret: "mark of string" };
    assert.deepEqual(inputs, { plain: "seen", own: mark, list: [{ a: "seen" }, { b: { c: mark } }] });
  });

  it("mark the outermost secret, so that not even the keys of a secret object show", async () => {
    const inputs = await inputsOf({ data: pulumi.secret({ password: pulumi.secret("hidden") }) });
    assert.deepEqual(inputs, { data: { $secret: "mark of object" } });
  });

  it("keep a field without a value absent, and secrets without a key alike", async () => {
    const { registrations } = await record(() => {
      new Thing("a", { value: pulumi.secret("x"), none: undefined });
      new Thing("b", { value: pulumi.secret("y") });
    });
    const [a, b] = plannedResources(registrations);
    assert.deepEqual(a?.inputs, { value: { $secret: "" } });
    assert.deepEqual(a?.inputs, b?.inputs);
  });

  it("name the tenant whose component registers them, at any depth, and no other", async () => {
    const { registrations } = await record(() => {
      const tenant = new Component("fleet:tenant:Tenant", "team-a");
      const inner = new Component("fleet:tenant:Namespace", "team-a.ns", {}, { parent: tenant });
      new Thing("deep", {}, { parent: inner, dependsOn: [tenant] });
      new Thing("other", {});
    });
    const tenants = plannedResources(registrations).map(({ name, tenant }) => [name, tenant]);
    assert.deepEqual(tenants, [
      ["deep", "team-a"],
      ["other", undefined],
      ["team-a", "team-a"],
      ["team-a.ns", "team-a"],
    ]);
  });

  it("carry the options that are not the engine's default, with names instead of URNs", async () => {
    const { registrations } = await record(() => {
      const first = new Thing("first", {});
      new Thing("second", {}, { retainOnDelete: true, deletedWith: first, ignoreChanges: ["a"], dependsOn: [first] });
    });
    const [first, second] = plannedResources(registrations);
    assert.deepEqual(first, { name: "first", type: "test:index:Thing", parent: "", dependsOn: [], inputs: {} });
    assert.deepEqual(
      { ...second, inputs: undefined },
      {
        name: "second",
        type: "test:index:Thing",
        parent: "",
        dependsOn: ["first"],
        retainOnDelete: true,
        deletedWith: "first",
        ignoreChanges: ["a"],
        inputs: undefined,
      },
    );
  });
});

describe("a mark of a secret", () => {
  it("is recognised, and nothing else is", () => {
    assert.ok(isSecretMark(secretMark()));
    for (const value of [{}, { $secret: 1 }, { $secret: "", other: 1 }, "$secret", null, ["$secret"]]) {
      assert.ok(!isSecretMark(value), JSON.stringify(value));
    }
  });
});
