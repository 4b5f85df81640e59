import ssh2 from "ssh2";

/**
 * Reads a public key in OpenSSH's notation and gives it without its comment, as GitHub keeps it.
 * @returns undefined when the text is not a public key
 */
export function publicKey(text: string): string | undefined {
  const line = text.trim();
  if (!/^[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}( [^\r\n]*)?$/.test(line)) return undefined;
  const parsed = ssh2.utils.parseKey(line);
  if (parsed instanceof Error) return undefined;
  const [key] = Array.isArray(parsed) ? parsed : [parsed];
  if (key === undefined || key.isPrivateKey()) return undefined;
  return `${key.type} ${key.getPublicSSH().toString("base64")}`;
}
