import assert from "node:assert/strict";
import { generateKeyPair } from "@fleet/sandbox/github/key-pair";
import { sshHostKey } from "../../../../config/rules/ssh-host-key.js";
import { problemLines } from "../../../support/unit/checkout-tree.js";

const publicKey = (type: "ed25519" | "ecdsa" | "rsa") => generateKeyPair(type).public.split(" ").slice(0, 2).join(" ");

describe("sshHostKey", () => {
  const key = publicKey("ed25519");

  it("accepts the types of keys that Git servers have", () => {
    for (const type of ["ed25519", "ecdsa", "rsa"] as const) {
      assert.equal(sshHostKey.check(publicKey(type)), undefined, type);
    }
  });

  const refused: readonly (readonly [string, string])[] = [
    ["an empty text", ""],
    ["a line of known_hosts", `github.example.com ${key}`],
    ["a key with a comment", `${key} root@github`],
    ["two keys", `${key}\n${key}`],
    ["a line break", `${key}\n`],
    ["a fingerprint", "SHA256:uNiVztksCsDhcc0u9e8BrByXVUpzjk5+DCfG3E2pfBQ"],
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----"],
    ["a key of another type", key.replace("ssh-ed25519", "ssh-rsa")],
    ["a key that lacks its beginning", `ssh-ed25519 ${key.slice(30)}${"A".repeat(20)}`],
    ["a type that Flux does not know", key.replace("ssh-ed25519", "ssh-dss")],
  ];
  for (const [title, value] of refused) {
    it(`refuses ${title}`, () => {
      assert.ok(sshHostKey.check(value));
    });
  }

  it("stands in a setting, whose problems name it without its value", () => {
    const lines = problemLines({ config: { sshHostKeys: JSON.stringify([key, "hunter2"]) } });
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", /^Pulumi\.staging\.yaml: fleet:sshHostKeys\[1\]: is not a public host key/);
    assert.doesNotMatch(lines[0] ?? "", /hunter2/);
  });
});
