import assert from "node:assert/strict";
import { buildFolderByKustomize } from "../../../../cli/platform/build-folder.js";
import { valueAt } from "../../../../config/files/location.js";
import { dollars } from "../../../support/unit/platform-files.js";

const mark = "annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}";

/** The size of a gadget with this text around it. A shell stands for kustomize, and prints it. */
async function sizeOf(metadata: string, spec = ""): Promise<unknown> {
  const manifest = dollars(
    `apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: a, ${metadata}}\nspec: {size: "@{q:=large}", ${spec}}\n`,
  );
  const built = await buildFolderByKustomize({
    files: { "fleet/a/kustomization.yaml": "resources: []\n" },
    folder: "fleet/a",
    spec: {},
    values: { other: "value" },
    program: { file: "/bin/sh", args: ["-c", `printf '%s' '${manifest}'`] },
  });
  assert.ok("objects" in built, JSON.stringify(built));
  return valueAt(built.objects[0] ?? {}, ["spec", "size"]);
}

describe("the build of a folder", () => {
  it("replaces variables, also where a mark against it stands within the object", async () => {
    assert.equal(await sizeOf(""), "large");
    assert.equal(await sizeOf("", `template: {metadata: {${mark}}}`), "large");
    assert.equal(await sizeOf("", 'note: "kustomize.toolkit.fluxcd.io/substitute: disabled"'), "large");
    assert.equal(await sizeOf(mark.replace("disabled", "enabled")), "large");
  });

  it("replaces none in an object that is marked itself", async () => {
    assert.equal(await sizeOf(mark), dollars("@{q:=large}"));
    assert.equal(await sizeOf(mark.replace("annotations", "labels")), dollars("@{q:=large}"));
  });
});
