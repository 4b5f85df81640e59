/**
 * Annotation of a HelmRelease whose chart a repository or a HelmRepository has: `VERSION@sha256:…`, which `fleet lock
 * charts` writes. Flux does not read it.
 */
export const CHART_DIGEST_ANNOTATION = "fleet.dev/chart-digest";

/** A digest as registries and Flux write it. */
export const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Version and digest of {@link CHART_DIGEST_ANNOTATION}; undefined for a text that is none. */
export function parseChartDigest(text: string): { readonly version: string; readonly digest: string } | undefined {
  const at = text.lastIndexOf("@");
  const [version, digest] = [text.slice(0, at), text.slice(at + 1)];
  return at > 0 && DIGEST.test(digest) ? { version, digest } : undefined;
}
