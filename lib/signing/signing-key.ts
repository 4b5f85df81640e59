import type { SigningKey } from "./key.js";
import { readPgpKey } from "./pgp-key.js";
import { readSshKey } from "./ssh-key.js";

/** Reads a public key of SSH or an armored block of OpenPGP. @returns the key, or the fault, to be read after the field */
export function readSigningKey(text: string): SigningKey | string {
  if (/-----BEGIN (OPENSSH |RSA |EC |DSA |ENCRYPTED )?PRIVATE KEY/.test(text)) {
    return "is a private key. Take it out of use, and write the public one";
  }
  return text.includes("-----BEGIN PGP") ? readPgpKey(text) : readSshKey(text);
}

/**
 * The entries of the Secret that source-controller verifies with, and the fingerprints by the names of the keys.
 * @see https://fluxcd.io/flux/components/source/gitrepositories/#verification
 */
export function signingSecret(keys: Readonly<Record<string, string>>) {
  const read = Object.entries(keys).map(([name, text]) => {
    const key = readSigningKey(text);
    if (typeof key === "string") throw new Error(`the key ${name} was not checked: it ${key}`);
    return { name, text: `${text.trim()}\n`, key };
  });
  return {
    values: Object.fromEntries(
      read.map(({ name, text, key }) => [`${name}${key.format === "ssh" ? ".sshpub" : ".asc"}`, text]),
    ),
    fingerprints: read.map(({ name, key }) => `${name} ${key.fingerprints.join(" ")}`),
  };
}
