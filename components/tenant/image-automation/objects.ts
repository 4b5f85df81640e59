import type * as pulumi from "@pulumi/pulumi";
import type { TenantSpec } from "../../../config/tenant/schema.js";

type Automation = NonNullable<TenantSpec["imageAutomation"]>;
type Image = Automation["images"][string];

/** Metadata of an object in the tenant's namespace. */
interface Metadata {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly labels: Readonly<Record<string, string>>;
}

const apiVersion = "image.toolkit.fluxcd.io/v1";

/**
 * The ImageRepository that scans the tags of an image. It always uses TLS, because `insecure` is never set.
 * @see https://fluxcd.io/flux/components/image/imagerepositories/
 */
export function imageRepository(metadata: Metadata, { image, interval, secret }: Image) {
  return {
    apiVersion,
    kind: "ImageRepository",
    metadata,
    spec: {
      image,
      interval,
      timeout: "60s",
      provider: "generic",
      ...(secret === undefined ? {} : { secretRef: { name: secret } }),
    },
  };
}

/**
 * The ImagePolicy that selects the newest tag in the range.
 * @see https://fluxcd.io/flux/components/image/imagepolicies/
 */
export function imagePolicy(metadata: Metadata, { range, filterTags }: Image) {
  return {
    apiVersion,
    kind: "ImagePolicy",
    metadata,
    spec: {
      imageRepositoryRef: { name: metadata.name },
      policy: { semver: { range } },
      ...(filterTags === undefined ? {} : { filterTags: { ...filterTags } }),
    },
  };
}

/** Template of the commit message: one line for each change. */
const message = `Update images

{{ range .Changed.Changes -}}
{{ .OldValue }} -> {{ .NewValue }}
{{ end -}}
`;

/**
 * The ImageUpdateAutomation that writes the selected tags into the manifests of the default branch, and pushes the
 * result to another branch.
 *
 * Both branches are explicit, because Flux's default for both is the branch of the source.
 * @see https://fluxcd.io/flux/components/image/imageupdateautomations/
 */
export function imageUpdateAutomation(metadata: Metadata, spec: Automation, defaultBranch: string) {
  return {
    apiVersion,
    kind: "ImageUpdateAutomation",
    metadata,
    spec: {
      interval: spec.interval,
      sourceRef: { kind: "GitRepository", name: metadata.name },
      git: {
        checkout: { ref: { branch: defaultBranch } },
        commit: { author: { ...spec.author }, messageTemplate: message },
        push: { branch: spec.branch },
      },
      update: { strategy: "Setters", path: spec.path },
    },
  };
}
