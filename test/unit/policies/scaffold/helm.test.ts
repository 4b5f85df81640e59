import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { crossesMajors } from "../../../../config/rules/version-majors.js";
import { tenantScaffold } from "../../../../policies/scaffold/scaffold.js";
import { root } from "../../../support/unit/fleet.js";
import { fleetSpec } from "../../../support/unit/spec.js";

const url = "oci://registry.example.com/charts/app";
const filesOf = (scaffold: Partial<ReturnType<typeof fleetSpec>["scaffold"]> = {}) =>
  tenantScaffold("helm", fleetSpec({ scaffold: { preReleases: ["staging"], ...scaffold } }));
const text = (files: ReturnType<typeof filesOf>, file: string): string => files[file] ?? assert.fail(file);
const resources = (files: ReturnType<typeof filesOf>) =>
  (parse(text(files, "deploy/base/kustomization.yaml")) as { resources: string[] }).resources;

/** The range of versions that a stack's folder puts into the source. */
const rangeOf = (files: ReturnType<typeof filesOf>, stack: string): string => {
  const { patches } = parse(text(files, `deploy/${stack}/kustomization.yaml`)) as {
    patches: readonly { readonly target: object; readonly patch: string }[];
  };
  const [{ target, patch } = assert.fail(), ...others] = patches;
  assert.deepEqual([target, others], [{ kind: "OCIRepository", name: "app" }, []]);
  const [operation] = parse(patch) as { op: string; path: string; value: string }[];
  assert.deepEqual([operation?.op, operation?.path], ["replace", "/spec/ref/semver"]);
  return operation?.value ?? "";
};

describe("the scaffold helm", () => {
  it("applies no release of a chart that no one has named, and the team's once both lines are listed", () => {
    const files = filesOf();
    assert.deepEqual(resources(files), ["welcome.yaml"]);
    const listed = text(files, "deploy/base/kustomization.yaml").replaceAll("# - ", "- ");
    assert.deepEqual((parse(listed) as { resources: string[] }).resources, [
      "welcome.yaml",
      "source.yaml",
      "release.yaml",
    ]);
    assert.match(text(files, "deploy/base/source.yaml"), /url: oci:\/\/ghcr\.io\/acme\/charts\/app$/m);
  });

  it("applies the release of the platform's chart at once", () => {
    const files = filesOf({ chart: { url, major: 1 } });
    assert.deepEqual(resources(files), ["source.yaml", "release.yaml"]);
    assert.equal(files["deploy/base/welcome.yaml"], undefined);
    const source = parse(text(files, "deploy/base/source.yaml")) as { spec: { url: string } };
    assert.equal(source.spec.url, url);
    assert.match(text(files, "README.md"), /^The release `app` runs already/m);
  });

  it("has a release that runs as the tenant's account: admission refuses every other", () => {
    const { spec } = parse(text(filesOf(), "deploy/base/release.yaml")) as {
      spec: { serviceAccountName: string; chartRef: object };
    };
    assert.equal(spec.serviceAccountName, "reconciler");
    assert.deepEqual(spec.chartRef, { kind: "OCIRepository", name: "app" });
  });

  it("takes pre-releases on no stack but those named, and no other major version on any", () => {
    for (const major of [0, 1, 12]) {
      const files = filesOf({ chart: { url, major } });
      assert.equal(rangeOf(files, "prod-eu"), `>=${major}.0.0 <${major + 1}.0.0`);
      // In a range that names a pre-release, Flux takes the pre-releases of the next major for smaller than it.
      assert.equal(rangeOf(files, "staging"), `>=${major}.0.0-0 <${major + 1}.0.0-0`);
      for (const stack of ["staging", "prod-eu"]) assert.equal(crossesMajors(rangeOf(files, stack)), false, stack);
    }
    for (const stack of ["staging", "prod-eu"]) {
      assert.doesNotMatch(rangeOf(filesOf({ preReleases: [] }), stack), /-/, "no stack takes them without an order");
    }
  });

  it("has Renovate's flux manager read every manifest, and nothing else", () => {
    const files = filesOf({ chart: { url, major: 1 } });
    const config = JSON.parse(text(files, "renovate.json")) as { flux: { managerFilePatterns: readonly string[] } };
    const patterns = config.flux.managerFilePatterns.map((pattern) => new RegExp(pattern.slice(1, -1)));
    const read = Object.keys(files).filter((file) => patterns.some((pattern) => pattern.test(file)));
    assert.deepEqual(
      read,
      Object.keys(files).filter((file) => file.startsWith("deploy/")),
    );
  });

  it("has the branch of image updates that clusters push to unless a tenant file names another", () => {
    assert.match(text(filesOf(), ".github/workflows/image-updates.yml"), /^ {4}branches: \[image-updates\]$/m);
    assert.match(text(filesOf(), ".github/image-updates.sh"), /^branch=image-updates$/m);
  });

  it("builds each stack's folder in its check", () => {
    const workflow = text(filesOf(), ".github/workflows/manifests.yml");
    const built = [...workflow.matchAll(/run: kubectl kustomize deploy\/(\S+)/g)].map(([, stack]) => stack);
    assert.deepEqual(built, fleetSpec().stacks);
  });
});

describe("docs/for-tenant-teams/image-updates.md", () => {
  it("shows the workflow and the script of the scaffold, for repositories that started with other files", () => {
    const page = readFileSync(join(root, "docs/for-tenant-teams/image-updates.md"), "utf8");
    const files = filesOf();
    for (const file of [".github/workflows/image-updates.yml", ".github/image-updates.sh"]) {
      assert.ok(page.includes(text(files, file)), file);
    }
  });
});
