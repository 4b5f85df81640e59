import assert from "node:assert/strict";
import { plainValue, propertyPath, withChangedSecret } from "../../../../review/live/engine-values.js";
import { secretMark } from "../../../../review/planned-resource.js";

describe("values of the engine's JSON", () => {
  it("have a mark for each masked secret, a text for what is unknown, and nothing that a provider keeps for itself", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const value = { __defaults: ["a"], data: "[secret]", list: [{ __defaults: [], url: unknown }], text: "[secrets]" };
    assert.deepEqual(plainValue(value), {
      data: secretMark(),
      list: [{ url: "(known after the update)" }],
      text: "[secrets]",
    });
  });

  for (const [text, path] of [
    ["spec.hard.pods", ["spec", "hard", "pods"]],
    ['spec.hard["count/pods"]', ["spec", "hard", "count/pods"]],
    ['metadata.annotations["a.b\\"c"].d', ["metadata", "annotations", 'a.b"c', "d"]],
    ["rules[0].verbs[12]", ["rules", 0, "verbs", 12]],
    ['["first"].second', ["first", "second"]],
    ["", []],
  ] as const) {
    it(`have paths: ${text || "(empty)"}`, () => assert.deepEqual(propertyPath(text), path));
  }

  it("show another mark for a secret that a path leads to, or into", () => {
    const value = { data: secretMark(), rules: [{ token: secretMark() }, { token: secretMark() }] };
    assert.deepEqual(withChangedSecret(value, ["data", "known_hosts"]), { ...value, data: secretMark("changed") });
    assert.deepEqual(withChangedSecret(value, ["rules", 1, "token"]), {
      ...value,
      rules: [{ token: secretMark() }, { token: secretMark("changed") }],
    });
  });

  it("keep the marks of secrets that a path passes by", () => {
    const value = { data: secretMark(), metadata: { labels: { a: "b" } } };
    for (const path of [["metadata", "labels", "a"], ["metadata"], ["missing"], ["data2"], []]) {
      assert.deepEqual(withChangedSecret(value, path), value);
    }
  });
});
