import assert from "node:assert/strict";
import type { AdmissionPolicy } from "../../../../policies/admission/cel/policy.js";
import { named, policies, text } from "../../../support/unit/policies.js";

describe("the policy on", () => {
  it("Services allows no more ways to expose one than were asked for", () => {
    const said = text(named("fleet-exposed-services", policies({ serviceExposure: ["LoadBalancer"] })));
    assert.doesNotMatch(said, /NodePort/);
    assert.match(said, /LoadBalancer/);
    assert.match(said, /externalIPs\.orValue/);
    for (const field of ["externalIPs", "loadBalancerIP"] as const) {
      const expression = new RegExp(`object\\.spec\\.\\?${field}`);
      assert.match(said, expression);
      const allowed = text(named("fleet-exposed-services", policies({ serviceExposure: [field] })));
      assert.doesNotMatch(allowed, expression);
      assert.doesNotMatch(allowed, new RegExp(`ClusterIP or ${field}`), "a field is no type");
    }
    const chosen = /must not choose their address/;
    assert.match(said, chosen);
    assert.doesNotMatch(text(named("fleet-exposed-services", policies({ serviceExposure: ["clusterIP"] }))), chosen);
  });

  it("Services lets only the platform create an ExternalName, unless a stack allows it", () => {
    const typed = ({ policy }: AdmissionPolicy) => policy.spec.validations[0]?.expression;
    const usual = typed(named("fleet-exposed-services"));
    assert.equal(
      usual,
      "variables.type in [\"ClusterIP\"] || (variables.type == 'ExternalName' && variables.platform)",
    );
    const allowed = typed(named("fleet-exposed-services", policies({ serviceExposure: ["ExternalName"] })));
    assert.match(allowed ?? "", /^variables\.type in \["ClusterIP","ExternalName"\]/);
  });
});
