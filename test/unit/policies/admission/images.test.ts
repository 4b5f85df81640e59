import assert from "node:assert/strict";
import { named, policies, text } from "../../../support/unit/policies.js";
import { fleetSpec } from "../../../support/unit/spec.js";

describe("the policy on", () => {
  it("images checks debuggers and image volumes as well", () => {
    const { policy } = named("fleet-images");
    const looked = policy.spec.matchConstraints.resourceRules.flatMap(({ resources }) => resources);
    assert.ok(looked.includes("pods/ephemeralcontainers"));
    assert.match(text(named("fleet-images")), /ephemeralContainers.*volume\.image/);
  });

  it("images demands registries and digests only where a stack names them, and pulls unless it lets them be", () => {
    const said = (images: Partial<ReturnType<typeof fleetSpec>["admission"]["images"]>) =>
      text(named("fleet-images", policies({ images: { ...fleetSpec().admission.images, ...images } })));
    const [registry, digest, always, moving] = [
      /exists\(prefix/,
      /'@sha256:\[/,
      /one\.policy == 'Always'\)"/,
      /':latest'/,
    ];
    assert.doesNotMatch(said({}), registry);
    assert.doesNotMatch(said({}), digest);
    assert.match(said({}), always);
    assert.match(said({ registries: ["ghcr.io"] }), registry);
    assert.match(said({ digests: "required" }), digest);
    assert.doesNotMatch(said({ pullPolicy: "any" }), always);
    assert.match(said({ pullPolicy: "any" }), moving);
  });
});
