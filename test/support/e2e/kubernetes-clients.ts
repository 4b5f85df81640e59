import { KeepAliveConfig } from "@fleet/sandbox/control-plane/keep-alive-config";
import {
  type ApiConstructor,
  type ApiType,
  CoreV1Api,
  type KubeConfig,
  KubernetesObjectApi,
  type User,
} from "@kubernetes/client-node";

/** The API server of one environment, for any user: rights of a tenant are only tested as the tenant. */
export class KubernetesClients {
  /** A cluster administrator's access. */
  readonly admin: KubeConfig;

  /** @param kubeconfig path of the administrator's kubeconfig */
  constructor(readonly kubeconfig: string) {
    this.admin = new KeepAliveConfig();
    this.admin.loadFromFile(kubeconfig);
  }

  /** A client of the administrator for one of the API's groups: `client(CoreV1Api)`. */
  client<T extends ApiType>(group: ApiConstructor<T>): T {
    return this.admin.makeApiClient(group);
  }

  /** A client of the administrator for objects of any kind. */
  objects(): KubernetesObjectApi {
    return KubernetesObjectApi.makeApiClient(this.admin);
  }

  /** Access by a user's name and nothing else: `alice`, `system:serviceaccount:payments:reconciler`. */
  impersonating(user: string): KubeConfig {
    return this.#withUser({ ...this.#adminUser(), name: user, impersonateUser: user });
  }

  /** Access by a service account's own token, valid for ten minutes, as its pods have it. */
  async serviceAccount(namespace: string, name: string): Promise<KubeConfig> {
    const { status } = await this.client(CoreV1Api).createNamespacedServiceAccountToken({
      namespace,
      name,
      body: { spec: { audiences: [], expirationSeconds: 600 } },
    });
    return this.#withUser({ name: `${namespace}:${name}`, token: status?.token ?? "" });
  }

  #adminUser() {
    const user = this.admin.getCurrentUser();
    if (user === null) throw new Error(`${this.kubeconfig} names no current user.`);
    return user;
  }

  #withUser(user: User): KubeConfig {
    const cluster = this.admin.getCurrentCluster();
    if (cluster === null) throw new Error(`${this.kubeconfig} names no current cluster.`);
    const config = new KeepAliveConfig();
    config.loadFromClusterAndUser(cluster, user);
    return config;
  }
}
