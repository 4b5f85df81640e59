import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { releasedFlux } from "../../../../cli/retrofit/released-flux.js";
import type { LockEntry } from "../../../../flux/release/lock.js";
import { soundSettings, soundTree } from "../../../support/unit/checkout-tree.js";
import { asYaml, fluxManifest, lockOf } from "../../../support/unit/flux-manifest.js";
import { writeTree } from "../../../support/unit/tree-files.js";

describe("the release of Flux that a stack pins", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-release-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** Reads the release of a checkout whose lock has this entry, from a folder with this manifest. */
  async function read(entry: LockEntry, manifest: string) {
    writeTree(root, {
      ...soundTree,
      "Pulumi.staging.yaml": soundSettings(),
      "flux.lock.json": JSON.stringify({ "v2.9.2": entry }),
      "manifests/v2.9.2/install.yaml": manifest,
    });
    return await releasedFlux(root, "staging", { FLEET_MANIFESTS: join(root, "manifests") });
  }

  it("is not known where the manifest is not the locked one", async () => {
    const objects = fluxManifest();
    const [, ...others] = objects;
    const found = await read(lockOf(objects), asYaml(others));
    assert.match(
      "unknown" in found ? found.unknown : "",
      /^is not the manifest of Flux v2\.9\.2 that flux\.lock\.json pins/,
    );
  });

  it("is not known where the files of the stack have problems", async () => {
    writeTree(root, { ...soundTree, "Pulumi.staging.yaml": soundSettings("fleet:gone: x") });
    const found = await releasedFlux(root, "staging", {});
    assert.deepEqual(found, { version: "VERSION", unknown: "the settings of the stack staging cannot be read" });
  });

  it("has each object of the locked manifest by its kind and place", async () => {
    const objects = fluxManifest();
    const found = await read(lockOf(objects), asYaml(objects));
    assert.deepEqual(found, {
      version: "v2.9.2",
      objects: objects.map(({ kind, metadata: { name, namespace } }) => ({ kind, namespace, name })),
    });
  });
});
