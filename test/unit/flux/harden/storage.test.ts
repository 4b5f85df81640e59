import assert from "node:assert/strict";
import { deployments } from "../../../../flux/release/deployment.js";
import type { KubernetesObject } from "../../../../lib/kubernetes/object.js";
import { releaseWith } from "../../../support/unit/flux-manifest.js";
import { all, everything, find, hardened } from "../../../support/unit/hardened.js";

function sizes(
  controller: string,
  objects: readonly KubernetesObject[],
): Record<string, { sizeLimit?: string } | undefined> {
  const { volumes = [] } = deployments.parse(find(objects, `Deployment ${controller}`)).spec.template.spec;
  return Object.fromEntries(
    volumes.map(({ name, emptyDir }) => [name, emptyDir as { sizeLimit?: string } | undefined]),
  );
}

describe("limitStorage", () => {
  const volumes = "spec.template.spec.volumes";

  for (const [what, changed, message] of [
    ["a bound of its own", [{ name: "tmp", emptyDir: { sizeLimit: "1Ti" } }], /volume tmp to be of any size/],
    ["a directory in memory", [{ name: "tmp", emptyDir: { medium: "Memory" } }], /volume tmp to be of any size/],
    ["no such directory", [{ name: "tmp", persistentVolumeClaim: { claimName: "tmp" } }], /expected a volume/],
  ] as const) {
    it(`refuses a release that has ${what}`, () => {
      const objects = releaseWith("Deployment source-controller", volumes, () => changed);
      assert.throws(() => hardened({}, objects), message);
    });
  }

  it("leaves no controller a directory without bound", () => {
    const objects = hardened(everything);
    for (const controller of all) {
      const bounds = Object.values(sizes(controller, objects));
      assert.ok(bounds.length > 0, controller);
      for (const bound of bounds) assert.deepEqual(bound, { sizeLimit: "5Gi" }, controller);
    }
  });

  it("bounds one controller as the stack says, and the others as ever", () => {
    const objects = hardened({ controllers: { "source-controller": { args: [], volumeSize: "20Gi" } } });
    const bounds = (controller: string) =>
      new Set(Object.values(sizes(controller, objects)).map((one) => one?.sizeLimit));
    assert.deepEqual(bounds("source-controller"), new Set(["20Gi"]));
    assert.deepEqual(bounds("kustomize-controller"), new Set(["5Gi"]));
  });
});
