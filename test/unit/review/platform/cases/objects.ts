import { clusterRoot } from "../../../../support/unit/built-platform.js";

/** The file of the cluster's folder. */
export const clusterFile = `${clusterRoot}/sync.yaml`;
/** A file of the infrastructure. */
export const infrastructureFile = "fleet/infrastructure/staging/parts.yaml";

/** A Kustomization of Flux, as YAML: lines 1 to 4, and from line 5 on the fields of its spec. */
export function sync(name: string, ...spec: readonly string[]): string {
  return object("kustomize.toolkit.fluxcd.io/v1", "Kustomization", `{name: ${name}, namespace: flux-system}`, spec);
}

/** A HelmRelease in the namespace `platform`, as YAML of the same form. */
export function release(name: string, ...spec: readonly string[]): string {
  return object("helm.toolkit.fluxcd.io/v2", "HelmRelease", `{name: ${name}, namespace: platform}`, spec);
}

/** A source in the namespace `platform`, as YAML of the same form. */
export function source(kind: string, ...spec: readonly string[]): string {
  return object("source.toolkit.fluxcd.io/v1", kind, "{name: charts, namespace: platform}", spec);
}

/** A Deployment with one container, whose image stands on line 8. */
export function deployment(image: string): string {
  const spec = ["template:", "  spec:", "    containers:", `      - {name: main, image: '${image}'}`];
  return object("apps/v1", "Deployment", "{name: proxy, namespace: platform}", spec);
}

function object(apiVersion: string, kind: string, metadata: string, spec: readonly string[]): string {
  const lines = spec.map((line) => `  ${line}`);
  return [`apiVersion: ${apiVersion}`, `kind: ${kind}`, `metadata: ${metadata}`, "spec:", ...lines, ""].join("\n");
}
