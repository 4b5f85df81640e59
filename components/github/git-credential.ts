import type * as pulumi from "@pulumi/pulumi";
import { tokenSecretName } from "../../config/tenant/parts.js";
import { definedOnly } from "../../lib/data/defined-only.js";
import type { DeployKey } from "./deploy-key.js";

/** A fine-grained token with which Flux clones by HTTPS. Nothing on GitHub is registered for it. */
export interface GitToken {
  /** The token itself; a secret. */
  readonly token: pulumi.Output<string>;
  /** Certificates (PEM) of the server's authority. @default - public authorities */
  readonly certificates?: string | undefined;
}

/** The credential that opens a repository to Flux: a deploy key by SSH, or a token by HTTPS. */
export type GitCredential = DeployKey | GitToken;

/** Whether a credential is a token. */
export function isToken(credential: GitCredential): credential is GitToken {
  return "token" in credential;
}

/** The secret text of a credential, from which the tokens of webhooks are derived. */
export function secretTextOf(credential: GitCredential): pulumi.Output<string> {
  return isToken(credential) ? credential.token : credential.privateKey;
}

/** The fingerprint of a deploy key. Undefined for a token. */
export function fingerprintOf(credential: GitCredential): pulumi.Output<string> | undefined {
  return isToken(credential) ? undefined : credential.fingerprint;
}

/** The resources that must exist before a credential opens its repository. */
export function resourcesBehind(credential: GitCredential): pulumi.Resource[] {
  return isToken(credential) ? [] : [credential];
}

/** Name of the Secret with a credential. @param name of the Secret with a key: `tenant-git` */
export function secretNameOf(name: string, credential: GitCredential): string {
  return isToken(credential) ? tokenSecretName(name) : name;
}

/**
 * The content of the Secret with a token.
 * @see https://fluxcd.io/flux/components/source/gitrepositories/#basic-access-authentication
 */
export function tokenSecret({ token, certificates }: GitToken): Readonly<Record<string, pulumi.Input<string>>> {
  // GitHub takes any user name beside a token.
  return { username: "git", password: token, ...definedOnly({ "ca.crt": certificates }) };
}
