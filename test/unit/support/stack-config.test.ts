import assert from "node:assert/strict";
import { withTree } from "../../support/unit/checkout-tree.js";
import { disabledDefaultProviders, stackConfig, stackNames, stackSecrets } from "../../support/unit/stack-config.js";

const file = `encryptionsalt: v1:salt
config:
  pulumi:disable-default-providers: ["*"]
  fleet:logLevel: debug
  fleet:variables:
    days: "7"
  fleet:secrets:
    team-a:
      chat:
        secure: v1:ciphertext
  other:key: value
`;

describe("the settings of a stack", () => {
  it("are texts, and structured ones JSON, as the engine hands them over", () => {
    const { logLevel, variables, ...others } = withTree({ "Pulumi.dev.yaml": file }, (root) =>
      stackConfig(root, "dev"),
    );
    assert.deepEqual([logLevel, variables], ["debug", '{"days":"7"}']);
    assert.deepEqual(Object.keys(others), ["secrets"]);
  });

  it("have a made-up value in the place of an encrypted one", () => {
    const secrets = withTree({ "Pulumi.dev.yaml": file }, (root) => stackSecrets(root, "dev"));
    assert.deepEqual(secrets, { "team-a": { chat: "https://secret.example.com/made-up" } });
  });

  it("say which default providers are disabled, if any", () => {
    const tree = { "Pulumi.dev.yaml": file, "Pulumi.prod.yaml": "config: {}\n", "Pulumi.yaml": "name: fleet\n" };
    withTree(tree, (root) => {
      assert.deepEqual(stackNames(root), ["dev", "prod"]);
      assert.equal(disabledDefaultProviders(root, "dev"), '["*"]');
      assert.equal(disabledDefaultProviders(root, "prod"), undefined);
    });
  });
});
