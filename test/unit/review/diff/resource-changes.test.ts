import assert from "node:assert/strict";
import fc from "fast-check";
import { changedFields } from "../../../../review/diff/changed-fields.js";
import { resourceChanges } from "../../../../review/diff/resource-changes.js";
import { secretMark } from "../../../../review/planned-resource.js";
import { onGitHub, planned } from "../../../support/unit/plans.js";

describe("changed fields", () => {
  it("of equal values are none", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => assert.deepEqual(changedFields(value, structuredClone(value)), [])),
    );
  });

  it("of different values are some, and no field is named twice", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
        const paths = changedFields(before, after).map(({ path, after: now }) =>
          JSON.stringify([path, now === undefined]),
        );
        const isEqual = JSON.stringify(before) === JSON.stringify(after);
        assert.ok(isEqual || paths.length > 0);
        assert.equal(new Set(paths).size, paths.length);
      }),
    );
  });

  for (const [title, before, after, expected] of [
    ["a field that appears", { a: 1 }, { a: 1, b: 2 }, [{ path: ["b"], before: undefined, after: 2 }]],
    [
      "an element that comes first",
      [{ x: 1 }, { x: 2 }],
      [{ x: 0 }, { x: 1 }, { x: 2 }],
      [{ path: [0], after: { x: 0 } }],
    ],
    ["an element that goes", ["a", "b", "c"], ["a", "c"], [{ path: [1], before: "b" }]],
    [
      "elements by their names, whatever their order",
      [{ name: "a", v: 1 }, { name: "b" }],
      [{ name: "b" }, { name: "a", v: 2 }],
      [{ path: ["a", "v"], before: 1, after: 2 }],
    ],
    ["a map that becomes a text", { a: {} }, { a: "x" }, [{ path: ["a"], before: {}, after: "x" }]],
    [
      "another secret, as a whole",
      { a: secretMark("1") },
      { a: secretMark("2") },
      [{ path: ["a"], before: secretMark("1"), after: secretMark("2") }],
    ],
    ["the same secret", { a: secretMark("1") }, { a: secretMark("1") }, []],
  ] as const) {
    it(`tell ${title}`, () => assert.deepEqual(changedFields(before, after), expected));
  }
});

describe("changed resources", () => {
  const namespace = (labels: object) => planned("core/v1:Namespace", { name: "a", labels });

  it("are those of provider, of ignored fields and of secrets in the state as well", () => {
    const options = { provider: "other", ignoreChanges: ["rules"], additionalSecretOutputs: ["key"] };
    const [one] = resourceChanges([namespace({})], [{ ...namespace({}), ...options }]);
    assert.deepEqual(
      one?.fields.map(({ path }) => path.join(".")),
      ["options.additionalSecretOutputs", "options.ignoreChanges", "options.provider"],
    );
  });

  it("are those of a second resource for the same object, wherever it stands", () => {
    const [kept, second] = [namespace({}), { ...namespace({ privileged: "true" }), name: "0" }];
    for (const after of [
      [kept, second],
      [second, kept],
    ]) {
      assert.notDeepEqual(resourceChanges([kept], after), []);
    }
  });

  it("are none between equal plans, in any order, with other dependencies", () => {
    const [a, b] = [namespace({}), onGitHub("Repository", "r", { name: "r" })];
    assert.deepEqual(resourceChanges([a, b], [b, { ...a, dependsOn: ["r"] }]), []);
  });

  it("are added, removed and changed ones, sorted by name", () => {
    const [a, b, c] = ["a", "b", "c"].map((name) => onGitHub("Repository", name, { name }));
    assert.ok(a && b && c);
    const changes = resourceChanges([a, b], [{ ...b, inputs: { name: "x" } }, c]);
    assert.deepEqual(
      changes.map(({ kind, resource }) => [kind, resource.name]),
      [
        ["removed", "a"],
        ["changed", "b"],
        ["added", "c"],
      ],
    );
  });

  it("leave out components and what the engine ignores", () => {
    const component = (name: string) => ({ name, type: "fleet:tenant:Tenant", parent: "", dependsOn: [], inputs: {} });
    const file = (content: string) => onGitHub("RepositoryFile", "f", { content }, { ignoreChanges: ["content"] });
    assert.deepEqual(resourceChanges([component("a"), file("1")], [component("b"), file("2")]), []);
  });

  it("treat one object of a cluster as the same, whatever its resource is called", () => {
    const [before, after] = [namespace({ a: "1" }), { ...namespace({ a: "2" }), name: "another" }];
    assert.deepEqual(
      resourceChanges([before], [after])[0]?.fields.map(({ path }) => path),
      [["metadata", "labels", "a"]],
    );
  });

  it("include options that decide the fate of the object", () => {
    const [change] = resourceChanges(
      [onGitHub("Repository", "r", {}, { retainOnDelete: true })],
      [onGitHub("Repository", "r", {})],
    );
    assert.deepEqual(change?.fields, [{ path: ["options", "retainOnDelete"], before: true, after: undefined }]);
  });
});
