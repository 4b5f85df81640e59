import assert from "node:assert/strict";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isEmptyStack } from "../../../engine/engine.js";
import { type StatePaths, statePaths } from "../../../state/state-directory.js";
import { tempDirs } from "../../support/temp-dir.js";

describe("isEmptyStack", () => {
  const directory = tempDirs();

  function stateOf({ pulumiBackend }: Pick<StatePaths, "pulumiBackend">): string {
    return join(pulumiBackend, ".pulumi/stacks/fleet/staging.json");
  }

  function pathsWith(state: string) {
    const paths = statePaths(directory());
    mkdirSync(dirname(stateOf(paths)), { recursive: true });
    writeFileSync(stateOf(paths), state);
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

  for (const text of ["", '{"version": 3, "checkpoint": {']) {
    it(`is no stack whose state is broken: ${JSON.stringify(text)}`, async () => {
      assert.equal(await isEmptyStack(pathsWith(text), "staging"), false);
    });
  }

  it("is no stack whose state is compressed", async () => {
    const paths = pathsWith("");
    renameSync(stateOf(paths), `${stateOf(paths)}.gz`);
    assert.equal(await isEmptyStack(paths, "staging"), false);
  });

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
