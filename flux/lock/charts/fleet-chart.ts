import { valueAt } from "../../../config/files/location.js";
import { CHART_DIGEST_ANNOTATION, parseChartDigest } from "../../../config/platform/chart-lock.js";
import type { Files } from "../../../config/platform/kustomize-build.js";
import { type Manifest, type Place, readManifests } from "../../../config/platform/manifest-file.js";
import { FleetError, type Problem } from "../../../lib/diagnostics/problem.js";
import { parseUrl } from "../../../lib/network/parse-url.js";

/** A chart that a file of `fleet/` names by an exact version. */
export interface FleetChart {
  /** `OCIRepository cert-manager`. */
  readonly id: string;
  /** `oci` for an artifact of a registry, `https` for a repository of charts with an `index.yaml`. */
  readonly protocol: "oci" | "https";
  /** Host and path of the artifact, or of the repository; without credentials. */
  readonly location: string;
  /** Name of the chart in its repository. @default - the artifact is the chart */
  readonly chart?: string;
  /** Tag or version. */
  readonly version: string;
  /** The digest that the file has, with the version it was written for where the file says so. */
  readonly locked?: { readonly digest: string; readonly version?: string } | undefined;
  /** Whether Flux itself fetches by the digest. It cannot for charts of a HelmRepository. */
  readonly enforced: boolean;
  /** Place of the version. */
  readonly place: Place;
  /** Number of the document in its file. */
  readonly document: number;
}

/** A manifest with the number of its document. */
interface Numbered extends Manifest {
  readonly document: number;
}

/**
 * The charts of `fleet/`, over all stacks.
 * @returns `problems` for charts that no registry can be asked about: a range, a variable, or a source with credentials
 * @throws FleetError for files that are no YAML
 */
export function fleetCharts(files: Files): { readonly charts: readonly FleetChart[]; readonly problems: Problem[] } {
  const read = Object.entries(files)
    .filter(([file]) => /\.ya?ml$/.test(file))
    .map(([file, text]) => readManifests(file, text, { lists: true }));
  const faults = read.flatMap(({ problems }) => problems);
  if (faults.length > 0) throw new FleetError(faults);
  const manifests = read.flatMap(({ manifests: all }) => all.map((one, document) => ({ ...one, document })));
  const withUrl = manifests.filter((one) => textIn(one, "spec", "url") !== "");
  const sources = new Map(withUrl.map((one) => [sourceKey(kindOf(one), textIn(one, "metadata", "name")), one]));
  const problems: Problem[] = [];
  const charts = manifests.flatMap((manifest): FleetChart[] => {
    const found =
      kindOf(manifest) === "OCIRepository" ? artifact(manifest, sources) : repositoryChart(manifest, sources);
    if (found === undefined) return [];
    if ("location" in found) return [found];
    problems.push(found);
    return [];
  });
  return { charts, problems };
}

/** Fields of a source that make it another server's than the public one of its URL. */
const privateFields = ["secretRef", "certSecretRef", "proxySecretRef", "insecure"];

function kindOf({ data }: Manifest): string {
  return /^(?:source|helm)\.toolkit\.fluxcd\.io\//.test(String(data.apiVersion)) ? String(data.kind) : "";
}

function sourceKey(kind: string, name: string): string {
  return `${kind}/${name}`;
}

function artifact(manifest: Numbered, sources: ReadonlyMap<string, Manifest>): FleetChart | Problem | undefined {
  // A patch in a file has no URL, and a version of an artifact of another file.
  const isPatch = textIn(manifest, "spec", "url") === "";
  const source = isPatch ? sources.get(sourceKey("OCIRepository", textIn(manifest, "metadata", "name"))) : manifest;
  if (source === undefined || (isPatch && valueAt(manifest.data, ["spec", "ref", "tag"]) === undefined))
    return undefined;
  const digest = textIn(manifest, "spec", "ref", "digest");
  // A digest alone names nothing that a registry could move.
  if (digest !== "" && valueAt(manifest.data, ["spec", "ref", "tag"]) === undefined) return undefined;
  const locked = digest === "" ? undefined : { digest };
  const version = ["spec", "ref", "tag"];
  return chartOf({ manifest, source, version, locked, enforced: true });
}

function repositoryChart(manifest: Numbered, sources: ReadonlyMap<string, Manifest>): FleetChart | Problem | undefined {
  const spec = kindOf(manifest) === "HelmRelease" ? ["spec", "chart", "spec"] : ["spec"];
  const chart = textIn(manifest, ...spec, "chart");
  if (!["HelmRelease", "HelmChart"].includes(kindOf(manifest)) || chart === "") return undefined;
  if (textIn(manifest, ...spec, "sourceRef", "kind") !== "HelmRepository") return undefined;
  const name = textIn(manifest, ...spec, "sourceRef", "name");
  const source = sources.get(sourceKey("HelmRepository", name));
  const version = [...spec, "version"];
  if (source === undefined) {
    return fault(manifest, version, `names the HelmRepository ${name}, which fleet/ does not have`, "Add it to fleet/");
  }
  const locked = parseChartDigest(textIn(manifest, "metadata", "annotations", CHART_DIGEST_ANNOTATION));
  return chartOf({ manifest, source, version, locked, enforced: false, chart });
}

interface ChartArgs extends Pick<FleetChart, "chart" | "locked" | "enforced"> {
  readonly manifest: Numbered;
  /** The object that has the URL. */
  readonly source: Manifest;
  /** Place of the version. */
  readonly version: readonly string[];
}

function chartOf({ manifest, source, version: path, locked, enforced, chart }: ChartArgs): FleetChart | Problem {
  const version = textIn(manifest, ...path);
  const [url, place] = [textIn(source, "spec", "url"), manifest.placeOf(path)];
  const exact = /^v?\d+\.\d+\.\d+(?:[-+_][0-9A-Za-z.+_-]+)?$/;
  if (`${url}${version}`.includes("$")) {
    return fault(manifest, path, "has a variable in its URL or version", "Write both out, or lock the chart by hand");
  }
  if (!exact.test(version)) {
    const message = version === "" ? `names no ${path.at(-1)}` : `follows ${JSON.stringify(version)}`;
    return fault(manifest, path, message, "Write one exact version, and run the command again");
  }
  const parsed = parseUrl(url);
  if (parsed === undefined || !/^(?:oci|https):$/.test(parsed.protocol)) {
    return fault(source, ["spec", "url"], "is fetched neither by oci:// nor by https://", "Use such a URL");
  }
  if (parsed.username !== "" || parsed.password !== "") {
    const fix = "Replace them at the registry, and keep the new ones in a Secret that spec.secretRef names";
    return fault(source, ["spec", "url"], "has credentials in its URL, which everybody who reads the file has", fix);
  }
  const field = privateFields.find((name) => (valueAt(source.data, ["spec", name]) ?? false) !== false);
  if (field !== undefined) {
    const message = `has spec.${field}: fleet lock asks registries without credentials, by TLS with public authorities`;
    const fix = "helm pull URL --version VERSION prints the digest where you are logged in. Write it by hand";
    return fault(source, ["spec", field], message, fix);
  }
  const location = `${parsed.host}${parsed.pathname}`.replace(/\/+$/, "");
  const protocol = parsed.protocol === "oci:" ? "oci" : "https";
  return {
    id: idOf(manifest),
    protocol,
    // A HelmRepository of a registry holds its charts below its path.
    location: protocol === "oci" && chart !== undefined ? `${location}/${chart}` : location,
    ...(chart === undefined ? {} : { chart }),
    version,
    locked,
    enforced,
    place,
    document: manifest.document,
  };
}

function idOf(manifest: Manifest): string {
  return `${String(manifest.data.kind)} ${textIn(manifest, "metadata", "name")}`;
}

function fault(manifest: Manifest, path: readonly string[], message: string, fix: string): Problem {
  return { ...manifest.placeOf(path), message: `${idOf(manifest)} ${message}`, fix };
}

function textIn({ data }: Manifest, ...path: readonly string[]): string {
  const value = valueAt(data, path);
  return typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
}
