import type { FleetSpec } from "../config/fleet-spec.js";
import { PULL_SECRET_PREFIX } from "../config/names.js";
import type { TenantSpec } from "../config/tenant/schema.js";

/** A pull Secret of a tenant's namespaces, and the place of its password. */
export interface PullSecret {
  /** Name by which the setting or the tenant file has it. */
  readonly name: string;
  /** Name of the Secret. */
  readonly objectName: string;
  readonly registry: string;
  readonly username: string;
  /** Name of the password in the tenant's secrets. @default - the stack's own credential: `fleet:pullSecrets.NAME` */
  readonly secret?: string;
}

/** The pull Secrets of each of a tenant's namespaces. The tenant's own replaces that of the stack with the same name. */
export function pullSecretsOf(
  tenant: Pick<TenantSpec, "pullSecrets">,
  common: Pick<FleetSpec["common"], "pullSecrets">,
): PullSecret[] {
  return Object.entries({ ...common.pullSecrets, ...tenant.pullSecrets }).map(([name, credential]) => ({
    name,
    objectName: PULL_SECRET_PREFIX + name,
    ...credential,
  }));
}

/**
 * Docker Hub's key. Its images are from `docker.io`, and clients look for their credentials here.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.0/pkg/credentialprovider/keyring.go isDefaultRegistryMatch
 */
const dockerHub = "https://index.docker.io/v1/";

/**
 * The content of a pull Secret, which the kubelet and Flux read.
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/
 */
export function dockerConfig({ registry, username }: Pick<PullSecret, "registry" | "username">, password: string) {
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  const server = registry === "docker.io" || registry === "index.docker.io" ? dockerHub : registry;
  return JSON.stringify({ auths: { [server]: { username, password, auth } } });
}
