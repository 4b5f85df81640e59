import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parse, parseAllDocuments } from "yaml";
import { runKustomize } from "../../../../cli/platform/run-kustomize.js";
import { SCAFFOLDS } from "../../../../config/tenant/repositories/scaffolds.js";
import type { KubernetesObject } from "../../../../lib/kubernetes/object.js";
import { tenantScaffold } from "../../../../policies/scaffold/scaffold.js";
import { kustomizeFor } from "../../../support/unit/kustomize.js";
import { fleetSpec } from "../../../support/unit/spec.js";
import { writeTree } from "../../../support/unit/tree-files.js";

const chart = { url: "oci://ghcr.io/acme/charts/app", major: 2 };
/** Names that stacks can have, the awkward ones for YAML and a shell among them. */
const stackNames = fc.uniqueArray(
  fc.oneof(fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,8}[a-z0-9])?$/), fc.constantFrom("null", "true", "1e3", "0x1f")),
  { minLength: 1, maxLength: 4 },
);
const settings = fc.record({ chart: fc.constantFrom(undefined, chart), stacks: stackNames, first: fc.nat() });

/** A stack with these names, of which one takes pre-releases. */
const specOf = ({ chart: own, stacks, first }: typeof settings extends fc.Arbitrary<infer Value> ? Value : never) => {
  const preReleases = stacks.slice(first % stacks.length, (first % stacks.length) + 1);
  return fleetSpec({ stacks, scaffold: { preReleases, ...(own && { chart: own }) } });
};

describe("every scaffold", () => {
  for (const scaffold of SCAFFOLDS) {
    it(`${scaffold}: has a folder with resources for every stack, and names it in README, whatever the names`, () => {
      fc.assert(
        fc.property(settings, (given) => {
          const files = tenantScaffold(scaffold, specOf(given));
          for (const stack of given.stacks) {
            const { resources } = parse(files[`deploy/${stack}/kustomization.yaml`] ?? "") as { resources: string[] };
            assert.ok(resources.length > 0, "kustomize refuses an empty build");
            for (const resource of resources) {
              const path = resource === "../base" ? "deploy/base/kustomization.yaml" : `deploy/${stack}/${resource}`;
              assert.ok(files[path], path);
            }
            assert.match(files["README.md"] ?? "", new RegExp(`^- \`deploy/${stack}\`: runs on the cluster`, "m"));
          }
        }),
      );
    });

    it(`${scaffold}: consists of files that a YAML parser and a shell read as they are meant`, () => {
      fc.assert(
        fc.property(settings, (given) => {
          for (const [file, text] of Object.entries(tenantScaffold(scaffold, specOf(given)))) {
            assert.ok(text.endsWith("\n") && !text.endsWith("\n\n"), file);
            if (!/\.ya?ml$/.test(file)) continue;
            for (const document of parseAllDocuments(text)) assert.deepEqual(document.errors, [], file);
          }
        }),
      );
    });

    it(`${scaffold}: names no other file of the repository than those it has`, () => {
      const files = tenantScaffold(scaffold, fleetSpec());
      const named = [...(files["README.md"] ?? "").matchAll(/`((?:deploy|\.github)\/[\w./-]+\.\w+|renovate\.json)`/g)];
      for (const [, path = ""] of named) assert.ok(files[path], path);
    });

    it(`${scaffold}: kustomize builds each folder to objects that stay in the tenant's namespace`, async function () {
      const program = await kustomizeFor(this);
      const [root, home] = ["tree", "home"].map((name) => mkdtempSync(join(tmpdir(), `fleet-scaffold-${name}-`)));
      assert.ok(root && home);
      try {
        for (const own of [undefined, chart]) {
          const spec = fleetSpec({ scaffold: { preReleases: ["staging"], ...(own && { chart: own }) } });
          writeTree(root, tenantScaffold(scaffold, spec));
          for (const stack of spec.stacks) {
            const built = await runKustomize({ program, folder: join(root, "deploy", stack), home });
            assert.ok("manifests" in built, "error" in built ? built.error : "");
            const objects = parseAllDocuments(built.manifests).map((document) => document.toJS() as KubernetesObject);
            assert.ok(objects.length > 0);
            for (const { kind, metadata } of objects) assert.equal(metadata.namespace, undefined, kind);
          }
        }
      } finally {
        for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
      }
    });
  }
});
