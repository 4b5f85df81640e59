import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readSigningKey, signingSecret } from "../../../../lib/signing/signing-key.js";
import { newSshKey, pgpFingerprint, pgpKey, sshLine } from "../../../support/signing-keys.js";

/** An armored block with this content and no checksum. */
function block(content: Buffer): string {
  const lines = content.toString("base64").replaceAll(/.{64}/g, "$&\n");
  return `-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n${lines}\n-----END PGP PUBLIC KEY BLOCK-----\n`;
}

/** The bytes of {@link pgpKey}. */
const bytes = Buffer.from(pgpKey.split("\n").slice(2, -3).join(""), "base64");
const packet = (tag: number, ...body: readonly number[]) => Buffer.from([0xc0 | tag, body.length, ...body]);

function rsaLine(bits: number): string {
  const { e = "", n = "" } = generateKeyPairSync("rsa", { modulusLength: bits }).publicKey.export({ format: "jwk" });
  const modulus = Buffer.concat([Buffer.alloc(1), Buffer.from(n, "base64url")]);
  return sshLine("ssh-rsa", Buffer.from(e, "base64url"), modulus);
}

/** The fault of a text. */
function fault(text: string): string {
  const read = readSigningKey(text);
  assert.ok(typeof read === "string", `it was read: ${JSON.stringify(read)}`);
  return read;
}

describe("a key that verifies signatures is refused", () => {
  const key = newSshKey();

  it("when it is none, or of a type that Flux does not verify", () => {
    const unknown = ["", "ann", "ssh-dss AAAA", "sk-ssh-ed25519@openssh.com AAAA", "toString AAAA", `from="*" ${key}`];
    for (const text of [...unknown, `${key}\n${newSshKey()}`]) assert.match(fault(text), /no public key of SSH/, text);
  });

  it("when it is cut off, or names another type", () => {
    const [, encoded = ""] = key.split(" ");
    const others = [sshLine("ssh-ed25519", Buffer.alloc(31)), sshLine("ssh-ed25519", Buffer.alloc(32), "more")];
    const rsa = sshLine("ssh-rsa", Buffer.alloc(3));
    for (const text of [`ssh-rsa ${encoded}`, `ssh-ed25519 ${encoded.slice(0, -8)}`, ...others, rsa]) {
      assert.match(fault(text), /is cut off, or no key of the type/, text);
    }
  });

  it("when it is an RSA key that is too short", () => {
    assert.match(fault(rsaLine(1024)), /less than 2048 bits/);
  });

  it("when it is a private one, of any kind", () => {
    for (const kind of ["OPENSSH ", "RSA ", "EC ", ""]) {
      assert.match(fault(`-----BEGIN ${kind}PRIVATE KEY-----\nAAAA\n`), /is a private key/);
    }
    assert.match(fault("-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nAAAA\n"), /is a private key/);
    for (const tag of [5, 7]) {
      assert.match(fault(block(Buffer.concat([bytes, packet(tag, 4)]))), /is a private key/);
    }
  });

  it("when its armored block is not whole", () => {
    const lines = pgpKey.trimEnd().split("\n");
    for (const text of [lines.slice(0, -1), lines.filter((line) => line !== ""), ["before", ...lines]]) {
      assert.match(fault(text.join("\n")), /is not one armored block/);
    }
    assert.match(fault(pgpKey.replace("kObt", "kObu")), /its checksum is that of another text/);
    for (const length of [5, 60, bytes.length - 1]) {
      assert.match(fault(block(bytes.subarray(0, length))), /is cut off, or no key of OpenPGP/, `${length} bytes`);
    }
  });

  it("when it has no name or signature, or a version that Flux does not verify", () => {
    const first = bytes.subarray(0, 2 + (bytes[1] ?? 0));
    assert.match(fault(block(first)), /without a user id and its signature/);
    assert.match(fault(block(Buffer.concat([first, packet(13, 65)]))), /without a user id and its signature/);
    assert.match(fault(block(packet(6, 6, 0, 0))), /a key of version 6/);
    assert.match(fault(block(packet(13, 65))), /begins with no public key/);
    assert.match(fault(block(Buffer.alloc(0))), /begins with no public key/);
  });
});

describe("a key that verifies signatures", () => {
  it("is read with its fingerprint, whatever its comment and line ends", () => {
    const key = newSshKey();
    const read = readSigningKey(key);
    assert.ok(typeof read === "object");
    assert.match(read.fingerprints.join(), /^SHA256:[A-Za-z0-9+/]{43}$/);
    assert.deepEqual(readSigningKey(`${key} ann@example.com of acme\n`), read);
    assert.deepEqual(readSigningKey(pgpKey), { format: "pgp", fingerprints: [pgpFingerprint] });
    assert.deepEqual(readSigningKey(pgpKey.replaceAll("\n", "\r\n")), readSigningKey(pgpKey));
    assert.deepEqual(readSigningKey(pgpKey.replace("\n\n", "\nComment: of Ann\n\n")), readSigningKey(pgpKey));
  });

  it("may be one of several in a block, or of another type", () => {
    assert.deepEqual(readSigningKey(block(Buffer.concat([bytes, bytes]))), {
      format: "pgp",
      fingerprints: [pgpFingerprint, pgpFingerprint],
    });
    assert.ok(typeof readSigningKey(rsaLine(2048)) === "object");
    const ecdsa = sshLine("ecdsa-sha2-nistp256", "nistp256", Buffer.alloc(65, 4));
    assert.ok(typeof readSigningKey(ecdsa) === "object");
  });

  it("stands in the Secret under the suffix by which source-controller tells SSH from OpenPGP", () => {
    const key = newSshKey();
    const { values, fingerprints } = signingSecret({ ann: key, bob: pgpKey });
    assert.deepEqual(values, { "ann.sshpub": `${key}\n`, "bob.asc": pgpKey });
    assert.equal(fingerprints[1], `bob ${pgpFingerprint}`);
    assert.match(fingerprints[0] ?? "", /^ann SHA256:/);
  });
});
