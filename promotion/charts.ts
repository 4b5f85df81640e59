import { valueAt } from "../config/files/location.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import { platformManifests } from "../config/platform/checks.js";
import { clusterVariables } from "../config/stack/cluster-variables.js";
import type { PlainObject } from "../lib/data/merge.js";

/** The chart of one object of Flux, with the place of its version. */
export interface Chart {
  /** Kind, namespace and name of the object: `HelmRelease platform/ingress-nginx`. */
  readonly name: string;
  /** Name and version of the chart: `ingress-nginx 4.11.3`. */
  readonly value: string;
  /** Kind of the object. */
  readonly kind: string;
  /** Name of the object. */
  readonly object: string;
  /** Place of the version in the object. Undefined when Flux takes the newest. */
  readonly versionPath: readonly string[] | undefined;
  readonly file: string;
  readonly line?: number | undefined;
  readonly path: string;
}

/** Where each kind has its chart, and the places of its version; the first that is set counts. */
const chartKinds: Readonly<Record<string, { chart: readonly string[]; versions: readonly (readonly string[])[] }>> = {
  HelmRelease: { chart: ["spec", "chart", "spec", "chart"], versions: [["spec", "chart", "spec", "version"]] },
  HelmChart: { chart: ["spec", "chart"], versions: [["spec", "version"]] },
  OCIRepository: {
    chart: ["spec", "url"],
    versions: [
      ["spec", "ref", "digest"],
      ["spec", "ref", "tag"],
      ["spec", "ref", "semver"],
    ],
  },
};

/**
 * The charts of `fleet/` that the cluster of a stack starts from, sorted. The files of the checkout count: a platform
 * repository begins with them, and may have others later.
 * @param files files of `fleet/` by path
 */
export function findCharts(files: Readonly<Record<string, string>>, spec: FleetSpec): readonly Chart[] {
  const { stack, stacks, platform } = spec;
  const variables = clusterVariables(spec, platform.variables);
  const found = platformManifests({ files, stack, stacks, variables }).flatMap(({ data, placeOf }): Chart[] => {
    const kind = String(data.kind);
    const places = Object.hasOwn(chartKinds, kind) ? chartKinds[kind] : undefined;
    if (places === undefined || !/\.toolkit\.fluxcd\.io\//.test(String(data.apiVersion))) return [];
    const chart = valueAt(data, places.chart);
    if (typeof chart !== "string") return [];
    const version = places.versions.find((place) => valueAt(data, place) !== undefined);
    // Without a version, Flux takes the newest.
    const value = `${chart} ${version === undefined ? "*" : String(valueAt(data, version))}`;
    const object = String(valueAt(data, ["metadata", "name"]));
    const place = placeOf(version ?? places.chart);
    return [{ name: nameOf(kind, object, data), value, kind, object, versionPath: version, ...place }];
  });
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function nameOf(kind: string, object: string, data: PlainObject): string {
  const namespace = valueAt(data, ["metadata", "namespace"]);
  return `${kind} ${namespace === undefined ? "" : `${String(namespace)}/`}${object}`;
}
