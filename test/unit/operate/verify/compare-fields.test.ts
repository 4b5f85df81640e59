import assert from "node:assert/strict";
import { compareFields } from "../../../../operate/verify/compare-fields.js";
import { secretMark } from "../../../../review/planned-resource.js";

const paths = (wanted: unknown, live: unknown, isAllowed = () => false) =>
  compareFields(wanted, live, isAllowed).map(({ path }) => path.join("."));

describe("the comparison of declared and live fields", () => {
  it("names a changed value, one that is gone, and one that no file declares", () => {
    assert.deepEqual(paths({ a: 1, b: { c: "x" }, d: true }, { a: 2, b: {}, d: true, e: "y" }), ["a", "b.c", "e"]);
  });

  it("takes an explicit false that is gone for a change, but for fields whose false is the same as none", () => {
    const wanted = { automountServiceAccountToken: false, suspend: false, hostNetwork: false };
    assert.deepEqual(paths(wanted, {}), ["automountServiceAccountToken"]);
  });

  it("names a further element and a lacking one of a named list, in whatever order", () => {
    const [a, b] = [{ name: "a", image: "x" }, { name: "b" }];
    assert.deepEqual(paths({ containers: [a, b] }, { containers: [b, a] }), []);
    assert.deepEqual(paths({ containers: [a] }, { containers: [{ name: "a", image: "y" }, { name: "sidecar" }] }), [
      "containers.a.image",
      "containers.sidecar",
    ]);
    assert.deepEqual(paths({ containers: [a, b] }, { containers: [a] }), ["containers.b"]);
  });

  it("keeps the order of other lists, and compares subjects of several namespaces by their place", () => {
    assert.deepEqual(paths({ args: ["--a", "--b"] }, { args: ["--b", "--a"] }), ["args.0", "args.1"]);
    const subject = (namespace: string) => ({ kind: "ServiceAccount", name: "reconciler", namespace });
    assert.deepEqual(paths({ subjects: [subject("a")] }, { subjects: [subject("a"), subject("b")] }), ["subjects"]);
  });

  for (const [wanted, live, isSame] of [
    ["0.5", "500m", true],
    ["1024Mi", "1Gi", true],
    [10, "10", true],
    ["1Gi", "1G", false],
    ["many", "more", false],
  ] as const) {
    it(`takes ${wanted} and ${live} of a quota for ${isSame ? "the same" : "different"} amounts`, () => {
      assert.deepEqual(paths({ hard: { x: wanted } }, { hard: { x: live } }), isSame ? [] : ["hard.x"]);
    });
  }

  it("takes amounts of other fields as texts", () => {
    assert.deepEqual(paths({ data: { version: "1.0" } }, { data: { version: "1" } }), ["data.version"]);
  });

  it("takes an empty value for none, on either side", () => {
    assert.deepEqual(paths({ ingress: [], podSelector: {}, a: null }, { b: "", c: [] }), []);
    assert.deepEqual(paths({ egress: [] }, { egress: [{}] }), ["egress"]);
  });

  it("demands a secret to be there, and compares no value of it", () => {
    assert.deepEqual(paths({ data: secretMark() }, { data: { key: "x" } }), []);
    assert.deepEqual(paths({ data: secretMark() }, {}), ["data"]);
  });
});
