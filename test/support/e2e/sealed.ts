import { createCipheriv, createHash, randomBytes } from "node:crypto";
import { armor, Encrypter, generateIdentity, identityToRecipient } from "age-encryption";
import { stringify } from "yaml";
import { reference } from "../objects/object.js";

/** A key pair of age: the identity that opens a file, and the recipient that a file is sealed for. */
export interface AgeKey {
  /** `AGE-SECRET-KEY-1…` */
  readonly identity: string;
  /** `age1…` */
  readonly recipient: string;
}

/** A new key pair. */
export async function ageKey(): Promise<AgeKey> {
  const identity = await generateIdentity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/**
 * A Secret's manifest as `sops --encrypt --encrypted-regex '^stringData$'` writes it, for one recipient. There is no
 * `sops` here to do it; what reads it is the real one, in kustomize-controller.
 * @see https://getsops.io/docs/ "Message Authentication Code", "Encryption Protocol"
 */
export async function sealedSecret(
  name: string,
  stringData: Readonly<Record<string, string>>,
  recipient: string,
): Promise<string> {
  const key = randomBytes(32);
  const secret = reference("Secret", { name });
  const sealed = Object.entries(stringData).map(([field, value]) => [field, seal(value, key, `stringData:${field}:`)]);
  const lastmodified = "2026-01-01T00:00:00Z";
  const leaves = [secret.apiVersion, secret.kind, name, ...Object.values(stringData)];
  const digest = createHash("sha512").update(leaves.join("")).digest("hex").toUpperCase();
  return stringify({
    ...secret,
    stringData: Object.fromEntries(sealed),
    sops: {
      age: [{ recipient, enc: await sealKey(key, recipient) }],
      encrypted_regex: "^stringData$",
      lastmodified,
      mac: seal(digest, key, lastmodified),
      version: "3.13.2",
    },
  });
}

/** @param place path of the value, which is authenticated with it: a moved value is unreadable */
function seal(value: string, key: Buffer, place: string): string {
  const iv = randomBytes(32);
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(place));
  const data = Buffer.concat([cipher.update(value, "utf8"), cipher.final()]);
  const [text, nonce, tag] = [data, iv, cipher.getAuthTag()].map((bytes) => bytes.toString("base64"));
  return `ENC[AES256_GCM,data:${text},iv:${nonce},tag:${tag},type:str]`;
}

async function sealKey(key: Buffer, recipient: string): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return armor.encode(await encrypter.encrypt(key));
}
