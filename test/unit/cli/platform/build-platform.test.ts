import assert from "node:assert/strict";
import { buildPlatform } from "../../../../cli/platform/build-platform.js";

/** A shell stands for kustomize. */
describe("the builds of a stack", () => {
  it("end after some seconds, however little each takes", async () => {
    const files = { "fleet/clusters/staging/kustomization.yaml": "resources: []\n" };
    const program = { file: "/bin/sh", args: ["-c", "true"] };
    const build = async (mostSeconds: number) => {
      const { buildFaults } = await buildPlatform({ files, stack: "staging", variables: {}, program, mostSeconds });
      return buildFaults.map(({ message }) => message);
    };
    assert.deepEqual(await build(0), [
      "the build of all folders of staging takes more than 0 s, and fleet/clusters/staging is not built",
    ]);
    assert.deepEqual(await build(60), []);
  });
});
