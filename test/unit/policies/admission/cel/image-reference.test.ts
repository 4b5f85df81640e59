import assert from "node:assert/strict";
import fc from "fast-check";
import { registryPrefixes } from "../../../../../policies/admission/cel/image-reference.js";

/** As the policy compares: the reference in full, ended by a colon. */
const allows = (registries: readonly string[], image: string) =>
  registryPrefixes(registries).some((prefix) => `${image}:`.startsWith(prefix));

const label = fc.stringMatching(/^[a-z0-9]{1,8}$/);
const host = fc.tuple(label, label).map(([first, second]) => `${first}.${second}`);
const path = fc.array(label, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
const end = fc.constantFrom("", ":1", ":latest", `@sha256:${"0".repeat(64)}`, `:1@sha256:${"0".repeat(64)}`);

describe("the beginning of an allowed image", () => {
  it("lets in everything below a registry, whatever its path, tag and digest", () => {
    fc.assert(fc.property(host, path, end, (at, of, ending) => allows([at], `${at}/${of}${ending}`)));
  });

  it("lets in a path of a registry itself, and everything below it", () => {
    fc.assert(
      fc.property(host, path, path, end, (at, of, below, ending) => {
        assert.ok(allows([`${at}/${of}`], `${at}/${of}${ending}`));
        assert.ok(allows([`${at}/${of}`], `${at}/${of}/${below}${ending}`));
      }),
    );
  });

  it("lets in no other host or port that begins alike", () => {
    fc.assert(
      fc.property(host, path, fc.constantFrom(".example", "-evil", ":5000", "@evil.example", "x"), (at, of, more) => {
        assert.ok(!allows([at], `${at}${more}/${of}`));
        assert.ok(!allows([`${at}/${of}`], `${at}${more}/${of}`));
      }),
    );
  });

  it("lets in no other path that begins alike", () => {
    fc.assert(
      fc.property(host, path, fc.constantFrom("-evil", ".evil", "_evil", "x"), end, (at, of, more, ending) => {
        assert.ok(!allows([`${at}/${of}`], `${at}/${of}${more}${ending}`));
      }),
    );
  });

  it("lets in nothing of a registry of which only a part is allowed", () => {
    fc.assert(
      fc.property(host, path, path, end, (at, of, other, ending) => {
        fc.pre(other !== of && !other.startsWith(`${of}/`));
        assert.ok(!allows([`${at}/${of}`], `${at}/${other}${ending}`));
      }),
    );
  });

  it("is written as references are compared: hosts in lower case, Docker Hub by the one name", () => {
    assert.deepEqual(registryPrefixes(["GHCR.io", "index.docker.io/library", "docker.io/library"]), [
      "docker.io/library/",
      "docker.io/library:",
      "docker.io/library@",
      "ghcr.io/",
    ]);
  });

  it("is nothing where nothing is allowed", () => {
    assert.deepEqual(registryPrefixes([]), []);
  });
});
