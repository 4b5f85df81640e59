import assert from "node:assert/strict";
import { deployments } from "../../../../flux/release/deployment.js";
import { fluxManifest } from "../../../support/unit/flux-manifest.js";
import { all, everything, find, hardened } from "../../../support/unit/hardened.js";

describe("setPriority", () => {
  const classOf = (objects: readonly Parameters<typeof find>[0][number][], controller: string) =>
    deployments.parse(find(objects, `Deployment ${controller}`)).spec.template.spec.priorityClassName;

  it("gives every controller the class of system components, also those that the release leaves without one", () => {
    assert.equal(classOf(fluxManifest(), "notification-controller"), undefined);
    const objects = hardened(everything);
    for (const controller of all) assert.equal(classOf(objects, controller), "system-cluster-critical", controller);
  });
});
