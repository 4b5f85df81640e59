import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { gitWriteSecretName } from "../../../config/tenant/parts.js";
import type { TenantSpec } from "../../../config/tenant/schema.js";
import { gitSecretArgs } from "../../flux/git-secret.js";
import { gitSource } from "../../flux/git-source.js";
import { DeployKey } from "../../github/deploy-key.js";
import { labelsOf, primaryNamespace, primaryRepository, type RegisteredParts } from "../registered-parts.js";
import { imagePolicy, imageRepository, imageUpdateAutomation } from "./objects.js";

type Automation = NonNullable<TenantSpec["imageAutomation"]>;

/** A tenant, and the settings of its image automation. */
export interface ImageAutomationArgs {
  readonly parts: RegisteredParts;
  readonly automation: Automation;
}

/** Metadata of the automation and its source. */
interface Metadata {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Scans image registries for new versions, and pushes them as commits to a branch of the tenant's primary repository.
 *
 * It has its own deploy key and GitRepository, so that the key of the tenant's sync stays read-only. The automation and
 * its source have the name of the component.
 */
export class ImageAutomation extends pulumi.ComponentResource {
  constructor(name: string, args: ImageAutomationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:ImageAutomation", name, {}, opts);
    const { parts, automation } = args;
    const { dependencies, namespace } = primaryNamespace(parts);
    const metadata = { name, namespace, labels: labelsOf(parts) };

    const key = this.#registerKey(name, parts);
    const source = this.#registerSource(metadata, args, key);
    const policies = this.#registerPolicies(metadata, automation, dependencies);
    new k8s.apiextensions.CustomResource(
      `${name}-automation`,
      imageUpdateAutomation(metadata, automation, parts.tenant.repositories[0].defaultBranch),
      { parent: this, dependsOn: [source, ...policies] },
    );

    this.registerOutputs({ keyFingerprint: key.fingerprint });
  }

  #registerKey(name: string, parts: RegisteredParts): DeployKey {
    const { repositoryName, dependencies } = primaryRepository(parts);
    return new DeployKey(
      `${name}-key`,
      { repository: repositoryName, cluster: parts.spec.cluster, writable: true },
      { parent: this, dependsOn: [...dependencies] },
    );
  }

  #registerSource(metadata: Metadata, { parts, automation }: ImageAutomationArgs, key: DeployKey): pulumi.Resource {
    const { cloneUrl } = primaryRepository(parts);
    const secret = new k8s.core.v1.Secret(
      `${metadata.name}-git`,
      gitSecretArgs({ metadata: { ...metadata, name: gitWriteSecretName }, key, cloneUrl, hostKeys: parts.hostKeys }),
      { parent: this },
    );
    return new k8s.apiextensions.CustomResource(
      `${metadata.name}-source`,
      gitSource({
        ...metadata,
        url: cloneUrl,
        ref: { branch: parts.tenant.repositories[0].defaultBranch },
        interval: automation.interval,
        // The automation clones by itself, so source-controller does not need a key that can push.
        suspend: true,
        secretName: gitWriteSecretName,
      }),
      { parent: this, dependsOn: [secret, key] },
    );
  }

  #registerPolicies(metadata: Metadata, { images }: Automation, dependencies: readonly pulumi.Resource[]) {
    return Object.entries(images).map(([image, settings]) => {
      const child = `${metadata.name}.${image}`;
      const own = { ...metadata, name: image };
      const scan = new k8s.apiextensions.CustomResource(`${child}-scan`, imageRepository(own, settings), {
        parent: this,
        dependsOn: [...dependencies],
      });
      return new k8s.apiextensions.CustomResource(`${child}-policy`, imagePolicy(own, settings), {
        parent: this,
        dependsOn: [scan],
      });
    });
  }
}
