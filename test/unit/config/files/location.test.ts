import assert from "node:assert/strict";
import { tenantLocator } from "../../../../config/files/location.js";
import { readTenantFiles } from "../../../../config/files/tenant-files.js";
import { problemLine } from "../../../../lib/diagnostics/problem.js";
import type { Path } from "../../../../lib/diagnostics/zod-issues.js";
import { soundTree, withTree } from "../../../support/unit/checkout-tree.js";

const files = {
  "stacks/base/tenants/team-a.yaml": [
    "name: team-a",
    "repository:",
    "  name: shop",
    "repositories:",
    "  shop-charts: {}",
    "namespace:",
    "  name: shop",
    "namespaces:",
    "  shop-jobs: {}",
  ].join("\n"),
  "stacks/staging/tenants/team-a.yaml": "sync: {}\nnamespace:\n  name: shop-staging\n",
  "stacks/base/tenants/team-b.yaml": "# A comment.\nname: team-b\n",
  "stacks/staging/tenants/team-b.yaml": "{}\n",
};

function located(stack: string, tenant: string, place: Path): string {
  return withTree({ ...soundTree, ...files }, (root) =>
    problemLine({ ...tenantLocator(readTenantFiles(root, stack))(tenant, place), message: "" }),
  );
}

describe("the place that a problem names", () => {
  it("is never an overlay for a repository, which no overlay may have", () => {
    assert.equal(
      located("staging", "team-a", ["repository", "name"]),
      "stacks/base/tenants/team-a.yaml:3: repository.name",
    );
    assert.equal(
      located("staging", "team-a", ["repositories", "shop-charts"]),
      "stacks/base/tenants/team-a.yaml:5: repositories.shop-charts",
    );
  });

  it("is in the overlay only for what the overlay says", () => {
    assert.equal(
      located("staging", "team-a", ["namespace", "name"]),
      "stacks/staging/tenants/team-a.yaml:3: namespace.name",
    );
    assert.equal(
      located("prod-eu", "team-a", ["namespace", "name"]),
      "stacks/base/tenants/team-a.yaml:7: namespace.name",
    );
    assert.equal(
      located("staging", "team-a", ["namespaces", "shop-jobs"]),
      "stacks/base/tenants/team-a.yaml:9: namespaces.shop-jobs",
    );
  });

  it("is the base file for what follows from the tenant's name", () => {
    assert.equal(
      located("staging", "team-b", ["namespace", "name"]),
      "stacks/base/tenants/team-b.yaml:2: namespace.name",
    );
  });

  it("is not made up for a tenant that the stack has not", () => {
    assert.throws(() => located("prod-eu", "team-z", ["namespace", "name"]), /no base file names the tenant team-z/);
  });
});
