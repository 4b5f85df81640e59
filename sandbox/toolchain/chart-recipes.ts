import type { RecipeBase } from "./recipes.js";

/** A Helm chart, packaged from the sources in a Go module in the way of its own release. */
export interface ChartRecipe extends RecipeBase {
  readonly kind: "chart";
  /** Module that holds the chart. */
  readonly source: string;
  /** Folder of the chart inside that module. */
  readonly folder: string;
  /** URL under which upstream publishes the chart: an OCI repository, or a chart repository (HTTPS). */
  readonly published: string;
  /** Version and appVersion that upstream's release sets. @default those in its Chart.yaml */
  readonly release?: { readonly version: string; readonly appVersion: string };
  /** Patterns of files that upstream's release leaves out, in the form of .helmignore. @default those of its .helmignore */
  readonly ignore?: readonly string[];
  /** Values of the variables in `NAME.tmpl.yaml`, from which the release makes `NAME.yaml`. @default no such file */
  readonly variables?: Readonly<Record<string, string>>;
  /** File inside the module with the CRDs, from which the release makes the folder templates/crds. @default none */
  readonly crdBundle?: string;
}

/** Folder of the finished toolchain that holds the packaged charts. */
export const chartsFolder = "charts";

/** The charts that the sandbox serves under the names of their registries. */
export const chartRecipes: readonly ChartRecipe[] = [
  chart("cert-manager", "v1.21.2", "github.com/cert-manager/cert-manager", (version) => ({
    folder: "deploy/charts/cert-manager",
    published: "oci://quay.io/jetstack/charts/cert-manager",
    release: { version, appVersion: version },
    ignore: ["signkey_annotation.txt", "values.linter.exceptions", ".gitignore"],
  })),
  chart("flagger", "v1.36.1", "github.com/fluxcd/flagger", () => ({
    folder: "charts/flagger",
    published: "oci://ghcr.io/fluxcd/charts/flagger",
  })),
  // The chart has releases of its own.
  chart("metrics-server", "v0.9.0", "sigs.k8s.io/metrics-server", () => ({
    folder: "charts/metrics-server",
    published: "https://kubernetes-sigs.github.io/metrics-server/",
  })),
  chart("gateway-helm", "v1.9.1", "github.com/envoyproxy/gateway", (version) => ({
    folder: "charts/gateway-helm",
    published: "oci://docker.io/envoyproxy/gateway-helm",
    release: { version, appVersion: version },
    variables: { GatewayImage: `docker.io/envoyproxy/gateway:${version}`, GatewayImagePullPolicy: "IfNotPresent" },
  })),
  // The chart in a release of the program has the version of the chart's last release.
  chart("external-secrets", "v1.3.2", "github.com/external-secrets/external-secrets", () => ({
    folder: "deploy/charts/external-secrets",
    published: "oci://ghcr.io/external-secrets/charts/external-secrets",
    crdBundle: "deploy/crds/bundle.yaml",
  })),
];

/** The version of a project's release from which its chart comes. @throws Error when there is no such chart */
export function chartVersion(name: string): string {
  const recipe = chartRecipes.find((candidate) => candidate.name === `chart-${name}`);
  if (recipe === undefined) throw new Error(`chart-recipes.ts has no chart ${name}`);
  return recipe.version;
}

function chart(
  name: string,
  version: string,
  source: string,
  fieldsOf: (
    version: string,
  ) => Pick<ChartRecipe, "folder" | "published" | "release" | "ignore" | "variables" | "crdBundle">,
): ChartRecipe {
  return {
    kind: "chart",
    name: `chart-${name}`,
    version,
    module: "charts",
    source,
    output: `${chartsFolder}/${name}.tgz`,
    coldSeconds: 2,
    ...fieldsOf(version),
  };
}
