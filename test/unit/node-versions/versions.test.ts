import assert from "node:assert/strict";
import { oldestVersion, selectVersions, supportedLines, testedVersions } from "../../node-versions/versions.js";
import { readJson } from "../../support/unit/fleet.js";

const npm = readJson("package.json") as {
  readonly engines: { readonly node: string };
  readonly devDependencies: Readonly<Record<string, string>>;
};

describe("the tested versions of Node", () => {
  it("begin with the oldest that package.json's engines allow", () => {
    assert.equal(`>=${oldestVersion.replace(/\.0$/, "")}`, npm.engines.node);
  });

  it("have one release of each supported line", () => {
    for (const [line, version] of Object.entries(supportedLines))
      assert.match(version, new RegExp(`^${line}\\.\\d+\\.\\d+$`));
  });

  it("are no newer than the types, which are the oldest version's", () => {
    const majorOf = (version = "") => version.split(".")[0];
    assert.equal(majorOf(npm.devDependencies["@types/node"]), majorOf(oldestVersion));
  });
});

describe("a selection of versions of Node", () => {
  const { 22: of22, 24: of24 } = supportedLines;

  it("is all of them by default", () => {
    assert.deepEqual(selectVersions([]), testedVersions);
  });

  it("takes lines and whole versions, each once, the oldest first", () => {
    assert.deepEqual(selectVersions([of24, "22", of22, "20.19"]), [oldestVersion, of22, of24]);
  });

  for (const word of ["19", "2", "20.1", "22.", "v22", "", `${of22}.0`]) {
    it(`refuses ${JSON.stringify(word)}, which is no tested version, and lists those`, () => {
      assert.throws(() => selectVersions(["22", word]), {
        message: `Node ${JSON.stringify(word)} is not tested here. Name one of: ${testedVersions.join(", ")}.`,
      });
    });
  }
});
