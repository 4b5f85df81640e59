import assert from "node:assert/strict";
import { deployments } from "../../../../flux/release/deployment.js";
import type { KubernetesObject } from "../../../../lib/kubernetes/object.js";
import { releaseWith } from "../../../support/unit/flux-manifest.js";
import { all, everything, find, hardened } from "../../../support/unit/hardened.js";

const gibibyte = 2 ** 30;

/** The heap limit of a controller, as its container gets it. */
function heapLimits(controller: string, objects: readonly KubernetesObject[]) {
  const [manager] = deployments.parse(find(objects, `Deployment ${controller}`)).spec.template.spec.containers;
  return (manager?.env ?? []).filter(({ name }) => name === "GOMEMLIMIT");
}

describe("limitHeap", () => {
  it("refuses a release whose controller sets no limit of its own, because Go may have another variable now", () => {
    const objects = releaseWith("Deployment helm-controller", "spec.template.spec.containers.0.env", () => []);
    assert.throws(() => hardened({}, objects), /hardening step memory: expected the variable GOMEMLIMIT/);
  });

  it("refuses a release whose controller has no limit of memory", () => {
    const resources = "spec.template.spec.containers.0.resources";
    const objects = releaseWith("Deployment notification-controller", resources, () => ({}));
    assert.throws(() => hardened({}, objects), /hardening step memory: expected a limit of memory/);
  });

  it("leaves a tenth of every controller's memory to what is not in the heap", () => {
    const objects = hardened(everything);
    for (const controller of all) {
      const [limit, ...others] = heapLimits(controller, objects);
      const working = ["source-controller", "kustomize-controller", "helm-controller"].includes(controller);
      const value = String(Math.floor((working ? 2 : 1) * gibibyte * 0.9));
      assert.deepEqual([limit, others], [{ name: "GOMEMLIMIT", value }, []], controller);
    }
  });

  it("follows the limit that a stack sets", () => {
    const limits = { memory: "4000Mi" };
    const objects = hardened({ controllers: { "helm-controller": { args: [], resources: { limits } } } });
    assert.deepEqual(heapLimits("helm-controller", objects), [{ name: "GOMEMLIMIT", value: "3774873600" }]);
  });
});
