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
 * What asks a registry for an image's tags, always by TLS except on loopback: `insecure` is never set.
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
 * What chooses the newest of those tags that the range allows.
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

/** What a commit says, in Go's template language: each change on a line. */
const message = `Update images

{{ range .Changed.Changes -}}
{{ .OldValue }} -> {{ .NewValue }}
{{ end -}}
`;

/**
 * What writes the chosen tags into the manifests on the default branch, and pushes the result to a branch.
 *
 * Where it starts from and where it pushes to are both written out, because what Flux takes by default is the branch
 * that the source follows, for both.
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
