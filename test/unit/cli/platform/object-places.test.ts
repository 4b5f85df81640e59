import assert from "node:assert/strict";
import { ObjectPlaces } from "../../../../cli/platform/object-places.js";
import type { PlainObject } from "../../../../lib/data/merge.js";

const base = "fleet/infrastructure/base/parts.yaml";
const kustomization = "fleet/infrastructure/staging/kustomization.yaml";
const config = (name: string) => `kind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  a: b\n`;
const places = new ObjectPlaces({
  [base]: `kind: Secret\nmetadata: {name: one}\n---\n${config("one")}---\n${config("two")}`,
  [kustomization]: "resources: [../base]\nconfigMapGenerator:\n  - name: three\n",
});
const located = (kind: string, name: string, origin: string, rest: PlainObject = {}) =>
  places.locate(
    { kind, metadata: { name, annotations: { "config.kubernetes.io/origin": origin, ...rest } } },
    "fleet/infrastructure/staging",
  );

describe("the place of a built object", () => {
  const path = ["metadata", "name"];

  it("is in the document of its kind and name", () => {
    assert.deepEqual(located("ConfigMap", "two", "path: ../base/parts.yaml\n").placeOf(path), {
      file: base,
      line: 12,
      path: "metadata.name",
    });
    assert.equal(located("Secret", "one", "path: ../base/parts.yaml\n").placeOf(path).line, 2);
  });

  it("is in the document that it was renamed from", () => {
    assert.equal(located("ConfigMap", "x-two-y", "path: ../base/parts.yaml\n").placeOf(path).line, 12);
  });

  it("is the nearest field that is written, where a patch sets the field", () => {
    assert.equal(located("ConfigMap", "two", "path: ../base/parts.yaml\n").placeOf(["data", "c"]).line, 13);
  });

  it("is the field of the kustomization that generates it", () => {
    const origin = "configuredIn: kustomization.yaml\nconfiguredBy: {apiVersion: builtin, kind: ConfigMapGenerator}\n";
    const { file, line } = located("ConfigMap", "three-abc", origin).placeOf(path);
    assert.deepEqual([file, line], [kustomization, 2]);
  });

  it("is the file alone, where the file has no such object", () => {
    const { file, line } = located("Pod", "one", "path: ../base/parts.yaml\n").placeOf(path);
    assert.deepEqual([file, line], [base, 1]);
  });
});

describe("a built object", () => {
  it("has no note of its origin, and keeps other annotations", () => {
    const origin = "path: ../base/parts.yaml\n";
    assert.deepEqual(located("ConfigMap", "two", origin).data, { kind: "ConfigMap", metadata: { name: "two" } });
    const { data } = located("ConfigMap", "two", origin, { a: "b" });
    assert.deepEqual(data, { kind: "ConfigMap", metadata: { name: "two", annotations: { a: "b" } } });
  });
});
