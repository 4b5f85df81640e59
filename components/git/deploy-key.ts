import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

export interface DeployKeyArgs {
  /** Repository that the key opens, without its owner. */
  readonly repository: pulumi.Input<string>;
  /** Cluster that will use the key; the key's title on GitHub says so. */
  readonly cluster: string;
}

/**
 * The key with which one cluster reads one repository: generated here, its private half never leaves the
 * stack's encrypted state and the cluster's Secret.
 *
 * ED25519, because it is short and every Git server of today takes it. Read-only: Flux only fetches, and a stolen
 * key that can push would own the cluster.
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
      { repository: args.repository, title: deployKeyTitle(args.cluster), key: this.publicKey, readOnly: true },
      // The new key is registered before the old one goes, so that a rotation has no moment without a key.
      { parent: this, deleteBeforeReplace: false },
    );

    this.registerOutputs({ publicKey: this.publicKey, fingerprint: this.fingerprint });
  }
}

/** The key's title on GitHub: a repository has one key for each cluster that reads it. */
export function deployKeyTitle(cluster: string): string {
  return `fleet/${cluster} (read-only)`;
}
