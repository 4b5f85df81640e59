import { posix } from "node:path";
import { valueAt } from "../../../config/files/location.js";
import { CHART_DIGEST_ANNOTATION, DIGEST, parseChartDigest } from "../../../config/platform/chart-lock.js";
import { type Files, withItems } from "../../../config/platform/kustomize-build.js";
import { type Manifest, type Place, readManifests } from "../../../config/platform/manifest-file.js";
import { isPlainObject } from "../../../lib/data/merge.js";
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
  /** Whether it is an object of a List. */
  readonly isItem: boolean;
}

/** The charts of `fleet/`. */
interface FleetCharts {
  readonly charts: readonly FleetChart[];
  /** Charts without a digest that no registry can be asked about: a range, a variable, or a source with credentials. */
  readonly problems: readonly Problem[];
  /** Charts of the same kinds that have a digest already: a person wrote it. */
  readonly notes: readonly Problem[];
}

/** A chart that no registry can be asked about. */
interface Refusal {
  readonly problem: Problem;
  /** Whether the digest that the file has will do. */
  readonly isLocked: boolean;
}

/**
 * The charts of `fleet/`, over all stacks. Templates of charts in `fleet/` are no manifests.
 * @throws FleetError for files that are no YAML
 */
export function fleetCharts(files: Files): FleetCharts {
  const read = Object.entries(files)
    .filter(([file]) => /\.ya?ml$/.test(file) && !isTemplate(files, file))
    .map(([file, text]) => readManifests(file, text, { lists: true }));
  const faults = read.flatMap(({ problems }) => problems);
  if (faults.length > 0) throw new FleetError(faults);
  const manifests = read.flatMap(({ manifests: all }) =>
    all.flatMap((one, document) => withItems(one).map((each) => ({ ...each, document, isItem: each !== one }))),
  );
  const found = manifests.flatMap((manifest) => {
    const isArtifact = kindOf(manifest) === "OCIRepository";
    return (isArtifact ? artifact(manifest, manifests) : repositoryChart(manifest, manifests)) ?? [];
  });
  const refusals = found.flatMap((one) => ("problem" in one ? [one] : []));
  return {
    charts: found.flatMap((one) => ("problem" in one ? [] : [one])),
    problems: refusals.flatMap(({ isLocked, problem }) => (isLocked ? [] : [problem])),
    notes: refusals.flatMap(({ isLocked, problem }) => (isLocked ? [problem] : [])),
  };
}

/** Whether a file is a template of a chart that a Git source has. */
function isTemplate(files: Files, file: string): boolean {
  const [chart] = /^.*?(?=\/templates\/)/.exec(file) ?? [];
  return chart !== undefined && Object.hasOwn(files, `${chart}/Chart.yaml`);
}

/** Fields of a source that make it another server's than the public one of its URL. */
const privateFields = ["secretRef", "certSecretRef", "proxySecretRef", "insecure", "provider"];

function kindOf({ data }: Manifest): string {
  return /^(?:source|helm)\.toolkit\.fluxcd\.io\//.test(String(data.apiVersion)) ? String(data.kind) : "";
}

function artifact(manifest: Numbered, all: readonly Numbered[]): FleetChart | Refusal | undefined {
  const [version, digest] = [["spec", "ref", "tag"], textIn(manifest, "spec", "ref", "digest")];
  const hasTag = valueAt(manifest.data, version) !== undefined;
  // A digest alone names nothing that a registry could move.
  if (digest !== "" && !hasTag) return undefined;
  const others = alike(manifest, all).filter((one) => one !== manifest && textIn(one, "spec", "url") !== "");
  // A patch in a file has no URL, and a version of an artifact of another file. One that sets the URL has no version.
  const isPatch = textIn(manifest, "spec", "url") === "";
  if (isPatch && (!hasTag || others.length === 0)) return undefined;
  const isNamedElsewhere = others.some((one) => valueAt(one.data, ["spec", "ref"]) !== undefined);
  if (!isPatch && valueAt(manifest.data, ["spec", "ref"]) === undefined && isNamedElsewhere) return undefined;
  const locked = digest === "" ? undefined : { digest };
  const source = isPatch ? nearest(manifest, others) : manifest;
  return chartOf({ manifest, source, version, locked, enforced: true });
}

function repositoryChart(manifest: Numbered, all: readonly Numbered[]): FleetChart | Refusal | undefined {
  const spec = kindOf(manifest) === "HelmRelease" ? ["spec", "chart", "spec"] : ["spec"];
  if (!["HelmRelease", "HelmChart"].includes(kindOf(manifest))) return undefined;
  const version = [...spec, "version"];
  const others = alike(manifest, all).filter((one) => one !== manifest);
  const hasVersion = valueAt(manifest.data, version) !== undefined;
  const isPatch = textIn(manifest, ...spec, "chart") === "";
  if (isPatch && !hasVersion) return undefined;
  const named = isPatch
    ? nearest(
        manifest,
        others.filter((one) => textIn(one, ...spec, "chart") !== ""),
      )
    : manifest;
  if (named === undefined) return undefined;
  const isVersionPatch = (one: Manifest) =>
    textIn(one, ...spec, "chart") === "" && valueAt(one.data, version) !== undefined;
  if (!hasVersion && others.some(isVersionPatch)) return undefined;
  if (textIn(named, ...spec, "sourceRef", "kind") !== "HelmRepository") return undefined;
  const name = textIn(named, ...spec, "sourceRef", "name");
  const namespace = textIn(named, ...spec, "sourceRef", "namespace") || textIn(named, "metadata", "namespace");
  const wanted = { kind: "HelmRepository", name, namespace };
  const sources = all.filter((one) => isObject(one, wanted) && textIn(one, "spec", "url") !== "");
  if (sources.length === 0) {
    const message = `names the HelmRepository ${name}, which fleet/ does not have`;
    return { problem: fault(manifest, version, message, "Add it to fleet/"), isLocked: false };
  }
  const locked = parseChartDigest(textIn(manifest, "metadata", "annotations", CHART_DIGEST_ANNOTATION));
  const chart = textIn(named, ...spec, "chart");
  return chartOf({ manifest, source: nearest(named, sources), version, locked, enforced: false, chart });
}

/** Manifests of the kind and the name of one, in its namespace as far as both name it. A patch often names none. */
function alike(manifest: Manifest, all: readonly Numbered[]): readonly Numbered[] {
  const [name, namespace] = ["name", "namespace"].map((field) => textIn(manifest, "metadata", field));
  return all.filter((one) => isObject(one, { kind: kindOf(manifest), name: name ?? "", namespace: namespace ?? "" }));
}

function isObject(
  manifest: Manifest,
  { kind, name, namespace }: { readonly kind: string; readonly name: string; readonly namespace: string },
): boolean {
  const own = textIn(manifest, "metadata", "namespace");
  if (kindOf(manifest) !== kind || textIn(manifest, "metadata", "name") !== name) return false;
  return own === "" || namespace === "" || own === namespace;
}

/**
 * The manifest whose file is nearest to that of another one. Of those that are equally near, one that has more than a URL,
 * which a patch may have alone. Undefined where they have different URLs.
 */
function nearest<Found extends Manifest>(manifest: Manifest, found: readonly Found[]): Found | undefined {
  const foldersOf = (one: Manifest) => posix.dirname(one.placeOf([]).file).split("/");
  const own = foldersOf(manifest);
  const shared = (one: Manifest) => {
    const folders = foldersOf(one);
    const different = own.findIndex((folder, index) => folder !== folders[index]);
    return different < 0 ? own.length : different;
  };
  const most = Math.max(...found.map(shared));
  const near = found.filter((one) => shared(one) === most);
  const full = near.filter(({ data }) => isPlainObject(data.spec) && Object.keys(data.spec).length > 1);
  const left = full.length > 0 ? full : near;
  const urls = new Set(left.map((one) => textIn(one, "spec", "url")));
  return urls.size === 1 ? left[0] : undefined;
}

interface ChartArgs extends Pick<FleetChart, "chart" | "locked" | "enforced"> {
  readonly manifest: Numbered;
  /** The object that has the URL. Undefined where several may. */
  readonly source: Manifest | undefined;
  /** Place of the version. */
  readonly version: readonly string[];
}

function chartOf(args: ChartArgs): FleetChart | Refusal {
  const { manifest, source, version: path, locked, enforced, chart } = args;
  const version = textIn(manifest, ...path);
  // A digest counts for the version that the file names beside it.
  const isLocked = locked !== undefined && DIGEST.test(locked.digest) && (locked.version ?? version) === version;
  if (source === undefined) {
    const message = "has sources of its name with different URLs in fleet/, none nearer than the others";
    return {
      problem: fault(manifest, path, message, "Name the namespace of each, or write the digest by hand"),
      isLocked,
    };
  }
  const parsed = parseUrl(textIn(source, ...urlPath));
  if ((parsed?.username ?? "") !== "" || (parsed?.password ?? "") !== "") {
    const fix = "Replace them at the registry, and keep the new ones in a Secret that spec.secretRef names";
    const message = "has credentials in its URL, which everybody who reads the file has";
    return { problem: fault(source, urlPath, message, fix), isLocked: false };
  }
  const problem = versionFault(args, version) ?? sourceFault(source) ?? listFault(args);
  if (problem !== undefined) return { problem, isLocked };
  if (parsed === undefined || !/^(?:oci|https):$/.test(parsed.protocol)) {
    const fix = "Use such a URL";
    return { problem: fault(source, urlPath, "is fetched neither by oci:// nor by https://", fix), isLocked };
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
    place: manifest.placeOf(path),
    document: manifest.document,
  };
}

const urlPath = ["spec", "url"];

/** The reason why a version names nothing that a registry could be asked about. */
function versionFault({ manifest, source, version: path }: ChartArgs, version: string): Problem | undefined {
  const exact = /^v?\d+\.\d+\.\d+(?:[-+_][0-9A-Za-z.+_-]+)?$/;
  if (`${source === undefined ? "" : textIn(source, ...urlPath)}${version}`.includes("$")) {
    return fault(manifest, path, "has a variable in its URL or version", "Write both out, or write the digest by hand");
  }
  if (exact.test(version)) return undefined;
  const message = version === "" ? `names no ${path.at(-1)}` : `follows ${JSON.stringify(version)}`;
  return fault(manifest, path, message, "Write one exact version, and run the command again");
}

function listFault({ manifest, version }: ChartArgs): Problem | undefined {
  if (!manifest.isItem) return undefined;
  const fix = "Give it a document of its own, or write the digest by hand";
  return fault(manifest, version, "is an object of a List, into which fleet lock writes nothing", fix);
}

/** The reason why the server of a source cannot be asked. */
function sourceFault(source: Manifest): Problem | undefined {
  const field = privateFields.find((name) => !["", "false", "generic"].includes(textIn(source, "spec", name)));
  if (field === undefined) return undefined;
  const message = `has spec.${field}: fleet lock asks registries without credentials, by TLS with public authorities`;
  const fix = "helm pull URL --version VERSION prints the digest where you are logged in. Write it by hand";
  return fault(source, ["spec", field], message, fix);
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
