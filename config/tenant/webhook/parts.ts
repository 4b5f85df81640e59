import type { CredentialPart, TenantResources } from "../parts.js";

/**
 * A webhook of one repository for the sources of one namespace. A Receiver can notify sources of its own namespace only,
 * so each namespace has its own.
 */
export interface WebhookPart extends CredentialPart {
  /** Names of the GitRepositories that are fetched after a push. */
  readonly sources: readonly string[];
}

/** The webhooks of a tenant, one for each Secret with a deploy key. */
export function webhookParts({ credentials, sources }: TenantResources): WebhookPart[] {
  return credentials.map(({ name, ...credential }) => ({
    ...credential,
    name: name.replace(/^tenant-git/, "tenant-webhook"),
    sources: sources
      .filter(({ namespace, secretName }) => namespace === credential.namespace && secretName === name)
      .map((source) => source.name),
  }));
}
