import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { knownHosts } from "../../lib/github/known-hosts.js";
import type { DeployKey } from "../github/deploy-key.js";
import { base64, opaqueSecretArgs } from "../kubernetes/opaque-secret.js";

/** The repository that a GitRepository fetches by SSH, and its key. */
export interface GitSecretArgs {
  readonly metadata: k8s.types.input.meta.v1.ObjectMeta;
  readonly key: DeployKey;
  readonly cloneUrl: pulumi.Input<string>;
  /** Public host keys of the Git server, as GitHub's API lists them. */
  readonly hostKeys: pulumi.Input<readonly string[]>;
}

/**
 * The arguments of the Secret that a GitRepository needs for SSH.
 * @see https://fluxcd.io/flux/components/source/gitrepositories/#ssh-authentication
 */
export function gitSecretArgs({ metadata, key, cloneUrl, hostKeys }: GitSecretArgs): k8s.core.v1.SecretArgs {
  return opaqueSecretArgs(metadata, {
    identity: key.privateKey.apply(base64),
    "identity.pub": key.publicKey.apply(base64),
    known_hosts: pulumi.all([cloneUrl, hostKeys]).apply(([url, keys]) => base64(knownHosts(url, keys))),
  });
}
