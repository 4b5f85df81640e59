import { createHash, createHmac } from "node:crypto";
import type { CredentialPart, TenantResources } from "../../../config/tenant/parts.js";

/**
 * The way from a push to the sources that fetch it, in one namespace: Flux's Receivers ask only for objects of their
 * own, so there is one for each repository in each namespace that syncs from it.
 */
export interface WebhookPart {
  /** What the names of its resources start with. */
  readonly resourceName: string;
  /** Name of the Receiver and of its Secret. */
  readonly name: string;
  readonly namespace: string;
  /** Name of the repository at GitHub. */
  readonly repository: string;
  /** Names of the GitRepositories that a push makes fetch. */
  readonly sources: readonly string[];
}

/** A tenant's webhooks: one for each key that reads a repository in a namespace. */
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
 * The token with which GitHub signs what it sends to one Receiver, derived from the deploy key of the same repository.
 *
 * HMAC-SHA256 with the private key as its key is a pseudorandom function: whoever knows the token, as GitHub and the
 * tenant do, learns nothing of the key and of no other Receiver's token. So no second secret need be made and kept, an
 * update finds the same token each time, and it is new when the key is.
 * @param privateKey private half in OpenSSH's format, which holds 256 random bits
 * @see https://www.rfc-editor.org/rfc/rfc5869#section-3.1 HMAC as extractor and expander of keys
 */
export function webhookToken(privateKey: string, cluster: string, part: WebhookPart): string {
  const purpose = JSON.stringify(["fleet webhook token", cluster, part.repository, part.namespace]);
  return createHmac("sha256", privateKey).update(purpose).digest("hex");
}

/**
 * Path that notification-controller gives to a Receiver. Computed here, so that GitHub is told in the same update.
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
    // A ping is what GitHub sends to see whether anybody answers.
    events: ["ping", "push"],
    resources: sources.map((source) => ({
      apiVersion: "source.toolkit.fluxcd.io/v1",
      kind: "GitRepository",
      name: source,
    })),
    secretRef: { name },
  };
}
