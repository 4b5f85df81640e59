import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { base64, opaqueSecretArgs } from "../../kubernetes/opaque-secret.js";
import { labelsOf, mustGet, primaryRepository, type RegisteredParts } from "../registered-parts.js";
import { alertSpec, type NotificationPart, notificationSecret, providerSpec } from "./objects.js";

/** Values of one tenant's secrets by name, always as a secret output. */
export type SecretValues = pulumi.Output<Readonly<Record<string, string>>>;

/** A tenant's notifications, and the values of their secrets. */
export interface TenantNotificationsArgs {
  readonly parts: RegisteredParts;
  readonly notifications: readonly NotificationPart[];
  /** Values of the tenant's secrets in the stack's configuration. */
  readonly secrets: SecretValues;
}

/** The Providers and Alerts that report the state of a tenant's syncs, with their Secrets. */
export class TenantNotifications extends pulumi.ComponentResource {
  /** Objects of Flux's kinds, which the quota of Flux's kinds counts. */
  readonly objects: readonly pulumi.Resource[];

  constructor(name: string, args: TenantNotificationsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Notifications", name, {}, opts);
    this.objects = args.notifications.flatMap((part) => this.#register(part, args));
    this.registerOutputs();
  }

  #register(part: NotificationPart, { parts, secrets }: TenantNotificationsArgs): pulumi.Resource[] {
    const { resourceName, name, notification } = part;
    const { namespace } = mustGet(parts.namespaces, part.namespace);
    const metadata = { name, namespace, labels: labelsOf(parts) };
    const data = secrets.apply((values) =>
      encodeValues(notificationSecret(notification, secretValue(values, notification.secret))),
    );
    const secret = new k8s.core.v1.Secret(`${resourceName}-notify-secret`, opaqueSecretArgs(metadata, data), {
      parent: this,
    });
    const provider = new k8s.apiextensions.CustomResource(
      `${resourceName}-notify-provider`,
      { apiVersion, kind: "Provider", metadata, spec: providerSpec(part, primaryRepository(parts).page) },
      { parent: this, dependsOn: [secret] },
    );
    const alert = new k8s.apiextensions.CustomResource(
      `${resourceName}-notify-alert`,
      { apiVersion, kind: "Alert", metadata, spec: alertSpec(part, parts.spec.cluster) },
      { parent: this, dependsOn: [provider] },
    );
    return [provider, alert];
  }
}

const apiVersion = "notification.toolkit.fluxcd.io/v1beta3";

/** The value of a secret. The loader has refused an unknown name before. */
function secretValue(values: Readonly<Record<string, string>>, name: string): string {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined)
    throw new Error(`a notification refers to the secret ${name}, which the tenant does not have`);
  return value;
}

function encodeValues(data: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)]));
}
