import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isEmptyStack } from "../../../engine/engine.js";
import { statePaths } from "../../../state/state-directory.js";
import { tempDirs } from "../../support/temp-dir.js";

describe("isEmptyStack", () => {
  const directory = tempDirs();

  function pathsWith(state: string) {
    const paths = statePaths(directory());
    const file = join(paths.pulumiBackend, ".pulumi/stacks/fleet/staging.json");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, state);
    return paths;
  }

  for (const state of [
    { version: 3, checkpoint: { stack: "s", latest: { resources: [{ urn: "urn:pulumi:a" }] } } },
    { version: 9, deployment: {} },
  ]) {
    it(`is no stack with ${JSON.stringify(state)}`, async () => {
      assert.equal(await isEmptyStack(pathsWith(JSON.stringify(state)), "staging"), false);
    });
  }

  for (const latest of [undefined, {}, { resources: null }, { resources: [] }]) {
    it(`is a stack whose state is ${JSON.stringify(latest)}`, async () => {
      const state = JSON.stringify({ version: 3, checkpoint: { stack: "s", latest } });
      assert.equal(await isEmptyStack(pathsWith(state), "staging"), true);
    });
  }

  it("is a stack without a file, and no other stack's", async () => {
    const paths = pathsWith(JSON.stringify({ checkpoint: { latest: { resources: [{}] } } }));
    assert.equal(await isEmptyStack(paths, "prod-eu"), true);
  });
});
