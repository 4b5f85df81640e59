import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { gitWriteSecretName } from "../../../config/tenant/parts.js";
import type { TenantSpec } from "../../../config/tenant/schema.js";
import { gitSecretArgs } from "../../flux/git-secret.js";
import { gitSource } from "../../flux/git-source.js";
import { DeployKey } from "../../github/deploy-key.js";
import type { TenantRepository } from "../repository/tenant-repository.js";
import { imagePolicy, imageRepository, imageUpdateAutomation } from "./objects.js";

/** Which images are looked for, and where their new versions are pushed. */
export interface ImageAutomationArgs {
  /** What the tenant's file says of it. */
  readonly spec: NonNullable<TenantSpec["imageAutomation"]>;
  /** Branch that updates start from. */
  readonly defaultBranch: string;
  /** Repository that says which images run, and takes the commits. */
  readonly repository: TenantRepository;
  /** Namespace of the automation, known once it exists. */
  readonly namespace: pulumi.Input<string>;
  /** Cluster that will push; the key's title says so. */
  readonly cluster: string;
  /** Public host keys of the Git server. */
  readonly hostKeys: pulumi.Input<readonly string[]>;
  /** Labels of everything that it registers. */
  readonly labels: Readonly<Record<string, string>>;
  /** What must hold before anything of the tenant's runs. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/**
 * What looks for new versions of a tenant's images and pushes them, as commits, to a branch of its repository.
 *
 * It has a key and a source of its own, so that the tenant's sync goes on with a key that only reads. The name of the
 * component is also that of the automation and its source on the cluster.
 */
export class ImageAutomation extends pulumi.ComponentResource {
  constructor(name: string, args: ImageAutomationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:ImageAutomation", name, {}, opts);
    const { spec, namespace, labels, repository } = args;

    const key = new DeployKey(
      `${name}-key`,
      { repository: repository.repositoryName, cluster: args.cluster, writable: true },
      { parent: this, dependsOn: [...repository.dependencies] },
    );
    const secret = new k8s.core.v1.Secret(
      `${name}-git`,
      gitSecretArgs({
        metadata: { name: gitWriteSecretName, namespace, labels },
        key,
        cloneUrl: repository.cloneUrl,
        hostKeys: args.hostKeys,
      }),
      { parent: this },
    );
    const source = new k8s.apiextensions.CustomResource(
      `${name}-source`,
      gitSource({
        name,
        namespace,
        labels,
        url: repository.cloneUrl,
        ref: { branch: args.defaultBranch },
        interval: spec.interval,
        // The automation clones by itself; source-controller has no need of a key that can push.
        suspend: true,
        secretName: gitWriteSecretName,
      }),
      { parent: this, dependsOn: [secret, key] },
    );

    const policies = Object.entries(spec.images).map(([image, wanted]) => {
      const metadata = { name: image, namespace, labels };
      const scan = new k8s.apiextensions.CustomResource(`${name}.${image}-scan`, imageRepository(metadata, wanted), {
        parent: this,
        dependsOn: [...args.dependsOn],
      });
      return new k8s.apiextensions.CustomResource(`${name}.${image}-policy`, imagePolicy(metadata, wanted), {
        parent: this,
        dependsOn: [scan],
      });
    });
    new k8s.apiextensions.CustomResource(
      `${name}-automation`,
      imageUpdateAutomation({ name, namespace, labels }, spec, args.defaultBranch),
      { parent: this, dependsOn: [source, ...policies] },
    );

    this.registerOutputs({ keyFingerprint: key.fingerprint });
  }
}
