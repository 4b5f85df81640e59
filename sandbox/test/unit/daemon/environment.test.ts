import assert from "node:assert/strict";
import { daemonEnvironment } from "../../../daemon/launch.js";
import { checkStackName, stateDirectory } from "../../../state/state-directory.js";

describe("daemonEnvironment", () => {
  it("keeps away what would point a daemon elsewhere long after its starter is gone", () => {
    const environment = {
      GIT_DIR: ".git",
      GITHUB_TOKEN: "secret",
      KUBECONFIG: "production",
      NODE_OPTIONS: "--inspect",
      PULUMI_STACK: "x",
      npm_config_x: "y",
    };
    assert.deepEqual(daemonEnvironment({ ...environment, PATH: "/bin", HOME: "/h" }), { PATH: "/bin", HOME: "/h" });
  });
});

describe("stateDirectory", () => {
  it("is the checkout's own unless one is named, so that two checkouts do not meet", () => {
    assert.match(stateDirectory({}), /\/\.sandbox$/);
    assert.equal(stateDirectory({ FLEET_SANDBOX_DIR: "/elsewhere" }), "/elsewhere");
  });
});

describe("checkStackName", () => {
  for (const name of ["", ".", "..", "a/b", "Staging", "-a", "a-", "a".repeat(41), "a b", "a\n"]) {
    it(`refuses ${JSON.stringify(name)}`, () => {
      assert.throws(() => checkStackName(name), /cannot be the name of a stack/);
    });
  }

  it("takes what the checkout's stacks are called", () => {
    assert.equal(checkStackName("prod-eu"), "prod-eu");
  });
});
