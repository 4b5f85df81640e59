import assert from "node:assert/strict";
import { parse } from "yaml";
import { tenantScaffold } from "../../../../components/tenant/repository/template.js";

describe("tenantScaffold", () => {
  const files = tenantScaffold(["prod-eu", "staging"]);

  it("has a folder for every stack, or a cluster's first sync would fail", () => {
    for (const stack of ["prod-eu", "staging"]) assert.ok(files[`deploy/${stack}/kustomization.yaml`], stack);
  });

  it("builds to something on every stack: an empty build is an error of Kustomize", () => {
    const base = parse(files["deploy/base/kustomization.yaml"] ?? "") as { resources: string[] };
    assert.ok(base.resources.length > 0);
    for (const resource of base.resources) {
      const object = parse(files[`deploy/base/${resource}`] ?? "") as { kind: string; metadata: { name: string } };
      assert.ok(object.kind && object.metadata.name, resource);
    }
  });
});
