import type { Placed } from "./addresses.js";

/** Outputs of a key pair that other resources use: Pulumi's name and OpenTofu's. */
const attributes = [
  ["privateKeyOpenssh", "private_key_openssh"],
  ["publicKeyOpenssh", "public_key_openssh"],
] as const;

/**
 * The key pairs that the program generated. OpenTofu generates its own, so their values become references in the
 * configuration.
 */
export class GeneratedKeys {
  /** Value in the program's state → OpenTofu's expression. */
  readonly #expressions = new Map<string, string>();
  readonly #privateKeys: string[] = [];

  constructor(resources: readonly Placed[]) {
    for (const { type, address, resource } of resources) {
      if (type !== "tls_private_key") continue;
      for (const [output, attribute] of attributes) {
        const value = resource.outputs?.[output];
        if (typeof value !== "string") throw new Error(`The state has no ${output} of ${resource.urn}.`);
        this.#add(value, `${address}.${attribute}`);
        if (output === "privateKeyOpenssh") this.#privateKeys.push(value.trim(), base64(value.trim()));
      }
    }
  }

  /**
   * A text of the state as OpenTofu's template: a reference if it is a generated key, and itself otherwise.
   * @throws Error when a text contains a private key beside other words, because the key could not be replaced
   */
  template(text: string): string {
    const expression = this.#expressions.get(text);
    if (expression !== undefined) return `\${${expression}}`;
    if (this.#privateKeys.some((key) => text.includes(key))) {
      throw new Error("A text of the state contains a generated private key that the benchmark cannot replace.");
    }
    return text.replaceAll("${", "$$${").replaceAll("%{", "%%{");
  }

  #add(value: string, reference: string): void {
    const trimmed = value.trimEnd();
    this.#expressions.set(base64(trimmed), `base64encode(trimspace(${reference}))`);
    this.#expressions.set(trimmed, `trimspace(${reference})`);
    this.#expressions.set(base64(value), `base64encode(${reference})`);
    this.#expressions.set(value, reference);
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
