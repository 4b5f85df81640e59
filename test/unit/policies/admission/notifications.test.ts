import assert from "node:assert/strict";
import { NEVER_CALLED } from "../../../../policies/admission/cel/public-host.js";
import { named, policies, text } from "../../../support/unit/policies.js";

describe("the policy on", () => {
  it("notifications lets them be sent in the clear only where a stack says so", () => {
    const encrypted = /startsWith\('tls:/;
    assert.match(text(named("fleet-notifications")), encrypted);
    assert.match(text(named("fleet-notifications")), /must go to a public host/);
    assert.match(
      text(named("fleet-notifications", policies({ notificationAddresses: "any" }))),
      /must not go to an address/,
    );
    assert.doesNotMatch(text(named("fleet-notifications", policies({ notificationAddresses: "any" }))), encrypted);
  });

  it("notifications never go to the machine of the controller, the API server or a metadata service, by any name", () => {
    const never = new RegExp(NEVER_CALLED);
    const names = ["localhost", "x.localhost", "ip6-localhost", "ip6-loopback", "kubernetes", "kubernetes.default.svc"];
    for (const name of [...names, "metadata.google.internal", "instance-data", "instance-data.ec2.internal"]) {
      assert.match(name, never, name);
    }
    for (const name of ["alertmanager.monitoring", "hooks.example.com", "kubernetes-hooks.team-a", "metadata-hooks"]) {
      assert.doesNotMatch(name, never, name);
    }
    for (const policy of ["fleet-notifications", "fleet-notification-secrets"]) {
      assert.ok(text(named(policy, policies({ notificationAddresses: "any" }))).includes(NEVER_CALLED), policy);
    }
  });

  it("notification secrets is left out where a stack allows any text in them, and nothing else is", () => {
    const others = policies().filter(({ policy }) => policy.metadata.name !== "fleet-notification-secrets");
    assert.deepEqual(policies({ secretAddresses: "any" }), others);
    assert.equal(others.length, policies().length - 1);
  });
});
