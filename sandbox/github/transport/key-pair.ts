import ssh2 from "ssh2";

/** An SSH key pair: `private` in OpenSSH's format, `public` as in `authorized_keys`. */
export interface KeyPair {
  readonly private: string;
  readonly public: string;
}

const generate = {
  ed25519: () => ssh2.utils.generateKeyPairSync("ed25519"),
  ecdsa: () => ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 }),
  // A key of 3072 bits takes three times as long, in each new sandbox.
  rsa: () => ssh2.utils.generateKeyPairSync("rsa", { bits: 2048 }),
} as const;

/** A type of SSH key: ECDSA on P-256, RSA with 2048 bits. */
export type KeyType = keyof typeof generate;

/** How often one may be thrown away; that as many in a row are malformed does not happen by chance. */
const attempts = 10;

/**
 * A new SSH key pair that ssh2 itself can read.
 *
 * One in about 250 ED25519 pairs that ssh2 1.17 generates is malformed (12 of 3000, tried with Node 20): a key whose
 * first byte is zero loses it. Such a pair is thrown away.
 */
export function generateKeyPair(type: KeyType): KeyPair {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const pair = generate[type]();
    const readable = [pair.private, pair.public].every((text) => !(ssh2.utils.parseKey(text) instanceof Error));
    if (readable) return pair;
  }
  throw new Error(`ssh2 generated ${attempts} malformed ${type} keys in a row.`);
}
