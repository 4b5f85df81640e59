import * as github from "@pulumi/github";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { TenantRepository } from "../repository/tenant-repository.js";
import { receiverSpec, type WebhookPart, webhookPath, webhookToken } from "./webhook-objects.js";

/** Which repository's pushes are told, and to which cluster. */
export interface TenantWebhookArgs {
  /** What it is called, and for which repository and namespace it is. */
  readonly part: WebhookPart;
  /** Where GitHub reaches the cluster's receivers: `https://flux-webhook.example.com`, without path. */
  readonly url: string;
  /** Cluster that is told; each has a token of its own. */
  readonly cluster: string;
  /** Repository whose pushes are told. */
  readonly repository: TenantRepository;
  /** Namespace of the Receiver, known once it exists. */
  readonly namespace: pulumi.Input<string>;
  /** Labels of everything that it registers on the cluster. */
  readonly labels: Readonly<Record<string, string>>;
}

/** A push at GitHub, told to the cluster at once: a token, a Receiver, and the webhook that finds it. */
export class TenantWebhook extends pulumi.ComponentResource {
  readonly receiver: pulumi.Resource;

  constructor(name: string, args: TenantWebhookArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Webhook", name, {}, opts);
    const { part, repository } = args;
    const token = repository.key.privateKey.apply((key) => webhookToken(key, args.cluster, part));

    const metadata = { name: part.name, namespace: args.namespace, labels: args.labels };
    const secret = new k8s.core.v1.Secret(
      `${name}-token`,
      { metadata, type: "Opaque", data: { token: token.apply((text) => Buffer.from(text).toString("base64")) } },
      { parent: this },
    );
    this.receiver = new k8s.apiextensions.CustomResource(
      `${name}-receiver`,
      { apiVersion: "notification.toolkit.fluxcd.io/v1", kind: "Receiver", metadata, spec: receiverSpec(part) },
      { parent: this, dependsOn: [secret] },
    );
    new github.RepositoryWebhook(
      `${name}-hook`,
      {
        repository: repository.repositoryName,
        active: true,
        events: ["push"],
        configuration: {
          url: token.apply((text) => new URL(webhookPath(text, part), args.url).href),
          contentType: "json",
          secret: token,
          insecureSsl: false,
        },
      },
      // The key waits for all that the repository itself needs.
      { parent: this, dependsOn: [this.receiver, repository.key] },
    );

    this.registerOutputs();
  }
}
