import { generateKeyPairSync } from "node:crypto";

/** A text with its length in front, as SSH has it. */
function part(content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** A line of a file `.pub`. */
export function sshLine(type: string, ...parts: readonly (Buffer | string)[]): string {
  return `${type} ${Buffer.concat([part(type), ...parts.map(part)]).toString("base64")}`;
}

/** A new public key of SSH. */
export function newSshKey(): string {
  const { x = "" } = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
  return sshLine("ssh-ed25519", Buffer.from(x, "base64url"));
}

/** A public key of OpenPGP that was made with GnuPG 2.2.40 for these tests. Its private half was thrown away. */
export const pgpKey = `-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEawjvzxYJKwYBBAHaRw8BAQdAWCM0EYbsMt8S/X4ZhZawMbHX1zhr0zpiMRGR
kObtO+q0FUFubiA8YW5uQGV4YW1wbGUuY29tPoiQBBMWCAA4FiEEWzRWc8402/Gv
NF9M7R9GTGlEVgYFAmsI788CGwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQ
7R9GTGlEVgaPeAEA+sdgQqHC2Tk569IpuVW4GfDOcwtvvpFVoLIb9U917ywBAIRc
O6iAlpZp+UYz1BYZ5RFxeQGOLaFE2xHg4QSegq4A
=wj6d
-----END PGP PUBLIC KEY BLOCK-----
`;

/** The fingerprint of {@link pgpKey}, as GnuPG shows it. */
export const pgpFingerprint = "5B345673CE34DBF1AF345F4CED1F464C69445606";
