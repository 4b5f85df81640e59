import assert from "node:assert/strict";
import { load } from "../../../support/unit/checkout-tree.js";
import { asking, config, shop, withImage } from "../../../support/unit/image-automation-files.js";

describe("image automation", () => {
  it("is off unless an overlay asks for it", () => {
    assert.equal(load({ config }).tenants[0]?.imageAutomation, undefined);
  });

  it("has a default for everything but images", () => {
    assert.deepEqual(load(asking({ images: { shop } })).tenants[0]?.imageAutomation, {
      images: { shop: { ...shop, acrossMajors: false, interval: "5m" } },
      branch: "image-updates",
      path: "./deploy",
      interval: "5m",
      author: { name: "Image updates", email: "image-updates@fleet.invalid" },
      pushToDefaultBranch: false,
    });
  });

  it("pushes to the default branch of any name, when the file says so", () => {
    const changes = asking({ images: { shop }, pushToDefaultBranch: true }, {}, { defaultBranch: "trunk" });
    assert.equal(load(changes).tenants[0]?.imageAutomation?.branch, "trunk");
  });

  it("leaves the protection of an existing repository to its owner", () => {
    const spec = load(asking({ images: { shop } }, {}, { existing: true })).tenants[0];
    assert.equal(spec?.imageAutomation?.branch, "image-updates");
  });

  it("takes part of an author", () => {
    const { author } = load(asking({ images: { shop }, author: { name: "Robot" } })).tenants[0]?.imageAutomation ?? {};
    assert.deepEqual(author, { name: "Robot", email: "image-updates@fleet.invalid" });
  });

  for (const image of [
    "ghcr.io/acme/shop",
    "docker.io/library/nginx",
    "hub.example.com:8443/a/b_c",
    "127.0.0.1:5000/a",
  ]) {
    it(`takes the image ${image}`, () => {
      assert.equal(load(withImage({ image })).tenants[0]?.imageAutomation?.images.shop?.image, image);
    });
  }

  it("crosses majors with consent", () => {
    const spec = load(withImage({ range: ">=1.4.0", acrossMajors: true })).tenants[0]?.imageAutomation;
    assert.equal(spec?.images.shop?.acrossMajors, true);
  });

  it("takes the version out of a tag", () => {
    const filterTags = { pattern: "^(?P<branch>main|next)-v(?P<version>[0-9.]+)$", extract: "$version" };
    const spec = load(withImage({ filterTags })).tenants[0]?.imageAutomation;
    assert.deepEqual(spec?.images.shop?.filterTags, filterTags);
  });
});
