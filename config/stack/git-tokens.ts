import { z } from "zod";
import { textField } from "../rules/field.js";
import { dnsLabel } from "../rules/names.js";
import { patternRule } from "../rules/rule.js";
import { credentialFault, ENCRYPTED_PLACEHOLDER, secretValue } from "./secrets.js";

/** The name in `fleet:gitTokens` of the platform's own repository. The others are names of tenants. */
export const PLATFORM_TOKEN = "platform";

/**
 * The fault of a text that is no fine-grained token. All other tokens of GitHub open every repository of their account or
 * installation. A line break within a token is a fault here, because a client of HTTP would repeat the token in its error.
 * @see https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats
 */
function tokenFault(text: string): string | undefined {
  if (text.startsWith(ENCRYPTED_PLACEHOLDER)) return undefined;
  if (!text.startsWith("github_pat_")) {
    return "is no fine-grained personal access token, which begins with github_pat_: others open more than chosen repositories";
  }
  return credentialFault(text) ?? (/^\w+$/.test(text) ? undefined : "has characters that no token of GitHub has");
}

const token = secretValue(tokenFault);

/** Tokens with which Flux clones by HTTPS, of which the loader keeps no value. */
export const gitTokensConfig = z
  .record(
    textField(dnsLabel),
    z.strictObject({
      read: token.meta({
        description:
          "Fine-grained token that reads the repositories of the platform or tenant, and no others; encrypted.",
      }),
      write: token.exactOptional().meta({
        description:
          "Fine-grained token that may push to the tenant's primary repository, for image automation; encrypted.",
      }),
    }),
  )
  .default({})
  .meta({
    description:
      "Tokens with which Flux clones by HTTPS instead of SSH: platform or TENANT: {read, write}. Default: none, and deploy keys.",
  });

/** Values of tokens by owner and use. */
export type GitTokenValues = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * The values of `fleet:gitTokens`, for the checks with GitHub alone: no message may repeat one.
 * @param setting as Pulumi gives it, in JSON, after the loader has checked it. Empty for a setting without value
 */
export function gitTokenValues(setting: string | undefined): GitTokenValues {
  return z.record(z.string(), z.record(z.string(), z.string())).parse(JSON.parse(setting || "{}"));
}

/** One or more certificates, without a private key. */
const certificates = patternRule({
  pattern: "^(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\\s]+-----END CERTIFICATE-----\\s*)+$",
  maxLength: 65_536,
  form: "one or more certificates in PEM, and nothing else",
  fix: "Write the certificates of the authority, from BEGIN to END",
});

/** Certificates of a private authority. */
export const gitCertificatesConfig = textField(certificates, {
  description:
    "Certificates (PEM) of the authority that Flux trusts for clones by HTTPS, where GitHub Enterprise Server has a private one. Default: public authorities.",
}).exactOptional();
