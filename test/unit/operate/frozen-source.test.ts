import assert from "node:assert/strict";
import { fluxObject } from "../../../operate/flux-object.js";
import { frozenSourceReason } from "../../../operate/frozen-source.js";

const commit = "a".repeat(40);
const other = "b".repeat(40);
const reasonOf = (revision: string | undefined, ref: object) =>
  frozenSourceReason(
    fluxObject.parse({
      metadata: { name: "team-a" },
      spec: { suspend: true, ref },
      status: revision === undefined ? {} : { artifact: { revision } },
    }),
  );

describe("a source that a file freezes", () => {
  it("is not what the files say where it has fetched nothing", () => {
    assert.match(reasonOf(undefined, { branch: "main" }) ?? "", /^is frozen, and has fetched nothing: end the freeze/);
  });

  for (const [revision, ref] of [
    [`main@sha1:${commit}`, { branch: "release" }],
    [`main@sha1:${commit}`, { branch: "main", tag: "v1.0.0" }],
    [`main@sha1:${commit}`, { semver: "~1.4" }],
    [`main@sha1:${commit}`, { branch: "main", commit: other }],
    [`v1.4.2@sha1:${commit}`, { tag: "v1.4.3" }],
    [`sha1:${commit}`, { branch: "main" }],
  ] as const) {
    it(`is not at ${JSON.stringify(ref)} with ${revision.replace(commit, "…")}`, () => {
      assert.match(reasonOf(revision, ref) ?? "", /^is frozen at .*, and its file follows .*: end the freeze/);
    });
  }

  for (const [revision, ref] of [
    [`main@sha1:${commit}`, { branch: "main" }],
    [`main@sha1:${commit}`, {}],
    [`feature/a@b@sha1:${commit}`, { branch: "feature/a@b" }],
    [`v1.4.2@sha1:${commit}`, { semver: "~1.4" }],
    [`v1.4.2@sha1:${commit}`, { branch: "main", tag: "v1.4.2" }],
    [`main@sha1:${commit}`, { branch: "main", commit }],
    [`sha1:${commit}`, { commit }],
  ] as const) {
    it(`is at ${JSON.stringify(ref).replace(commit, "…")} with ${revision.replace(commit, "…")}`, () => {
      assert.equal(reasonOf(revision, ref), undefined);
    });
  }
});
