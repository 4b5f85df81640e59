import { celList, type NamedExpression, type Validation } from "./policy.js";

/**
 * References as container runtimes accept them: host, path, tag, digest, each of these in its own letters. Whatever is
 * not one is refused where registries are compared, so nobody has to think about what some runtime makes of it.
 * @see https://github.com/distribution/reference/blob/v0.6.0/regexp.go
 */
const referencePattern = [
  "^([a-zA-Z0-9]+([.-][a-zA-Z0-9-]*[a-zA-Z0-9])*(:[0-9]+)?/)?",
  "[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*",
  "(:[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127})?(@sha256:[a-f0-9]{64})?$",
].join("");

/**
 * CEL that turns a list of references, as `variables.images`, into `variables.full`: as the runtime reads them, with
 * their host in front and in lower case. `nginx` is docker.io/library/nginx, `acme/app` is docker.io/acme/app; what
 * comes before the first slash is a host if it has a dot, a colon or a capital, or is localhost.
 * @see https://github.com/distribution/reference/blob/v0.6.0/normalize.go
 */
export const normalizedImages: readonly NamedExpression[] = [
  {
    name: "hosted",
    expression:
      "variables.images.map(image, image.contains('/') && (image.split('/')[0] == 'localhost' || image.split('/')[0].matches('[.:A-Z]')) ? image : 'docker.io/' + image)",
  },
  {
    name: "lowered",
    expression: "variables.hosted.map(image, image.split('/')[0].lowerAscii() + image.substring(image.indexOf('/')))",
  },
  {
    name: "renamed",
    expression:
      "variables.lowered.map(image, image.startsWith('index.docker.io/') ? image.replace('index.docker.io/', 'docker.io/', 1) : image)",
  },
  {
    name: "full",
    expression:
      "variables.renamed.map(image, image.startsWith('docker.io/') && image.split('/').size() == 2 ? image.replace('docker.io/', 'docker.io/library/', 1) : image)",
  },
];

/**
 * What an allowed image begins with, of the registries that a stack allows.
 *
 * A registry ends where its path begins, so that neither `ghcr.io.example.com/x` nor another port passes as `ghcr.io`.
 * A path ends at a slash, a tag or a digest, so that `ghcr.io/acme-evil/x` does not pass as `ghcr.io/acme`.
 * @param registries hosts, or hosts with a path: `ghcr.io`, `ghcr.io/acme`, `docker.io/library`
 */
export function registryPrefixes(registries: readonly string[]): string[] {
  const prefixes = registries.flatMap((registry) => {
    const slash = registry.indexOf("/");
    const host = (slash < 0 ? registry : registry.slice(0, slash)).toLowerCase();
    const full = `${host === "index.docker.io" ? "docker.io" : host}${slash < 0 ? "" : registry.slice(slash)}`;
    return slash < 0 ? [`${full}/`] : [`${full}/`, `${full}:`, `${full}@`];
  });
  return [...new Set(prefixes)].sort();
}

/**
 * Demands that every image of `variables.images` is from an allowed registry, by {@link normalizedImages}.
 * @param registries see {@link registryPrefixes}. None means any: then there is nothing to demand
 * @param fields what the images are written in, for the message
 */
export function fromAllowedRegistries(registries: readonly string[], fields: string): Validation[] {
  if (registries.length === 0) return [];
  const prefixes = celList(registryPrefixes(registries));
  return [
    {
      // A name without tag and digest is a whole path: the colon ends it, as a tag would.
      expression: `variables.images.all(image, image.matches('${referencePattern}')) && variables.full.all(image, ${prefixes}.exists(prefix, (image + ':').startsWith(prefix)))`,
      message: `images must be from an allowed registry: ${[...registries].sort().join(", ")}; write ${fields} in full, like HOST/PATH:TAG, or ask the platform team for another (fleet:allowedImageRegistries)`,
    },
  ];
}
