import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { sameName } from "../../lib/github/existing.js";
import type { StateIndex } from "../../lib/state/stack-state.js";

/** The repository and the cluster of a deploy key, and whether it may push. */
export interface DeployKeyArgs {
  /** Repository that the key opens, without its owner. */
  readonly repository: pulumi.Input<string>;
  /** The same as plain text. */
  readonly repositoryName: string;
  /** Cluster that uses the key. */
  readonly cluster: string;
  /** The deploy keys in the state. */
  readonly state: Pick<StateIndex, "keys">;
  /** Whether the key may push, which only image updates need. @default false */
  readonly writable?: boolean;
}

/**
 * A deploy key of one cluster for one repository. The private key exists only in the stack's encrypted state and in a
 * Secret of the cluster. Its type is supported by every current Git server. It is read-only, because a stolen key
 * that can push would control the cluster. Image updates use a second key, which may push.
 */
export class DeployKey extends pulumi.ComponentResource {
  /** Private half in OpenSSH's format; a secret. */
  readonly privateKey: pulumi.Output<string>;
  /** Public half, one line as in `authorized_keys`. */
  readonly publicKey: pulumi.Output<string>;
  /** Fingerprint as on GitHub's settings page and from `ssh-keygen -l`: `SHA256:…`. */
  readonly fingerprint: pulumi.Output<string>;

  constructor(name: string, args: DeployKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:git:DeployKey", name, {}, opts);
    const { repository, repositoryName, cluster, state, writable = false } = args;

    const additionalSecretOutputs = ["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"];
    const pairOptions = { parent: this, additionalSecretOutputs };
    const pair = new tls.PrivateKey(`${name}-pair`, { algorithm: "ED25519" }, pairOptions);
    this.privateKey = pulumi.secret(pair.privateKeyOpenssh);
    this.publicKey = pair.publicKeyOpenssh.apply((key) => key.trim());
    this.fingerprint = pair.publicKeyFingerprintSha256;

    // The title differs for each cluster, and for a key that may push.
    const title = `fleet/${cluster} (${writable ? "image updates" : "read-only"})`;
    const registration = { repository, title, key: this.publicKey, readOnly: !writable };
    // A new key is registered before the old one is removed, so that a rotation needs no downtime. The same key under
    // another title, or after a renaming of the repository, is removed first: GitHub refuses it a second time.
    const own = `${name}-registration`;
    const isRotation = state.keys.some(
      (key) => key.resource === own && key.title === title && sameName(key.repository, repositoryName),
    );
    new github.RepositoryDeployKey(own, registration, { parent: this, deleteBeforeReplace: !isRotation });

    this.registerOutputs();
  }
}
