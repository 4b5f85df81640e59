import { createHash } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import ssh2 from "ssh2";
import { generateKeyPair } from "./key-pair.js";

/** A key by which the SSH server proves who it is. */
interface HostKey {
  /** OpenSSH private key. */
  readonly private: string;
  /** `TYPE BASE64`. */
  readonly public: string;
}

/** The server's keys, the preferred first, and what the meta endpoint says about them. */
export interface HostKeys {
  /** OpenSSH private keys. */
  readonly private: readonly string[];
  /** `TYPE BASE64`, as `known_hosts` has them after the host's name. */
  readonly public: readonly string[];
  /** SHA-256 fingerprints as in the meta endpoint: `SHA256_ED25519` and so on. */
  readonly fingerprints: Readonly<Record<string, string>>;
}

const algorithms = [
  { name: "ED25519", file: "ssh_host_ed25519_key", generate: () => generateKeyPair("ed25519") },
  { name: "ECDSA", file: "ssh_host_ecdsa_key", generate: () => generateKeyPair("ecdsa") },
  { name: "RSA", file: "ssh_host_rsa_key", generate: () => generateKeyPair("rsa") },
] as const;

/** Reads the host keys of an earlier run, or makes them: clients that know them must find them again. */
export async function loadHostKeys(directory: string): Promise<HostKeys> {
  const keys = await Promise.all(
    algorithms.map(async ({ name, file, generate }) => ({ name, ...(await loadKey(join(directory, file), generate)) })),
  );
  return {
    private: keys.map((key) => key.private),
    public: keys.map((key) => key.public),
    fingerprints: Object.fromEntries(keys.map((key) => [`SHA256_${key.name}`, fingerprint(key.public)])),
  };
}

async function loadKey(path: string, generate: () => { private: string }): Promise<HostKey> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    text = generate().private;
    await writeFile(`${path}.new`, text, { mode: 0o600 });
    await rename(`${path}.new`, path);
  }
  const parsed = ssh2.utils.parseKey(text);
  if (parsed instanceof Error) throw new Error(`${path} is not a private key (${parsed.message}); remove it.`);
  const [key] = Array.isArray(parsed) ? parsed : [parsed];
  if (key === undefined) throw new Error(`${path} holds no key; remove it.`);
  return { private: text, public: `${key.type} ${key.getPublicSSH().toString("base64")}` };
}

/** The SHA-256 fingerprint of `TYPE BASE64`, without prefix and padding. */
export function fingerprint(key: string): string {
  const blob = Buffer.from(key.split(" ")[1] ?? "", "base64");
  return createHash("sha256").update(blob).digest("base64").replaceAll("=", "");
}
