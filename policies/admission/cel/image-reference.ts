import { cel, celList } from "./cel.js";
import type { Expressions, Validation } from "./policy.js";

/**
 * The grammar of image references that container runtimes accept: host, path, tag and digest. Where registries are
 * compared, every other reference is refused, so that no runtime's leniency matters.
 * @see https://github.com/distribution/reference/blob/v0.6.0/regexp.go
 */
const referencePattern = [
  "^([a-zA-Z0-9]+([.-][a-zA-Z0-9-]*[a-zA-Z0-9])*(:[0-9]+)?/)?",
  "[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*",
  "(:[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127})?(@sha256:[a-f0-9]{64})?$",
].join("");

/**
 * Variables that normalize `variables.images` as runtimes do into `variables.full`: with their host, in lower case.
 * `nginx` becomes docker.io/library/nginx, and `acme/app` docker.io/acme/app. The part before the first slash is a host
 * if it has a dot, a colon or a capital letter, or is localhost.
 * @see https://github.com/distribution/reference/blob/v0.6.0/normalize.go
 */
export const normalizedImages: Expressions = {
  hosted: cel`
    variables.images.map(
      image,
      image.contains('/') && (image.split('/')[0] == 'localhost' || image.split('/')[0].matches('[.:A-Z]'))
      ? image
      : 'docker.io/' + image
    )
  `,
  lowered: "variables.hosted.map(image, image.split('/')[0].lowerAscii() + image.substring(image.indexOf('/')))",
  renamed: cel`
    variables.lowered.map(
      image,
      image.startsWith('index.docker.io/') ? image.replace('index.docker.io/', 'docker.io/', 1) : image
    )
  `,
  full: cel`
    variables.renamed.map(
      image,
      image.startsWith('docker.io/') && image.split('/').size() == 2
      ? image.replace('docker.io/', 'docker.io/library/', 1)
      : image
    )
  `,
};

/**
 * The prefixes of normalized images that allowed registries permit: hosts, or hosts with a path (`ghcr.io/acme`). A
 * registry ends where its path begins, so that neither `ghcr.io.example.com/x` nor another port passes as `ghcr.io`. A
 * path ends at a slash, a tag or a digest, so that `ghcr.io/acme-evil/x` does not pass as `ghcr.io/acme`.
 */
export function registryPrefixes(registries: readonly string[]): string[] {
  const prefixes = registries.flatMap((registry) => {
    const [host = "", ...path] = registry.split("/");
    const full = [host.toLowerCase().replace(/^index\.docker\.io$/, "docker.io"), ...path].join("/");
    return path.length === 0 ? [`${full}/`] : [`${full}/`, `${full}:`, `${full}@`];
  });
  return [...new Set(prefixes)].sort();
}

/**
 * Checks that every image of `variables.images` is from an allowed registry; needs {@link normalizedImages}. Without
 * registries, any is allowed. The message names the `fields` that hold the images.
 */
export function fromAllowedRegistries(registries: readonly string[], fields: string): Validation[] {
  if (registries.length === 0) return [];
  return [
    {
      // A reference without tag and digest is all path: the appended colon ends it as a tag would.
      expression: cel`
        variables.images.all(image, image.matches('${referencePattern}'))
        && variables.full.all(
          image,
          ${celList(registryPrefixes(registries))}.exists(prefix, (image + ':').startsWith(prefix))
        )
      `,
      message: `images must be from an allowed registry: ${[...registries].sort().join(", ")}; write ${fields} in full, like HOST/PATH:TAG, or ask the platform team for another (fleet:allowedImageRegistries)`,
    },
  ];
}
