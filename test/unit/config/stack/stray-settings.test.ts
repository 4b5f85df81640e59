import assert from "node:assert/strict";
import { straySettings } from "../../../../config/stack/stray-settings.js";
import { problemLine } from "../../../../lib/diagnostics/problem.js";
import { assertProblems, load, withTree } from "../../../support/unit/checkout-tree.js";

const file = "Pulumi.staging.yaml";
const lines = (text: string) => withTree({ [file]: text }, (root) => straySettings(root, "staging").map(problemLine));

describe("settings in a stack's file that nothing reads", () => {
  for (const [what, text, problem] of [
    [
      "outside of config",
      "config:\n  fleet:cluster: eu-1\nfleet:clusterDomain: a.local\n",
      /^Pulumi\.staging\.yaml:3: fleet:clusterDomain: stands outside of config, where Pulumi ignores it\. Move it below config, indented\.$/,
    ],
    [
      "below a mistyped config",
      "confg:\n  fleet:cluster: eu-1\n",
      /:1: confg: stands outside .*Did you mean config\?$/,
    ],
    [
      "with nothing like it",
      "owner: me\n",
      /:1: owner: stands outside of config, where Pulumi ignores it\. Remove it\.$/,
    ],
    [
      "of a mistyped project",
      "config:\n  flet:cluster: eu-1\n",
      /:2: flet:cluster: belongs to another project or provider, .*Did you mean fleet:cluster\?$/,
    ],
    [
      "of the project in capitals",
      "config:\n  Fleet:cluster: a\n",
      /:2: Fleet:cluster: .*Did you mean fleet:cluster\?$/,
    ],
    [
      "of a provider",
      "config:\n  kubernetes:context: a\n",
      /:2: kubernetes:context: belongs to another project or provider, and this program does not read it\. Remove it\.$/,
    ],
  ] as const) {
    it(`are refused ${what}`, () => {
      const [first = "", ...rest] = lines(text);
      assert.match(first, problem);
      assert.deepEqual(rest, []);
    });
  }

  it("are refused when the program loads the stack", () => {
    assertProblems(
      { files: { [file]: "config:\n  flet:cluster: eu-1\n" } },
      /^Pulumi\.staging\.yaml:2: flet:cluster: belongs to another project/,
    );
  });

  it("are none in a file with everything that Pulumi writes", () => {
    const text = [
      "environment: [shared]",
      "secretsprovider: passphrase",
      "encryptedkey: a",
      "encryptionsalt: v1:a",
      "config:",
      '  pulumi:disable-default-providers: ["*"]',
      "  fleet:cluster: eu-1",
      "  logLevel: info",
      "  fleet:secrets: {team-a: {slack: {secure: a}}}",
      "",
    ].join("\n");
    assert.deepEqual(lines(text), []);
    for (const other of ["", "config:\n", "config: []\n", "a: [\n"]) assert.deepEqual(lines(other), []);
    assert.deepEqual(
      withTree({}, (root) => straySettings(root, "staging")),
      [],
    );
  });
});

describe("secrets in a stack's file", () => {
  const fix = "Take it out, make a new one where it was given away, and set it with pulumi config set --path --secret.";

  it("are refused in plain text beside encrypted ones, for which the engine takes the whole setting for encrypted", () => {
    const text =
      "  fleet:secrets:\n    team-a:\n      one: {secure: a}\n      two: hunter2\n    team-b: {three: [x]}\n";
    assert.deepEqual(lines(`config:\n${text}`), [
      `Pulumi.staging.yaml:5: fleet:secrets.team-a.two: is not encrypted. ${fix}`,
      `Pulumi.staging.yaml:6: fleet:secrets.team-b.three: is not encrypted. ${fix}`,
    ]);
  });

  it("are refused likewise in the other settings with secrets, where a registry and a user name may be read", () => {
    const text = [
      "  fleet:commonSecrets:",
      "    proxy: {url: {secure: a}, token: hunter2}",
      "  fleet:pullSecrets:",
      "    one: {registry: ghcr.io, username: a, password: {secure: a}}",
      "    two: {registry: ghcr.io, username: a, password: hunter2}",
    ].join("\n");
    assert.deepEqual(lines(`config:\n${text}\n`), [
      `Pulumi.staging.yaml:3: fleet:commonSecrets.proxy.token: is not encrypted. ${fix}`,
      `Pulumi.staging.yaml:6: fleet:pullSecrets.two.password: is not encrypted. ${fix}`,
    ]);
  });

  it("may be none at all: removing the last one leaves empty maps", () => {
    for (const secrets of ["{}", '{"team-a":{}}', '{"team-a":{},"team-b":{}}']) {
      const changes = { config: { secrets }, environment: { PULUMI_CONFIG_SECRET_KEYS: "[]" } };
      assert.equal(load(changes).stack, "staging", secrets);
    }
    const plain = { config: { secrets: '{"team-a":{"x":"y"}}' }, environment: { PULUMI_CONFIG_SECRET_KEYS: "[]" } };
    assertProblems(plain, /fleet:secrets: is not encrypted/, /fleet:secrets\.team-a\.x: team-a refers to it nowhere/);
  });
});

describe("a setting with the name of what every object has", () => {
  for (const name of ["__proto__", "constructor", "toString"]) {
    it(`is refused: fleet:${name}`, () => {
      const config = Object.fromEntries([[name, '{"cluster":"x"}']]);
      assertProblems(
        { config },
        new RegExp(`^Pulumi\\.staging\\.yaml: fleet:${name}: (there is no such field|cannot be a key)`),
      );
    });
  }
});
