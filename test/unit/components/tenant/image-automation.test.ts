import assert from "node:assert/strict";
import { gitSecretName, gitWriteSecretName } from "../../../../config/tenant/parts.js";
import type { TenantSpec } from "../../../../config/tenant/schema.js";
import { tenantRules } from "../../../../policies/rbac/reconciler.js";
import type { Recording } from "../../../../review/record/recorder.js";
import { recordFleet } from "../../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../../support/unit/spec.js";

const imageAutomation: NonNullable<TenantSpec["imageAutomation"]> = {
  images: {
    shop: { image: "ghcr.io/acme/shop", range: "~1.4", acrossMajors: false, interval: "5m" },
    cart: {
      image: "ghcr.io/acme/cart",
      range: "^2",
      acrossMajors: false,
      interval: "1h",
      secret: "registry",
      filterTags: { pattern: "^v(?P<version>.*)$", extract: "$version" },
    },
  },
  branch: "image-updates",
  path: "./deploy",
  interval: "10m",
  author: { name: "Robot", email: "robot@example.com" },
  pushToDefaultBranch: false,
};

const image = (kind: string) => `kubernetes:image.toolkit.fluxcd.io/v1:${kind}`;
const gitRepository = "kubernetes:source.toolkit.fluxcd.io/v1:GitRepository";
const deployKey = "github:index/repositoryDeployKey:RepositoryDeployKey";
const name = "team-a-image-updates";

describe("A tenant's image automation, registered", () => {
  let fleet: Recording;
  before(async () => {
    fleet = await recordFleet(
      fleetSpec({ tenants: [tenantSpec("team-a", { imageAutomation }), tenantSpec("team-b")] }),
    );
  });
  const specOf = (type: string, resource: string) => fleet.find(type, resource).inputs.spec;

  it("has the only key that can push, of that tenant alone; the sync's still cannot", () => {
    const writable = fleet.ofType(deployKey).filter(({ inputs }) => inputs.readOnly !== true);
    assert.deepEqual(
      writable.map(({ inputs }) => ({ title: inputs.title, readOnly: inputs.readOnly })),
      [{ title: "fleet/staging (image updates)", readOnly: false }],
    );
    const { inputs } = fleet.find(deployKey, "team-a.team-a-key-registration");
    assert.deepEqual([inputs.title, inputs.readOnly], ["fleet/staging (read-only)", true]);
  });

  it("keeps that key in a Secret of its own, which only the automation's source names", () => {
    const users = fleet.ofType(gitRepository).filter(({ inputs }) => {
      return (inputs.spec as { secretRef: { name: string } }).secretRef.name === gitWriteSecretName;
    });
    assert.deepEqual(
      users.map(({ name }) => name),
      [`${name}-source`],
    );
    assert.ok(fleet.find("kubernetes:core/v1:Secret", `${name}-git`).secretInputs.includes("data"));
  });

  it("has source-controller leave its source alone, so that nothing else uses the key", () => {
    assert.equal((specOf(gitRepository, `${name}-source`) as { suspend: boolean }).suspend, true);
  });

  it("says where it starts and where it pushes to, neither of which is left to Flux", () => {
    const spec = specOf(image("ImageUpdateAutomation"), `${name}-automation`) as {
      git: { commit: { messageTemplate: string } };
    };
    const { messageTemplate } = spec.git.commit;
    assert.match(messageTemplate, /^Update images\n\n/);
    assert.deepEqual(spec, {
      interval: "10m",
      sourceRef: { kind: "GitRepository", name },
      git: {
        checkout: { ref: { branch: "main" } },
        commit: { author: { name: "Robot", email: "robot@example.com" }, messageTemplate },
        push: { branch: "image-updates" },
      },
      update: { strategy: "Setters", path: "./deploy" },
    });
  });

  it("has a scan and a policy for each image, none of them without TLS", () => {
    assert.deepEqual(specOf(image("ImageRepository"), `${name}.cart-scan`), {
      image: "ghcr.io/acme/cart",
      interval: "1h",
      timeout: "60s",
      provider: "generic",
      secretRef: { name: "registry" },
    });
    assert.deepEqual(specOf(image("ImagePolicy"), `${name}.cart-policy`), {
      imageRepositoryRef: { name: "cart" },
      policy: { semver: { range: "^2" } },
      filterTags: { pattern: "^v(?P<version>.*)$", extract: "$version" },
    });
    const policies = fleet.ofType(image("ImagePolicy"));
    assert.deepEqual(policies.map(({ inputs }) => (inputs.metadata as { name: string }).name).sort(), ["cart", "shop"]);
    for (const { inputs } of fleet.ofType(image("ImageRepository"))) {
      assert.ok(!Object.hasOwn(inputs.spec as object, "insecure"));
    }
  });

  it("stops before its key is taken away, and the quota that counts it comes after it", () => {
    const automation = fleet.find(image("ImageUpdateAutomation"), `${name}-automation`);
    assert.ok(fleet.waitsFor(automation, fleet.find(deployKey, `${name}-key-registration`)));
    assert.ok(fleet.waitsFor(automation, fleet.find(image("ImagePolicy"), `${name}.shop-policy`)));
    const quota = fleet.find("kubernetes:core/v1:ResourceQuota", "team-a.team-a-quota-flux");
    assert.ok(fleet.waitsFor(quota, fleet.find(gitRepository, `${name}-source`)));
  });

  it("costs nothing where no tenant uses it", () => {
    const { registrations } = fleet;
    assert.deepEqual(
      registrations.filter(({ name }) => name.startsWith("team-b-image")),
      [],
    );
  });

  it("is not the tenant's to change: its role reads these kinds and nothing more", () => {
    const rules = tenantRules.filter(({ apiGroups }) => apiGroups.includes("image.toolkit.fluxcd.io"));
    assert.deepEqual(
      rules.flatMap(({ verbs }) => verbs),
      ["get", "list", "watch"],
    );
  });

  it("shares its Secret's name with no repository's, not even with one that is called write", () => {
    assert.notEqual(gitSecretName("write"), gitWriteSecretName);
    assert.equal(gitSecretName("other"), "tenant-git-other");
  });
});
