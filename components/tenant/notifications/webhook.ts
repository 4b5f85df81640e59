import { createHash, createHmac } from "node:crypto";
import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { WebhookPart } from "../../../config/tenant/webhook/parts.js";
import { statedComponent, webhookComponent } from "../../../lib/state/stack-state.js";
import { fluxObject, fluxSecret } from "../../flux/flux-object.js";
import { resourcesBehind, secretTextOf } from "../../github/git-credential.js";
import { withAlias } from "../../state-aliases.js";
import { inNamespace, type Metadata, metadataOf, type RegisteredParts, repositoryOf } from "../registered-parts.js";

/**
 * Has notification-controller look at a Receiver as soon as its Secret changes. It would look every ten minutes, and answer
 * 404 to GitHub until then.
 * @see https://fluxcd.io/flux/components/notification/receivers/#secret-reference
 */
const WATCHED = { "reconcile.fluxcd.io/watch": "Enabled" } as const;

/** A webhook of a tenant's repository, and the URL that GitHub calls. */
export interface TenantWebhookArgs {
  readonly parts: RegisteredParts;
  readonly webhook: WebhookPart;
  /** URL of the cluster's receivers, without a path: `https://flux-webhook.example.com`. */
  readonly url: string;
}

/**
 * A webhook that makes Flux fetch a repository at once after a push: its token, its Receiver on the cluster, and its
 * registration on GitHub.
 */
export class TenantWebhook extends pulumi.ComponentResource {
  readonly receiver: pulumi.Resource;

  constructor(name: string, args: TenantWebhookArgs, opts?: pulumi.ComponentResourceOptions) {
    const { parts, webhook, url } = args;
    const metadata = metadataOf(parts, webhook.name, webhook.namespace);
    const object = { type: "kubernetes:notification.toolkit.fluxcd.io/v1:Receiver", metadata, ending: "-receiver" };
    super(webhookComponent, name, {}, withAlias(statedComponent(parts.state, webhookComponent, object), opts));
    const { credential, repository } = repositoryOf(parts, webhook.repository);
    const token = secretTextOf(credential).apply((text) => webhookToken(text, parts.spec.cluster, webhook));

    this.receiver = this.#registerReceiver(name, args, metadata, token);
    const receiverUrl = token.apply((text) => new URL(webhookPath(text, webhook), url).href);
    const hook = {
      repository: repository.repositoryName,
      active: true,
      events: ["push"],
      configuration: { url: receiverUrl, contentType: "json", secret: token, insecureSsl: false },
    };
    // A key exists only after everything that the repository needs. A token is of a repository that exists.
    // GitHub refuses a second webhook with the same URL.
    const dependsOn = [this.receiver, ...resourcesBehind(credential)];
    const hookOptions = { parent: this, dependsOn, deleteBeforeReplace: true };
    new github.RepositoryWebhook(`${name}-hook`, hook, hookOptions);

    this.registerOutputs();
  }

  /** @see https://fluxcd.io/flux/components/notification/receivers/#github */
  #registerReceiver(
    name: string,
    { parts, webhook }: TenantWebhookArgs,
    metadata: Metadata,
    token: pulumi.Output<string>,
  ) {
    const watched = { ...metadata, labels: { ...metadata.labels, ...WATCHED } };
    const secret = fluxSecret(`${name}-token`, watched, { token }, inNamespace(parts, this, webhook.namespace));
    const spec = {
      type: "github",
      // GitHub sends a ping to a new webhook.
      events: ["ping", "push"],
      resources: webhook.sources.map((source) => {
        return { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", name: source };
      }),
      secretRef: { name: webhook.name },
    };
    return fluxObject(`${name}-receiver`, "Receiver", { metadata, spec }, { parent: this, dependsOn: [secret] });
  }
}

/**
 * The token that GitHub signs its requests to one Receiver with, derived from the credential of the same repository.
 * HMAC-SHA256 is a pseudorandom function: the token, which GitHub and the tenant know, reveals neither the credential nor
 * another token. So every update computes the same token, and a new credential makes a new one.
 * @param secret private half of the key in OpenSSH's format, which holds 256 random bits, or the token of the clone
 * @see https://www.rfc-editor.org/rfc/rfc5869#section-3.1 HMAC as extractor and expander of keys
 */
export function webhookToken(secret: string, cluster: string, part: WebhookPart): string {
  const purpose = JSON.stringify(["fleet webhook token", cluster, part.repository, part.namespace]);
  return createHmac("sha256", secret).update(purpose).digest("hex");
}

/**
 * The path of a Receiver, computed as in notification-controller, so that one update registers it on GitHub too.
 * @see https://github.com/fluxcd/notification-controller/blob/api/v1.9.2/api/v1/receiver_types.go GetWebhookPath
 */
export function webhookPath(token: string, { name, namespace }: Pick<WebhookPart, "name" | "namespace">): string {
  const digest = createHash("sha256")
    .update(token + name + namespace)
    .digest("hex");
  return `/hook/${digest}`;
}
