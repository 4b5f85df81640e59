import assert from "node:assert/strict";
import { SIZES } from "../../../../config/tenant/limits/sizes.js";
import { DEFAULT_CONCURRENCY } from "../../../../flux/harden/concurrency.js";
import { deployments } from "../../../../flux/release/deployment.js";
import type { KubernetesObject } from "../../../../lib/kubernetes/object.js";
import { releaseWith } from "../../../support/unit/flux-manifest.js";
import { all, argsOf, everything, find, hardened } from "../../../support/unit/hardened.js";

const working = ["source-controller", "kustomize-controller", "helm-controller"];

/** The number of workers in a controller's arguments. */
function workers(objects: readonly KubernetesObject[], controller: string): readonly string[] {
  return argsOf(objects, controller).filter((argument) => argument.startsWith("--concurrent="));
}

function limits(objects: readonly KubernetesObject[], controller: string): unknown {
  const [manager] = deployments.parse(find(objects, `Deployment ${controller}`)).spec.template.spec.containers;
  return manager?.resources?.limits;
}

describe("setConcurrency", () => {
  it("has more workers than a tenant of the smallest size may have objects, so that none can hold them all", () => {
    assert.ok(DEFAULT_CONCURRENCY > SIZES.small.fluxObjects);
  });

  it("gives workers and memory to the controllers that work for tenants, and leaves the others as released", () => {
    const objects = hardened(everything);
    for (const controller of all) {
      const more = working.includes(controller);
      assert.deepEqual(workers(objects, controller), more ? [`--concurrent=${DEFAULT_CONCURRENCY}`] : [], controller);
      assert.deepEqual(limits(objects, controller), { cpu: "1000m", memory: more ? "2Gi" : "1Gi" }, controller);
    }
  });

  it("leaves to the stack what the stack says of one controller", () => {
    const objects = hardened({
      controllers: {
        "source-controller": { args: ["--concurrent=8"] },
        "helm-controller": { args: [], resources: { limits: { memory: "1Gi" } } },
      },
    });
    assert.deepEqual(workers(objects, "source-controller"), ["--concurrent=8"]);
    assert.deepEqual(limits(objects, "source-controller"), { cpu: "1000m", memory: "2Gi" });
    assert.deepEqual(workers(objects, "helm-controller"), [`--concurrent=${DEFAULT_CONCURRENCY}`]);
    assert.deepEqual(limits(objects, "helm-controller"), { cpu: "1000m", memory: "1Gi" });
  });

  it("takes no memory away from a release that has more", () => {
    const limit = "spec.template.spec.containers.0.resources.limits.memory";
    const objects = hardened(
      {},
      releaseWith("Deployment helm-controller", limit, () => "3Gi"),
    );
    assert.deepEqual(limits(objects, "helm-controller"), { cpu: "1000m", memory: "3Gi" });
  });

  it("refuses a release whose controller has no limit of memory", () => {
    const resources = "spec.template.spec.containers.0.resources";
    const objects = releaseWith("Deployment helm-controller", resources, () => ({}));
    assert.throws(() => hardened({}, objects), /hardening step concurrency: expected a limit of memory/);
  });
});
