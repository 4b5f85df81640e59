import * as pulumi from "@pulumi/pulumi";
import { gitWriteSecretName } from "../../../config/tenant/parts.js";
import type { TenantSpec } from "../../../config/tenant/schema.js";
import { fluxObject, gitSecret, gitSource } from "../../flux/flux-object.js";
import { withKeyDate } from "../../flux/key-date.js";
import { DeployKey } from "../../github/deploy-key.js";
import { type GitCredential, resourcesBehind, secretNameOf } from "../../github/git-credential.js";
import { frozenContent } from "../freeze.js";
import {
  inNamespace,
  metadataOf,
  namespaceOf,
  type RegisteredParts,
  repositoryOf,
  shardedMetadataOf,
} from "../registered-parts.js";
import { tokenOf } from "../repository/tenant-repository.js";

type Automation = NonNullable<TenantSpec["imageAutomation"]>;
type Image = Automation["images"][string];

/** A tenant, and the settings of its image automation. */
export interface ImageAutomationArgs {
  readonly parts: RegisteredParts;
  readonly automation: Automation;
}

/**
 * Scans image registries for new versions, and pushes them as commits to a branch of the tenant's primary repository.
 * It has its own deploy key, or token, and GitRepository, so that the credential of the tenant's sync stays read-only. The automation and
 * its source have the name of the component. It pushes nothing while the tenant's primary sync is frozen.
 */
export class ImageAutomation extends pulumi.ComponentResource {
  constructor(name: string, args: ImageAutomationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:ImageAutomation", name, {}, opts);
    const { parts, automation } = args;
    const { repositoryName: repository, dependencies } = repositoryOf(parts).repository;

    const { spec: fleet, state } = parts;
    const repositoryName = parts.tenant.repositories[0].name;
    const keyArgs = { repository, repositoryName, cluster: fleet.cluster, state, writable: true };
    const afterRepository = { parent: this, dependsOn: [...dependencies] };
    const credential = tokenOf(parts, "write") ?? new DeployKey(`${name}-key`, keyArgs, afterRepository);
    const source = this.#registerSource(name, args, credential);
    const policies = Object.entries(automation.images).map((image) => this.#registerPolicy(name, parts, image));
    const spec = automationSpec(name, automation, parts.tenant.repositories[0].defaultBranch);
    const content = frozenContent({ metadata: metadataOf(parts, name), spec }, parts.tenant.syncs[0].freeze);
    const dependsOn = [source, ...policies];
    fluxObject(`${name}-automation`, "ImageUpdateAutomation", content, { parent: this, dependsOn });

    this.registerOutputs();
  }

  #registerSource(
    name: string,
    { parts, automation }: ImageAutomationArgs,
    credential: GitCredential,
  ): pulumi.Resource {
    const { cloneUrl } = repositoryOf(parts).repository;
    const secretName = secretNameOf(gitWriteSecretName, credential);
    const secretArgs = { metadata: metadataOf(parts, secretName), credential, cloneUrl, hostKeys: parts.hostKeys };
    const secret = gitSecret(`${name}-git`, secretArgs, inNamespace(parts, this));
    const metadata = shardedMetadataOf(parts, name);
    const key = { source: `${metadata.namespace}/${name}`, credential, keyDates: parts.keyDates };
    const source = {
      metadata: withKeyDate(metadata, key),
      url: cloneUrl,
      ref: { branch: parts.tenant.repositories[0].defaultBranch },
      interval: automation.interval,
      // The automation clones by itself, so source-controller does not need a credential that can push.
      suspend: true,
      secretName,
    };
    return gitSource(`${name}-source`, source, { parent: this, dependsOn: [secret, ...resourcesBehind(credential)] });
  }

  /**
   * Registers the scan of an image's tags, and the policy that selects the newest tag in the range. The scan always
   * uses TLS, because `insecure` is never set.
   * @see https://fluxcd.io/flux/components/image/imagerepositories/
   * @see https://fluxcd.io/flux/components/image/imagepolicies/
   */
  #registerPolicy(name: string, parts: RegisteredParts, [imageName, settings]: [string, Image]): pulumi.Resource {
    const { image, interval, secret, range, filterTags } = settings;
    const child = `${name}.${imageName}`;
    const metadata = metadataOf(parts, imageName);
    const secretRef = secret === undefined ? {} : { secretRef: { name: secret } };
    const scanned = { image, interval, timeout: "60s", provider: "generic", ...secretRef };
    const afterNamespace = { parent: this, dependsOn: [...namespaceOf(parts).dependencies] };
    const scan = fluxObject(`${child}-scan`, "ImageRepository", { metadata, spec: scanned }, afterNamespace);
    const selected = { imageRepositoryRef: { name: imageName }, policy: { semver: { range } } };
    const spec = { ...selected, ...(filterTags && { filterTags }) };
    return fluxObject(`${child}-policy`, "ImagePolicy", { metadata, spec }, { parent: this, dependsOn: [scan] });
  }
}

const messageTemplate = `Update images

{{ range .Changed.Changes -}}
{{ .OldValue }} -> {{ .NewValue }}
{{ end -}}
`;

/**
 * The spec of the ImageUpdateAutomation that writes the selected tags into the manifests of the default branch, and
 * pushes the result to another branch. Both are explicit, because Flux's default for both is the branch of the source.
 * @see https://fluxcd.io/flux/components/image/imageupdateautomations/
 */
function automationSpec(source: string, { interval, author, branch, path }: Automation, defaultBranch: string) {
  return {
    interval,
    sourceRef: { kind: "GitRepository", name: source },
    git: {
      checkout: { ref: { branch: defaultBranch } },
      commit: { author, messageTemplate },
      push: { branch },
    },
    update: { strategy: "Setters", path },
  };
}
