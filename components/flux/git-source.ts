import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { TenantSpec } from "../../config/tenant/schema.js";
import { knownHosts } from "../../lib/github/known-hosts.js";
import type { DeployKey } from "../github/deploy-key.js";
import { fluxObject, fluxSecret } from "./flux-object.js";

/** The repository that a GitRepository fetches by SSH, and its key. */
export interface GitSecretArgs {
  readonly metadata: k8s.types.input.meta.v1.ObjectMeta;
  readonly key: DeployKey;
  readonly cloneUrl: pulumi.Input<string>;
  /** Public host keys of the Git server, as GitHub's API lists them. */
  readonly hostKeys: pulumi.Input<readonly string[]>;
}

/**
 * Registers the Secret that a GitRepository needs for SSH.
 * @see https://fluxcd.io/flux/components/source/gitrepositories/#ssh-authentication
 */
export function gitSecret(
  name: string,
  { metadata, key, cloneUrl, hostKeys }: GitSecretArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const values = {
    identity: key.privateKey,
    "identity.pub": key.publicKey,
    known_hosts: pulumi.all([cloneUrl, hostKeys]).apply(([url, keys]) => knownHosts(url, keys)),
  };
  return fluxSecret(name, metadata, values, opts);
}

/** A Git reference, its deploy key, and how often Flux fetches it. */
export interface GitSourceArgs {
  readonly metadata: k8s.types.input.meta.v1.ObjectMeta;
  /** `ssh://` URL. */
  readonly url: pulumi.Input<string>;
  readonly ref: TenantSpec["syncs"][number]["ref"];
  /** Time between two fetches, a Go duration: `"1m"`. */
  readonly interval: string;
  /** Whether Flux stops fetching. @default false */
  readonly suspend?: boolean;
  /** Secret with the deploy key, in the same namespace. */
  readonly secretName: string;
}

/**
 * Registers the GitRepository that fetches one reference with a deploy key.
 * @see https://fluxcd.io/flux/components/source/gitrepositories/
 */
export function gitSource(
  name: string,
  { metadata, url, ref, interval, suspend = false, secretName }: GitSourceArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const spec = { url, ref, interval, timeout: "60s", suspend, secretRef: { name: secretName } };
  return fluxObject(name, "GitRepository", { metadata, spec }, opts);
}
