import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { COMMON_OBJECT_PREFIX } from "../../../config/names.js";
import { dockerConfig, type PullSecret, pullSecretsOf } from "../../../policies/pull-secrets.js";
import { fluxSecret } from "../../flux/flux-object.js";
import { type Metadata, mustGet, type TenantArgs } from "../registered-parts.js";

/** A namespace, and the content of the objects that the platform provides in it. */
export interface CommonObjectsArgs
  extends Pick<TenantArgs, "tenant" | "spec" | "secrets" | "commonSecrets" | "pullSecrets"> {
  /** Metadata of an object in the namespace. */
  readonly metadata: (name: string) => Metadata;
}

/**
 * Registers the objects that the platform provides for a tenant's workloads: pull Secrets, and the ConfigMaps and Secrets
 * that all tenants have. There is none unless the settings or the tenant file ask for it.
 * @param name name of the namespace's component
 * @param opts they include a dependency on the quota, which must have room for the objects
 */
export function commonObjects(
  name: string,
  args: CommonObjectsArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const { metadata, spec } = args;
  const { configMaps, secrets } = spec.common;
  return [
    ...Object.entries(configMaps).map(([object, data]) => {
      const content = { metadata: metadata(COMMON_OBJECT_PREFIX + object), data };
      return new k8s.core.v1.ConfigMap(`${name}.${object}-common-config`, content, opts);
    }),
    ...secrets.map((object) => {
      const values = args.commonSecrets.apply((all) => entryOf(all, object));
      return fluxSecret(`${name}.${object}-common-secret`, metadata(COMMON_OBJECT_PREFIX + object), values, opts);
    }),
    ...pullSecretsOf(args.tenant, spec.common).map((pullSecret) => {
      const values = {
        ".dockerconfigjson": passwordOf(pullSecret, args).apply((password) => dockerConfig(pullSecret, password)),
      };
      const child = `${name}.${pullSecret.name}-pull-secret`;
      return fluxSecret(child, metadata(pullSecret.objectName), values, opts, "kubernetes.io/dockerconfigjson");
    }),
  ];
}

/** The password of a pull Secret, from the tenant's secrets or from the stack's own. */
function passwordOf({ name, secret }: PullSecret, args: CommonObjectsArgs): pulumi.Output<string> {
  return secret === undefined
    ? args.pullSecrets.apply((all) => entryOf(entryOf(all, name), "password"))
    : args.secrets.apply((values) => entryOf(values, secret));
}

function entryOf<Value>(values: Readonly<Record<string, Value>>, name: string): Value {
  return mustGet(new Map(Object.entries(values)), name);
}
