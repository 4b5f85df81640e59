import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockedVersion, lockProblems, parseLock, readLock } from "../../../../flux/release/lock.js";
import { lockEntry } from "../../../../flux/release/lock-entry.js";
import { FleetError, problemLine } from "../../../../lib/diagnostics/problem.js";
import { fluxManifest, imageDigest, lockOf, releaseUrl } from "../../../support/unit/flux-manifest.js";

const entry = lockOf();
const root = join(import.meta.dirname, "../../../..");

describe("a lock", () => {
  it("without the wanted version names the file, the versions it has, and what to do", () => {
    const lock = { "v9.9.8": entry, "v9.9.9": entry };
    assert.throws(
      () => lockedVersion(lock, "v9.9.7"),
      (error) => {
        assert.ok(error instanceof FleetError);
        assert.match(error.message, /flux\.lock\.json/);
        assert.match(error.message, /v9\.9\.7/);
        assert.match(error.message, /locked: v9\.9\.8, v9\.9\.9/);
        assert.match(error.message, /npx fleet lock v9\.9\.7/);
        return true;
      },
    );
  });

  it("has no entry under the names that every object has", () => {
    assert.throws(() => lockedVersion({}, "constructor"), /has no entry.*locked: none/);
  });

  it("that is missing or no JSON says so with its name", () => {
    const empty = mkdtempSync(join(tmpdir(), "fleet-lock-"));
    try {
      assert.throws(() => readLock(empty), /flux\.lock\.json.*cannot be read.*ENOENT/);
    } finally {
      rmSync(empty, { recursive: true });
    }
    assert.throws(() => parseLock("{"), /flux\.lock\.json.*not JSON/);
  });

  it("with wrong fields names all of them at once", () => {
    const text = JSON.stringify({
      latest: entry,
      "v1.0.0": { ...entry, source: "http://releases.example.com/install.yaml" },
      "v1.0.1": { ...entry, digest: "sha256:abc" },
      "v1.0.2": { ...entry, objects: 0 },
      "v1.0.3": { ...entry, extra: true },
      "v1.0.4": {
        ...entry,
        controllers: {
          "source-controller": { version: "1.0", image: "registry.example.com/a:v1", digest: imageDigest },
        },
      },
    });
    assert.throws(
      () => parseLock(text),
      (error) => {
        assert.ok(error instanceof FleetError);
        assert.deepEqual(
          error.problems.map(({ path }) => path),
          [
            "latest",
            "v1.0.0.source",
            "v1.0.1.digest",
            "v1.0.2.objects",
            "v1.0.3",
            "v1.0.4.controllers.source-controller.image",
            "v1.0.4.controllers.source-controller.version",
          ],
        );
        return true;
      },
    );
  });

  it("that is committed can be read, and pins an image for every controller of the stacks", () => {
    for (const [version, locked] of Object.entries(readLock(root))) {
      assert.match(locked.source, new RegExp(`/${version}/install\\.yaml$`));
      for (const name of ["source", "kustomize", "helm", "notification", "image-reflector", "image-automation"]) {
        assert.ok(locked.controllers[`${name}-controller`], `${version} lacks ${name}-controller`);
      }
    }
  });
});

describe("lockProblems", () => {
  const lines = (lock: string | undefined, wanted: unknown): string[] => {
    const directory = mkdtempSync(join(tmpdir(), "fleet-lock-"));
    try {
      if (lock !== undefined) writeFileSync(join(directory, "flux.lock.json"), lock);
      return lockProblems(directory, wanted).map(problemLine);
    } finally {
      rmSync(directory, { recursive: true });
    }
  };
  const sound = JSON.stringify({ "v9.9.9": entry });

  it("are data, to be told together with those of all other files", () => {
    const [missing] = lines(sound, "v9.9.7");
    assert.match(missing ?? "", /^flux\.lock\.json: v9\.9\.7: Flux v9\.9\.7 has no entry/);
    assert.match(lines(undefined, "v9.9.9")[0] ?? "", /^flux\.lock\.json: cannot be read/);
    assert.match(lines("{", "v9.9.9")[0] ?? "", /^flux\.lock\.json: is not JSON/);
    assert.equal(lines(JSON.stringify({ latest: entry, "v1.0.0": {} }), undefined).length, 5);
  });

  it("do not repeat what the loader says of a version that is none", () => {
    for (const wanted of [undefined, "", "2.9.2", "latest", 2]) assert.deepEqual(lines(sound, wanted), []);
  });

  it("are none when the version is locked", () => {
    assert.deepEqual(lines(sound, "v9.9.9"), []);
  });
});

describe("lockEntry", () => {
  it("refuses a manifest whose image is not plainly name:version", () => {
    const objects = fluxManifest().map((object) =>
      object.metadata.name === "helm-controller" && object.kind === "Deployment"
        ? JSON.parse(JSON.stringify(object).replace(":v1.0.3", `:v1.0.3@${imageDigest}`))
        : object,
    );
    assert.throws(
      () => lockOf(objects),
      /Deployment flux-system\/helm-controller.*exactly one container.*as it was released/,
    );
  });

  it("refuses an image without a digest, and names it", () => {
    const refused = () => lockEntry(releaseUrl, fluxManifest(), {});
    assert.throws(refused, /no digest was given for the image registry\.example\.com\/flux\/.*:v1\.0\./);
  });

  it("is accepted by the lock it is written to", () => {
    assert.deepEqual(parseLock(JSON.stringify({ "v9.9.9": entry })), { "v9.9.9": entry });
    assert.equal(entry.objects, fluxManifest().length);
    assert.deepEqual(entry.controllers["source-watcher"], {
      version: "v1.0.7",
      image: "registry.example.com/flux/source-watcher",
      digest: imageDigest,
    });
  });
});
