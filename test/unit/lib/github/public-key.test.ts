import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { fingerprintOf, keyMaterial, publicHalf } from "../../../../lib/github/public-key.js";
import { appKey } from "../../../support/unit/app-server.js";

describe("the public half of a key", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-key-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  for (const [type, passphrase] of [
    ["ed25519", ""],
    ["ed25519", "secret"],
    ["ecdsa", ""],
  ] as const) {
    it(`is found in a private key of ssh-keygen: ${type}${passphrase && ", encrypted"}`, () => {
      const file = join(folder, "key");
      execFileSync("ssh-keygen", ["-q", "-t", type, "-N", passphrase, "-C", "someone's", "-f", file]);
      const line = readFileSync(`${file}.pub`, "utf8");
      assert.equal(publicHalf(readFileSync(file, "utf8")), keyMaterial(line));
      const listed = execFileSync("ssh-keygen", ["-l", "-f", `${file}.pub`], { encoding: "utf8" });
      assert.equal(fingerprintOf(line), listed.split(" ")[1]);
    });
  }

  it("is found in an Ed25519 key of PKCS#8, and another type of PEM is told apart from every public key", () => {
    const file = join(folder, "key");
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    writeFileSync(file, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    const raw = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
    const blob = Buffer.from(`\0\0\0\u000bssh-ed25519\0\0\0\u0020${raw.toString("latin1")}`, "latin1");
    assert.equal(publicHalf(readFileSync(file, "utf8")), `ssh-ed25519 ${blob.toString("base64")}`);
    assert.equal(publicHalf(appKey), "rsa");
    const encrypted = privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "secret" });
    assert.equal(publicHalf(encrypted.toString()), undefined);
  });

  it("is unknown for any other text, and none of them throws", () => {
    const wrapped = (bytes: Uint8Array) =>
      `-----BEGIN OPENSSH PRIVATE KEY-----\n${Buffer.from(bytes).toString("base64")}\n-----END OPENSSH PRIVATE KEY-----\n`;
    const header = Buffer.from("openssh-key-v1\0");
    assert.equal(publicHalf("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n"), undefined);
    assert.equal(publicHalf(wrapped(header)), undefined);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        assert.equal(publicHalf(wrapped(bytes)), undefined);
        publicHalf(wrapped(Buffer.concat([header, bytes])));
      }),
    );
  });
});
