import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { alertSpec, type NotificationPart, notificationSecret, providerSpec } from "./objects.js";

/** Values of one tenant's secrets, by name; never more than a secret output. */
export type SecretValues = pulumi.Output<Readonly<Record<string, string>>>;

/** Whom to tell, with which secrets, and what every message says. */
export interface TenantNotificationsArgs {
  /** Whom the tenant's file names, one part each. */
  readonly parts: readonly NotificationPart[];
  /** Values of the tenant's secrets in the stack's configuration. */
  readonly secrets: SecretValues;
  /** Name of the cluster, which every message names. */
  readonly cluster: string;
  /** Page of the tenant's first repository at GitHub. */
  readonly repositoryPage: pulumi.Input<string>;
  /** Labels of everything that it registers. */
  readonly labels: Readonly<Record<string, string>>;
  /** A namespace of the tenant's, by its name. */
  readonly namespace: (name: string) => pulumi.Input<string>;
}

/** Everybody who is told of what becomes of a tenant's syncs. */
export class TenantNotifications extends pulumi.ComponentResource {
  /** Objects of Flux's kinds; see `fluxQuotaHard`. */
  readonly objects: readonly pulumi.Resource[];

  constructor(name: string, args: TenantNotificationsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Notifications", name, {}, opts);
    this.objects = args.parts.flatMap((part) => this.#register(part, args));
    this.registerOutputs();
  }

  #register(part: NotificationPart, args: TenantNotificationsArgs): pulumi.Resource[] {
    const { notification } = part;
    const metadata = { name: part.name, namespace: args.namespace(part.namespace), labels: args.labels };
    const secret = new k8s.core.v1.Secret(
      `${part.resourceName}-notify-secret`,
      {
        metadata,
        type: "Opaque",
        data: args.secrets.apply((values) =>
          encoded(notificationSecret(notification, secretValue(values, notification.secret))),
        ),
      },
      { parent: this },
    );
    const provider = new k8s.apiextensions.CustomResource(
      `${part.resourceName}-notify-provider`,
      { ...kind("Provider"), metadata, spec: providerSpec(part, args.repositoryPage) },
      { parent: this, dependsOn: [secret] },
    );
    const alert = new k8s.apiextensions.CustomResource(
      `${part.resourceName}-notify-alert`,
      { ...kind("Alert"), metadata, spec: alertSpec(part, args.cluster) },
      { parent: this, dependsOn: [provider] },
    );
    return [provider, alert];
  }
}

function kind(name: "Provider" | "Alert") {
  return { apiVersion: "notification.toolkit.fluxcd.io/v1beta3", kind: name };
}

/** What the loader has made sure of. */
function secretValue(values: Readonly<Record<string, string>>, name: string): string {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined) throw new Error(`a notification refers to ${name}, which is no secret of the tenant's`);
  return value;
}

function encoded(data: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "utf8").toString("base64")]),
  );
}
