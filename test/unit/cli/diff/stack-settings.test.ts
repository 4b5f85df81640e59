import assert from "node:assert/strict";
import { differForEngine } from "../../../../cli/diff/stack-settings.js";

const stack = "encryptionsalt: v1:a\nconfig:\n  fleet:fluxVersion: v2.9.2\n  soak: 1h\n";

describe("settings of a stack that the program does not read", () => {
  for (const [name, after] of [
    [
      "variables of the update",
      `${stack}environment:\n  values: {environmentVariables: {NODE_OPTIONS: --require=./x}}\n`,
    ],
    ["an environment of Pulumi Cloud", `environment: [acme/prod]\n${stack}`],
    ["another server of a provider", `${stack}  github:baseUrl: https://evil.example/\n`],
    ["default providers", `${stack}  pulumi:disable-default-providers: []\n`],
    ["another service for secrets", `secretsprovider: awskms://evil\n${stack}`],
    ["another key", stack.replace("v1:a", "v1:b")],
    ["a text that is no YAML", "a: [\n"],
    ["settings that are no map", "encryptionsalt: v1:a\nconfig: [a]\n"],
  ] as const) {
    it(`count when they change: ${name}`, () => assert.equal(differForEngine(stack, after), true));
  }

  it("do not count when only settings of the program, comments or the order change", () => {
    const after = "# new\nconfig:\n  soak: 2h\n  fleet:fluxVersion: v2.9.3\nencryptionsalt: v1:a\n";
    assert.equal(differForEngine(stack, after), false);
    assert.equal(differForEngine("", "config:\n  fleet:fluxVersion: v2.9.3\n"), false);
  });
});
