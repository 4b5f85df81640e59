import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { knownHosts } from "../../lib/github/known-hosts.js";
import type { DeployKey } from "../github/deploy-key.js";

/**
 * What a GitRepository's `secretRef` must hold to fetch by SSH.
 * @see https://fluxcd.io/flux/components/source/gitrepositories/#ssh-authentication
 */
export function gitSecretArgs(args: {
  readonly metadata: k8s.types.input.meta.v1.ObjectMeta;
  readonly key: DeployKey;
  readonly cloneUrl: pulumi.Input<string>;
  readonly hostKeys: pulumi.Input<readonly string[]>;
}): k8s.core.v1.SecretArgs {
  return {
    metadata: args.metadata,
    type: "Opaque",
    // `data`, not `stringData`: the API server never returns the latter, so a change made by hand would go unseen.
    data: {
      identity: args.key.privateKey.apply(base64),
      "identity.pub": args.key.publicKey.apply(base64),
      known_hosts: pulumi.all([args.cloneUrl, args.hostKeys]).apply(([url, keys]) => base64(knownHosts(url, keys))),
    },
  };
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
