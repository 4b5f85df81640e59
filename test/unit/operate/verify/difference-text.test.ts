import assert from "node:assert/strict";
import { differenceText } from "../../../../operate/verify/difference-text.js";
import { withoutPasswords } from "../../../../operate/without-passwords.js";

const place = ["spec", "containers", "manager"];

describe("the text of a difference", () => {
  for (const [title, difference] of [
    [
      "a variable",
      { path: [...place, "env", "API_TOKEN"], wanted: undefined, live: { name: "API_TOKEN", value: "hunter2" } },
    ],
    [
      "a list of variables",
      { path: [...place, "env"], wanted: undefined, live: [{ name: "DB_PASSWORD", value: "hunter2" }] },
    ],
    ["a value", { path: [...place, "env", "CLIENT_SECRET", "value"], wanted: "a", live: "hunter2" }],
    [
      "an address",
      { path: [...place, "env"], wanted: [], live: [{ name: "PROXY", value: "http://me:hunter2@proxy" }] },
    ],
    ["an argument", { path: [...place, "args"], wanted: ["--a"], live: ["--a", "--webhook-token=hunter2"] }],
    ["a key of a ConfigMap", { path: ["data", "password"], wanted: undefined, live: "hunter2" }],
  ] as const) {
    it(`has no credential of ${title}`, () => {
      const text = differenceText(difference);
      assert.doesNotMatch(text, /hunter2/);
      assert.match(text, /…/);
    });
  }

  it("has every other value, also beside names that only contain such a word", () => {
    const { path } = { path: ["spec", "secretRef"] };
    assert.equal(
      differenceText({ path, wanted: { name: "a" }, live: { name: "b" } }),
      'is {"name":"b"} instead of {"name":"a"}',
    );
    assert.equal(
      differenceText({ path: ["automountServiceAccountToken"], wanted: false, live: true }),
      "is true instead of false",
    );
    assert.equal(differenceText({ path: ["x"], wanted: "a", live: undefined }), "is gone");
    assert.equal(differenceText({ path: ["x"], wanted: ["a", "b"], live: ["b", "a"] }), "has 2 elements instead of 2");
    assert.ok(differenceText({ path: ["x"], wanted: 1, live: "x".repeat(500) }).length < 150);
  });
});

describe("a text without passwords", () => {
  for (const [text, shown] of [
    ["postgres://user:hunter2@db/fleet", "postgres://…@db/fleet"],
    [
      "error: https://ghp_x@github.com failed, s3://bucket?region=x",
      "error: https://…@github.com failed, s3://bucket?region=x",
    ],
    ["ssh://git@github.com/acme/a.git", "ssh://git@github.com/acme/a.git"],
    ["mail to me@example.com", "mail to me@example.com"],
    ["https://me:hunt@er2@git.example.com/a, https://me:it's@b", "https://…@git.example.com/a, https://…@b"],
    [
      "GET https://s3.example.com/a?X-Amz-Signature=0a&page=2&token=b",
      "GET https://s3.example.com/a?X-Amz-Signature=…&page=2&token=…",
    ],
    ["post to https://hooks.slack.com/services/T0/B0/x: 404", "post to https://hooks.slack.com/services/… 404"],
    [`https://flux.example.com/hook/${"0123abcd".repeat(8)}`, "https://flux.example.com/hook/0123abcd…"],
  ] as const) {
    it(`is ${shown}`, () => assert.equal(withoutPasswords(text), shown));
  }
});
