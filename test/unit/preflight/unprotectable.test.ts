import assert from "node:assert/strict";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { findUnprotectable } from "../../../preflight/unprotectable.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

const spec = fleetSpec({ tenants: [tenantSpec("team-a")] });
const messages = (of: FleetSpec, plan: string | undefined) =>
  findUnprotectable(of, { plan }, (tenant, place) => ({ file: `${tenant}.yaml`, line: 1, path: place.join(".") })).map(
    ({ file, path, message }) => `${file} ${path}: ${message}`,
  );

/** The stack with other settings of the platform's repository. */
function withPlatform(changed: Partial<FleetSpec["platform"]["repository"]>): FleetSpec {
  return { ...spec, platform: { ...spec.platform, repository: { ...spec.platform.repository, ...changed } } };
}

describe("a branch that GitHub would refuse to protect", () => {
  it("is told before the first registration, with the setting of each repository", () => {
    const free = "GitHub's free plan, which acme has, protects public repositories only, and would refuse the rules of";
    assert.deepEqual(messages(spec, "free"), [
      `Pulumi.staging.yaml fleet:platformRepository.protection: ${free} platform and tenant-template`,
      `team-a.yaml repository.protection: ${free} team-a`,
    ]);
    assert.match(messages(withPlatform({ visibility: "public" }), "free")[0] ?? "", /rules of tenant-template$/);
  });

  it("is also that of a template that only a new kind of first files needs", () => {
    const tenants = [tenantSpec("team-a", { repository: { scaffold: "helm" } })];
    assert.match(
      messages({ ...spec, tenants }, "free")[0] ?? "",
      /platform and tenant-template and tenant-template-helm$/,
    );
  });

  it("is none of a repository that is public, unprotected, or another owner's", () => {
    const off = { ...spec.platform.repository.protection, enabled: false, reason: "an experiment" };
    const sections = [{ visibility: "public" }, { protection: { enabled: false } }, { existing: true }] as const;
    const tenants = sections.map((repository, index) => tenantSpec(`team-${index}`, { repository }));
    assert.deepEqual(messages({ ...withPlatform({ protection: off }), tenants }, "free"), []);
  });

  it("is none with another plan, an unknown one, or on a stack that creates no repository", () => {
    for (const plan of ["team", "enterprise", undefined]) assert.deepEqual(messages(spec, plan), []);
    assert.deepEqual(messages({ ...spec, github: { ...spec.github, ownsRepositories: false } }, "free"), []);
  });
});
