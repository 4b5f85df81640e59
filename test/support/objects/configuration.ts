import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { type Fields, type Metadata, object } from "./object.js";

type Texts = Readonly<Record<string, string>>;

/** A ConfigMap. */
export function configMap(metadata: Metadata, data?: Texts): KubernetesObject {
  return object("ConfigMap", metadata, data === undefined ? {} : { data });
}

/** A Secret. */
export function secret(metadata: Metadata, stringData: Texts, fields: Fields = {}): KubernetesObject {
  return object("Secret", metadata, { stringData, ...fields });
}

/** A ServiceAccount. */
export function serviceAccount(metadata: Metadata, fields: Fields = {}): KubernetesObject {
  return object("ServiceAccount", metadata, fields);
}

/** A Secret that Kubernetes fills with a token of a service account, which does not expire. */
export function accountToken(metadata: Metadata, account: string): KubernetesObject {
  const annotations = { "kubernetes.io/service-account.name": account };
  return object("Secret", { ...metadata, annotations }, { type: "kubernetes.io/service-account-token" });
}

/** The ConfigMap by which a test sees that a tenant's sync still works: each with a value of its own. */
export function signOfLife(value: string): KubernetesObject {
  return configMap({ name: "sign-of-life" }, { value });
}
