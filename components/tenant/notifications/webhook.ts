import * as github from "@pulumi/github";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { base64, opaqueSecretArgs } from "../../kubernetes/opaque-secret.js";
import { labelsOf, mustGet, type RegisteredParts } from "../registered-parts.js";
import { receiverSpec, type WebhookPart, webhookPath, webhookToken } from "./webhook-objects.js";

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
    super("fleet:tenant:Webhook", name, {}, opts);
    const { parts, webhook, url } = args;
    const repository = mustGet(parts.repositories, webhook.repository);
    const token = repository.key.privateKey.apply((key) => webhookToken(key, parts.spec.cluster, webhook));

    this.receiver = this.#registerReceiver(name, args, token);
    new github.RepositoryWebhook(
      `${name}-hook`,
      {
        repository: repository.repositoryName,
        active: true,
        events: ["push"],
        configuration: {
          url: token.apply((text) => new URL(webhookPath(text, webhook), url).href),
          contentType: "json",
          secret: token,
          insecureSsl: false,
        },
      },
      // The key exists only after everything that the repository needs.
      { parent: this, dependsOn: [this.receiver, repository.key] },
    );

    this.registerOutputs();
  }

  #registerReceiver(name: string, { parts, webhook }: TenantWebhookArgs, token: pulumi.Output<string>) {
    const { namespace } = mustGet(parts.namespaces, webhook.namespace);
    const metadata = { name: webhook.name, namespace, labels: labelsOf(parts) };
    const secret = new k8s.core.v1.Secret(`${name}-token`, opaqueSecretArgs(metadata, { token: token.apply(base64) }), {
      parent: this,
    });
    return new k8s.apiextensions.CustomResource(
      `${name}-receiver`,
      { apiVersion: "notification.toolkit.fluxcd.io/v1", kind: "Receiver", metadata, spec: receiverSpec(webhook) },
      { parent: this, dependsOn: [secret] },
    );
  }
}
