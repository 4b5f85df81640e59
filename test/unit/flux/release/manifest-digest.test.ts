import assert from "node:assert/strict";
import fc from "fast-check";
import { parseAllDocuments, stringify } from "yaml";
import { canonicalJson, manifestDigest } from "../../../../flux/release/manifest-digest.js";
import type { KubernetesObject } from "../../../../lib/kubernetes/object.js";
import { fluxManifest } from "../../../support/unit/flux-manifest.js";
import { shuffled } from "../../../support/unit/shuffled.js";

const digest = manifestDigest(fluxManifest());

describe("manifestDigest", () => {
  it("changes when any single scalar of the manifest changes", () => {
    const paths = scalarPaths(fluxManifest());
    assert.ok(paths.length > 200, `the made-up release has only ${paths.length} scalars`);
    for (const path of paths) {
      const objects = fluxManifest();
      alter(objects, path);
      assert.notEqual(manifestDigest(objects), digest, path.join("."));
    }
  });

  it("changes when an object is missing, or there twice", () => {
    const objects = fluxManifest();
    assert.notEqual(manifestDigest(objects.slice(1)), digest);
    assert.notEqual(manifestDigest([...objects, ...objects.slice(0, 1)]), digest);
  });

  it("changes when a list is in another order, because that has a meaning in Kubernetes", () => {
    const [a, b] = [
      ["--x=1", "--x=2"],
      ["--x=2", "--x=1"],
    ].map((args) => manifestDigest([configMap({ args })]));
    assert.notEqual(a, b);
  });

  it("tells text from a number that reads the same", () => {
    assert.notEqual(manifestDigest([configMap({ pods: "1000" })]), manifestDigest([configMap({ pods: 1000 })]));
  });

  it("stays when objects and keys are in another order", () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        assert.equal(manifestDigest(shuffled(fluxManifest(), seed)), digest);
      }),
      { numRuns: 30 },
    );
  });

  it("stays when the YAML is written in another way", () => {
    for (const options of [
      { defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN" },
      { collectionStyle: "flow" },
      { indent: 8 },
      { lineWidth: 20 },
    ] as const) {
      const text = fluxManifest()
        .map((object) => `# a comment\n${stringify(object, options)}`)
        .join("---\n");
      const documents = parseAllDocuments(text);
      assert.ok(Array.isArray(documents));
      assert.equal(manifestDigest(documents.map((document) => document.toJS() as KubernetesObject)), digest);
    }
  });
});

describe("canonicalJson", () => {
  it("refuses what JSON cannot say instead of writing something else", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, () => 1, [undefined]]) {
      assert.throws(() => canonicalJson(value), /no canonical form/);
    }
  });

  it("gives what JSON.parse reads back as the same value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        const text = canonicalJson(value);
        assert.equal(canonicalJson(JSON.parse(text)), text);
        assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

function configMap(data: Record<string, unknown>): KubernetesObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data };
}

type Path = readonly (string | number)[];

/** Where the texts, numbers and booleans of `value` are. */
function scalarPaths(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, field]) => scalarPaths(field, [...path, key]));
}

/** Changes one scalar by as little as possible: one character, one, or the other truth value. */
function alter(value: unknown, [key = "", ...rest]: Path): void {
  const holder = value as Record<string | number, unknown>;
  if (rest.length > 0) {
    alter(holder[key], rest);
    return;
  }
  const old = holder[key];
  if (typeof old === "boolean") holder[key] = !old;
  else if (typeof old === "number") holder[key] = old + 1;
  else holder[key] = `${String(old)} `;
}
