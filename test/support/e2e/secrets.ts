/** A text that must not be found, and how to call it without saying it. */
export interface Disclosure {
  readonly what: string;
  readonly text: string;
}

/**
 * Private keys that a stack's state holds as secrets.
 * @param state what `pulumi stack export --show-secrets` printed
 * @returns every line of every form of every key, but for the lines that say where a key begins and ends
 */
export function privateKeyTexts(state: string): Disclosure[] {
  const { resources = [] } = (JSON.parse(state) as { deployment: { resources?: PairInState[] } }).deployment;
  return resources.flatMap(({ type, urn, outputs }) => {
    if (type !== "tls:index/privateKey:PrivateKey") return [];
    return (["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"] as const).flatMap((field) => {
      const value = outputs?.[field];
      if (value === undefined) return [];
      const lines = (JSON.parse(value.plaintext) as string).split("\n");
      const body = lines.filter((line) => line !== "" && !line.startsWith("-----"));
      return body.map((text) => ({ what: `${field} of ${urn}`, text }));
    });
  });
}

/**
 * Which of the texts another text holds in clear: as they are or in base64, and anything that begins like a private key.
 * @returns what was found, by its name
 */
export function clearTexts(haystack: string, secrets: readonly Disclosure[]): string[] {
  const marker = { what: "beginning of a private key", text: "PRIVATE KEY-----" };
  return [...secrets, marker]
    .filter(({ text }) => [text, ...base64Parts(text)].some((form) => haystack.includes(form)))
    .map(({ what }) => what);
}

/**
 * The three forms that a text takes within a longer one in base64, without the characters at its edges that the
 * neighbours decide.
 */
function base64Parts(text: string): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.from(" ".repeat(offset) + text, "utf8").toString("base64");
    return encoded.replace(/=+$/, "").slice(offset === 0 ? 0 : 4, -1);
  });
}

/** A key pair in the state; see https://www.pulumi.com/docs/iac/concepts/secrets/ for how secrets are shown there. */
interface PairInState {
  readonly type: string;
  readonly urn: string;
  readonly outputs?: Readonly<Record<string, { readonly plaintext: string } | undefined>>;
}
