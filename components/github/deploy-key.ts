import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

/** Whose key it is, for what, and whether it may push. */
export interface DeployKeyArgs {
  /** Repository that the key opens, without its owner. */
  readonly repository: pulumi.Input<string>;
  /** Cluster that will use the key; the key's title on GitHub says so. */
  readonly cluster: string;
  /** Whether the key may push, which only image updates need; the title says so too. @default false */
  readonly writable?: boolean;
}

/**
 * A key of one cluster for one repository: generated here, its private half never leaves the stack's encrypted state
 * and the cluster's Secret.
 *
 * ED25519, because it is short and every Git server of today takes it. Read-only: to sync, Flux only fetches, and a
 * stolen key that can push would own the cluster. Where images are updated, a second key can push and is used for
 * nothing else. What it pushes is a branch that nobody follows, and the default branch demands pull requests, unless a
 * tenant's file says that updates go there.
 */
export class DeployKey extends pulumi.ComponentResource {
  /** Private half in OpenSSH's format; a secret. */
  readonly privateKey: pulumi.Output<string>;
  /** Public half, one line as in `authorized_keys`. */
  readonly publicKey: pulumi.Output<string>;
  /** `SHA256:…`, as GitHub's settings page and `ssh-keygen -l` show it. */
  readonly fingerprint: pulumi.Output<string>;

  constructor(name: string, args: DeployKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:git:DeployKey", name, {}, opts);
    const { repository, cluster, writable = false } = args;

    const pair = new tls.PrivateKey(
      `${name}-pair`,
      { algorithm: "ED25519" },
      { parent: this, additionalSecretOutputs: ["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"] },
    );
    this.privateKey = pulumi.secret(pair.privateKeyOpenssh);
    this.publicKey = pair.publicKeyOpenssh.apply((key) => key.trim());
    this.fingerprint = pair.publicKeyFingerprintSha256;

    new github.RepositoryDeployKey(
      `${name}-registration`,
      { repository, title: deployKeyTitle(cluster, writable), key: this.publicKey, readOnly: !writable },
      // The new key is registered before the old one goes, so that a rotation has no moment without a key.
      { parent: this, deleteBeforeReplace: false },
    );

    this.registerOutputs({ publicKey: this.publicKey, fingerprint: this.fingerprint });
  }
}

/** The key's title on GitHub: a repository has one for each cluster that reads it, and for each that updates images. */
export function deployKeyTitle(cluster: string, writable: boolean): string {
  return `fleet/${cluster} (${writable ? "image updates" : "read-only"})`;
}
