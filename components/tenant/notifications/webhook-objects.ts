import { createHash, createHmac } from "node:crypto";
import type { CredentialPart, TenantResources } from "../../../config/tenant/parts.js";

/**
 * A webhook of one repository for the sources of one namespace. A Receiver can notify sources of its own namespace only,
 * so each namespace has its own.
 */
export interface WebhookPart {
  /** Prefix of the names of its resources. */
  readonly resourceName: string;
  /** Name of the Receiver and of its Secret. */
  readonly name: string;
  readonly namespace: string;
  /** Name of the repository at GitHub. */
  readonly repository: string;
  /** Names of the GitRepositories that are fetched after a push. */
  readonly sources: readonly string[];
}

/** The webhooks of a tenant, one for each Secret with a deploy key. */
export function webhookParts({ credentials, sources }: TenantResources): WebhookPart[] {
  return credentials.map(({ resourceName, name, namespace, repository }: CredentialPart) => ({
    resourceName,
    name: name.replace(/^tenant-git/, "tenant-webhook"),
    namespace,
    repository,
    sources: sources.filter((one) => one.namespace === namespace && one.secretName === name).map((one) => one.name),
  }));
}

/**
 * The token that GitHub signs its requests to one Receiver with, derived from the deploy key of the same repository.
 *
 * HMAC-SHA256 is a pseudorandom function: the token, which GitHub and the tenant know, reveals neither the key nor
 * another token. So every update computes the same token, and a new key makes a new one.
 * @param privateKey private half in OpenSSH's format, which holds 256 random bits
 * @see https://www.rfc-editor.org/rfc/rfc5869#section-3.1 HMAC as extractor and expander of keys
 */
export function webhookToken(privateKey: string, cluster: string, part: WebhookPart): string {
  const purpose = JSON.stringify(["fleet webhook token", cluster, part.repository, part.namespace]);
  return createHmac("sha256", privateKey).update(purpose).digest("hex");
}

/**
 * The path of a Receiver, computed as in notification-controller, so that one update registers it on GitHub too.
 * @see https://github.com/fluxcd/notification-controller/blob/api/v1.9.2/api/v1/receiver_types.go GetWebhookPath
 */
export function webhookPath(token: string, receiver: { readonly name: string; readonly namespace: string }): string {
  return `/hook/${createHash("sha256")
    .update(token + receiver.name + receiver.namespace)
    .digest("hex")}`;
}

/** @see https://fluxcd.io/flux/components/notification/receivers/#github */
export function receiverSpec({ name, sources }: WebhookPart) {
  return {
    type: "github",
    // GitHub sends a ping to a new webhook.
    events: ["ping", "push"],
    resources: sources.map((source) => ({
      apiVersion: "source.toolkit.fluxcd.io/v1",
      kind: "GitRepository",
      name: source,
    })),
    secretRef: { name },
  };
}
