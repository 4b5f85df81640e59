import assert from "node:assert/strict";
import { fluxFiles } from "../../../../config/platform/flux-files.js";

const kept = (...paths: readonly string[]) =>
  Object.keys(fluxFiles(Object.fromEntries(paths.map((path) => [path, ""]))));

describe("the files that Flux has of a Git source", () => {
  it("are none that it leaves out by itself, wherever they are", () => {
    assert.deepEqual(
      kept(
        "fleet/infrastructure/.github/policy.yaml",
        "fleet/.circleci/a/policy.yaml",
        "fleet/cloudbuild.yaml",
        "fleet/a/.flux.yaml",
        "fleet/a/.sops.yaml",
        "fleet/a/appveyor.yml",
        "fleet/a.zip/policy.yaml",
        "fleet/a/logo.png",
        "fleet/.gitignore",
      ),
      [],
    );
  });

  it("are all others, also with similar names", () => {
    const paths = [
      "fleet/github/a.yaml",
      "fleet/cloudbuild.yml",
      "fleet/.github.yaml",
      "fleet/flux.yaml",
      "fleet/png/a.yaml",
    ];
    assert.deepEqual(kept(...paths), paths);
  });
});
