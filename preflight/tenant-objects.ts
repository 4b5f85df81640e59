import { type FleetSpec, hasGitToken } from "../config/fleet-spec.js";
import { COMMON_OBJECT_PREFIX, PLATFORM_OBJECT } from "../config/names.js";
import { askedAddons } from "../config/tenant/addons/asked-addons.js";
import { imageUpdatesName } from "../config/tenant/image-automation/schema.js";
import { notificationParts } from "../config/tenant/notifications/parts.js";
import {
  gitWriteSecretName,
  resourcesOf,
  type TenantResources,
  tokenSecretName,
  verifySecretName,
} from "../config/tenant/parts.js";
import type { TenantSpec } from "../config/tenant/schema.js";
import { webhookParts } from "../config/tenant/webhook/parts.js";
import { pullSecretsOf } from "../policies/pull-secrets.js";
import { accessBindings } from "../policies/rbac/people.js";
import { reconciler } from "../policies/rbac/reconciler.js";
import { robotAccount, robotToken } from "../policies/rbac/robot.js";
import { connectionsIn, serviceConnections } from "../policies/service-connections.js";
import { type RegisteredObject, registered } from "./registered-object.js";

const types = {
  namespace: "core/v1:Namespace",
  configMap: "core/v1:ConfigMap",
  secret: "core/v1:Secret",
  service: "core/v1:Service",
  account: "core/v1:ServiceAccount",
  quota: "core/v1:ResourceQuota",
  limitRange: "core/v1:LimitRange",
  networkPolicy: "networking.k8s.io/v1:NetworkPolicy",
  binding: "rbac.authorization.k8s.io/v1:RoleBinding",
  sync: "kustomize.toolkit.fluxcd.io/v1:Kustomization",
  gitRepository: "source.toolkit.fluxcd.io/v1:GitRepository",
  helmRepository: "source.toolkit.fluxcd.io/v1:HelmRepository",
  ociRepository: "source.toolkit.fluxcd.io/v1:OCIRepository",
  imageRepository: "image.toolkit.fluxcd.io/v1:ImageRepository",
  imagePolicy: "image.toolkit.fluxcd.io/v1:ImagePolicy",
  imageUpdates: "image.toolkit.fluxcd.io/v1:ImageUpdateAutomation",
  provider: "notification.toolkit.fluxcd.io/v1beta3:Provider",
  alert: "notification.toolkit.fluxcd.io/v1beta3:Alert",
  receiver: "notification.toolkit.fluxcd.io/v1:Receiver",
} as const;

/** Registers a name of a kind in a namespace. */
type InNamespace = (kind: keyof typeof types, ...names: readonly string[]) => RegisteredObject[];

/** Every object of a cluster that the program registers for a tenant. */
export function tenantObjects(tenant: TenantSpec, spec: FleetSpec): RegisteredObject[] {
  const resources = resourcesOf(tenant);
  const namespaces = tenant.namespaces.map(({ name }) => name);
  return [
    ...namespaces.map((name) => registered(types.namespace, name)),
    ...namespaces.flatMap((namespace) => namespaceObjects(inNamespace(namespace), tenant, { spec, namespace })),
    ...syncObjects(resources, (name) => credentialName(spec, tenant.name, name)),
    ...primaryObjects(inNamespace(tenant.namespaces[0].name), tenant, spec),
    ...notificationParts(tenant, resources).flatMap(({ name, namespace }) => {
      const own = inNamespace(namespace);
      return [...own("secret", name), ...own("provider", name), ...own("alert", name)];
    }),
    ...webhookObjects(tenant, resources, spec),
  ];
}

function inNamespace(namespace: string): InNamespace {
  return (kind, ...names) => names.map((name) => registered(types[kind], name, namespace));
}

/** The objects of each namespace. */
function namespaceObjects(
  own: InNamespace,
  tenant: TenantSpec,
  { spec, namespace }: { readonly spec: FleetSpec; readonly namespace: string },
): RegisteredObject[] {
  const { imports, exports } = connectionsIn(namespace, serviceConnections(tenant, spec));
  const accounts = Object.entries(tenant.serviceAccounts).filter(([, account]) => account.namespace === namespace);
  const common = (names: readonly string[]) => names.map((name) => COMMON_OBJECT_PREFIX + name);
  return [
    ...own("quota", PLATFORM_OBJECT, `${PLATFORM_OBJECT}-flux`),
    ...own("limitRange", PLATFORM_OBJECT),
    ...own("networkPolicy", PLATFORM_OBJECT, ...exports.map(({ name }) => `export-${name}`)),
    ...own("service", ...imports.map(({ name }) => name)),
    ...own("account", reconciler, ...accounts.map(([name]) => name)),
    ...own("binding", reconciler, ...accessBindings(tenant.access).map(({ name }) => name)),
    ...own("binding", ...askedAddons(tenant, spec).map(({ binding }) => binding)),
    ...own("binding", ...(tenant.robot.enabled ? [robotAccount] : [])),
    ...own("configMap", ...common(Object.keys(spec.common.configMaps))),
    ...own("secret", ...common(spec.common.secrets)),
    ...own("secret", ...pullSecretsOf(tenant, spec.common).map(({ objectName }) => objectName)),
  ];
}

/** Name of a Secret with a credential of Git, by its owner: a tenant, or the platform. */
export function credentialName(spec: FleetSpec, owner: string, name: string): string {
  return hasGitToken(spec, owner) ? tokenSecretName(name) : name;
}

function syncObjects(
  { credentials, sources, syncs }: TenantResources,
  nameOf: (name: string) => string,
): RegisteredObject[] {
  return [
    ...credentials.flatMap(({ namespace, name }) => inNamespace(namespace)("secret", nameOf(name))),
    ...sources.flatMap(({ namespace, name, verify }) => {
      const own = inNamespace(namespace);
      return [...own("gitRepository", name), ...(verify ? own("secret", verifySecretName(name)) : [])];
    }),
    ...syncs.flatMap(({ namespace, name }) => inNamespace(namespace)("sync", name)),
  ];
}

/** The objects that only the primary namespace has. */
function primaryObjects(
  own: InNamespace,
  { name, helm, imageAutomation, robot }: TenantSpec,
  spec: FleetSpec,
): RegisteredObject[] {
  const updates = imageUpdatesName(name);
  const images = Object.keys(imageAutomation?.images ?? {});
  return [
    ...own("helmRepository", ...Object.keys(helm.repositories)),
    ...own("ociRepository", ...Object.keys(helm.charts)),
    ...(imageAutomation === undefined
      ? []
      : [
          ...own("secret", credentialName(spec, name, gitWriteSecretName)),
          ...own("gitRepository", updates),
          ...own("imageUpdates", updates),
        ]),
    ...own("imageRepository", ...images),
    ...own("imagePolicy", ...images),
    ...(robot.enabled ? own("account", robotAccount) : []),
    ...(robot.enabled && robot.token ? own("secret", robotToken) : []),
  ];
}

function webhookObjects({ webhook }: TenantSpec, resources: TenantResources, { flux }: FleetSpec): RegisteredObject[] {
  if (!webhook || flux.webhookUrl === undefined) return [];
  return webhookParts(resources).flatMap(({ namespace, name }) => {
    const own = inNamespace(namespace);
    return [...own("secret", name), ...own("receiver", name)];
  });
}
