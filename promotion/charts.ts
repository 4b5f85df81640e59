import { valueAt } from "../config/files/location.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import { platformManifests } from "../config/platform/platform-manifests.js";
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
  /** Place of the version in the object. Undefined when Flux takes the newest, a variable decides, or a List has it. */
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
  const charts: Chart[] = [];
  for (const { data, placeOf, values } of platformManifests({ files, stack, stacks, variables })) {
    const one = readChart(data, values);
    if (one === undefined) continue;
    const { chart, version, place, ...rest } = one;
    // A patch comes after its target. One of the version alone may leave out the namespace, too.
    const target = charts.findIndex(({ name, kind, object }) => {
      return name === rest.name || (chart === undefined && kind === rest.kind && object === rest.object);
    });
    const former = charts[target];
    if (chart === undefined && former === undefined) continue;
    const value = `${chart ?? former?.value.replace(/ [^ ]*$/, "")} ${version}`;
    // An edit finds no object of a List.
    const isItem = placeOf([]).path !== "";
    const versionPath = isItem ? undefined : rest.versionPath;
    const found = { ...rest, versionPath, name: former?.name ?? rest.name, value, ...placeOf(place) };
    charts.splice(target < 0 ? charts.length : target, 1, found);
  }
  return charts.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The chart of a manifest, or the version to which a patch sets it. Undefined for anything else. */
function readChart(data: PlainObject, values: Readonly<Record<string, string>>) {
  const kind = String(data.kind);
  const places = Object.hasOwn(chartKinds, kind) ? chartKinds[kind] : undefined;
  if (places === undefined || !/\.toolkit\.fluxcd\.io\//.test(String(data.apiVersion))) return undefined;
  const versionPlace = places.versions.find((place) => valueAt(data, place) !== undefined);
  const [chart, written] = [places.chart, versionPlace ?? []].map((place) => valueAt(data, place));
  if (typeof chart !== "string" && versionPlace === undefined) return undefined;
  // Without a version, Flux takes the newest.
  const version = versionPlace === undefined ? "*" : String(written);
  const object = String(valueAt(data, ["metadata", "name"]));
  return {
    kind,
    object,
    name: nameOf(kind, object, data),
    chart: typeof chart === "string" ? substituted(chart, values) : undefined,
    version: substituted(version, values),
    versionPath: version.includes("$") ? undefined : versionPlace,
    place: versionPlace ?? places.chart,
  };
}

/** A text with the values of variables, also with their defaults. Other expressions stay as they are written. */
function substituted(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{(\w+)(?::?=([^${}]*)|:-([^${}]*))?\}/g, (written, name: string, ...defaults) => {
    return Object.hasOwn(values, name) ? String(values[name]) : String(defaults[0] ?? defaults[1] ?? written);
  });
}

function nameOf(kind: string, object: string, data: PlainObject): string {
  const namespace = valueAt(data, ["metadata", "namespace"]);
  return `${kind} ${namespace === undefined ? "" : `${String(namespace)}/`}${object}`;
}
