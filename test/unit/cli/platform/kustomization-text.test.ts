import assert from "node:assert/strict";
import { parse } from "yaml";
import { prepareKustomization } from "../../../../cli/platform/kustomization-text.js";
import type { PlainObject } from "../../../../lib/data/merge.js";

const folder = "fleet/infrastructure/base";
const file = `${folder}/kustomization.yaml`;
const noted = { buildMetadata: ["originAnnotations"] };
const prepared = (files: Readonly<Record<string, string>>, spec: PlainObject = {}) => {
  const { file: name, text } = prepareKustomization(files, folder, spec);
  return [name, parse(text)];
};

describe("a kustomization, prepared as Flux does it,", () => {
  it("notes the origin of objects, whatever it noted before", () => {
    const text = "resources: [a.yaml]\nbuildMetadata: [managedByLabel]\n";
    assert.deepEqual(prepared({ [file]: text }), [file, { resources: ["a.yaml"], ...noted }]);
  });

  it("keeps its other name", () => {
    const [name] = prepared({ [`${folder}/kustomization.yml`]: "resources: [a.yaml]\n" });
    assert.equal(name, `${folder}/kustomization.yml`);
  });

  it("gets the fields of its sync, behind its own", () => {
    const own = { namespace: "a", patches: [{ path: "p.yaml" }], images: [{ name: "x", newTag: "1" }, { name: "y" }] };
    const spec: PlainObject = {
      targetNamespace: "b",
      namePrefix: "c-",
      nameSuffix: "-d",
      patches: [{ patch: "e", target: { kind: "F" }, path: "/etc/passwd" }],
      images: [{ name: "x", newTag: "2" }],
      components: ["../g"],
    };
    assert.deepEqual(prepared({ [file]: JSON.stringify(own) }, spec), [
      file,
      {
        namespace: "b",
        namePrefix: "c-",
        nameSuffix: "-d",
        patches: [{ path: "p.yaml" }, { patch: "e", target: { kind: "F" } }],
        images: [{ name: "y" }, { name: "x", newTag: "2" }],
        components: ["../g"],
        ...noted,
      },
    ]);
  });

  it("is generated where there is none, of the manifests and of the folders below that have one", () => {
    const files = Object.fromEntries(
      [
        "a.yaml",
        "b.txt",
        "c/d.yml",
        "e/kustomization.yaml",
        "e/f.yaml",
        "e/g/kustomization.yaml",
        "../other/h.yaml",
      ].map((name) => [`${folder}/${name}`.replace("base/../", ""), ""]),
    );
    assert.deepEqual(prepared(files), [file, { resources: ["a.yaml", "c/d.yml", "e"], ...noted }]);
  });

  it("stays as it is where kustomize must say what is wrong", () => {
    for (const text of ["a: [1\n", "resources: []\n---\nresources: []\n", "# later\n"]) {
      assert.deepEqual(prepareKustomization({ [file]: text }, folder, {}), { file, text });
    }
  });
});
