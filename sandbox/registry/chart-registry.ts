import { stringify } from "yaml";
import { digestOf, type PublishedChart } from "./published-charts.js";

/** An answer of a registry. */
export interface RegistryAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
  /** Digest of an OCI manifest or blob. @default none */
  readonly digest?: string;
}

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const configType = "application/vnd.cncf.helm.config.v1+json";
const layerType = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

/** Names under which clients ask for Docker Hub. */
const hubHosts = ["index.docker.io", "registry-1.docker.io"];

/** The registries that have charts: OCI registries and chart repositories, each with its upstream name. Read-only. */
export class ChartRegistry {
  readonly #charts: readonly PublishedChart[];

  constructor(charts: readonly PublishedChart[]) {
    this.#charts = charts;
  }

  /** The hosts of the registries. */
  get hosts(): readonly string[] {
    return [...new Set(this.#charts.flatMap((chart) => hostsOf(chart)))].sort();
  }

  /**
   * The answer to a GET or HEAD request.
   * @param host without a port
   * @param path without a query
   */
  answer(host: string, path: string): RegistryAnswer {
    const charts = this.#charts.filter((chart) => hostsOf(chart).includes(host));
    if (path === "/v2/" || path === "/v2") return json(200, {});
    return path.startsWith("/v2/")
      ? ociAnswer(charts, path.slice("/v2/".length))
      : repositoryAnswer(charts, path.slice(1));
  }
}

function hostsOf({ protocol, host }: PublishedChart): readonly string[] {
  return protocol === "oci" && host === "docker.io" ? hubHosts : [host];
}

/** @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pull */
function ociAnswer(charts: readonly PublishedChart[], path: string): RegistryAnswer {
  const [, name = "", kind, reference = ""] = /^(.+)\/(manifests|blobs|tags)\/([^/]+)$/.exec(path) ?? [];
  const found = charts.filter((chart) => chart.protocol === "oci" && chart.path === name);
  if (found.length === 0) return ociFault("NAME_UNKNOWN", `The sandbox has no artifact ${name || path}.`);
  if (kind === "tags") return json(200, { name, tags: found.map(tagOf) });
  for (const chart of found) {
    const artifact = ociArtifact(chart);
    const { manifest, config, layer } = artifact;
    if (kind === "manifests" && [tagOf(chart), digestOf(manifest)].includes(reference))
      return blob(manifestType, manifest);
    const wanted = [config, layer].find((content) => kind === "blobs" && digestOf(content) === reference);
    if (wanted !== undefined) return blob("application/octet-stream", wanted);
  }
  const known = found.map((chart) => `${tagOf(chart)} (${digestOf(ociArtifact(chart).manifest)})`).join(", ");
  const code = kind === "blobs" ? "BLOB_UNKNOWN" : "MANIFEST_UNKNOWN";
  const own =
    kind === "manifests" && reference.startsWith("sha256:")
      ? " It packages charts itself, so upstream's digests are unknown here: docs/infrastructure.md, Digests."
      : "";
  return ociFault(code, `The sandbox has ${known} of ${name}, and no ${reference}.${own}`);
}

/** A tag has no `+`, so Helm writes `_` in its place. */
function tagOf({ metadata }: PublishedChart): string {
  return metadata.version.replaceAll("+", "_");
}

/**
 * The artifact that `helm push` makes of a chart.
 * @see https://helm.sh/docs/topics/registries/#oci-feature-deprecation-and-behavior-changes-with-v380
 */
function ociArtifact({ metadata, archive }: PublishedChart) {
  const config = Buffer.from(JSON.stringify(metadata));
  const descriptor = (mediaType: string, content: Buffer) => ({
    mediaType,
    digest: digestOf(content),
    size: content.length,
  });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: descriptor(configType, config),
      layers: [descriptor(layerType, archive)],
      annotations: {
        "org.opencontainers.image.title": metadata.name,
        "org.opencontainers.image.version": metadata.version,
      },
    }),
  );
  return { manifest, config, layer: archive };
}

/** @see https://helm.sh/docs/topics/chart_repository/ */
function repositoryAnswer(charts: readonly PublishedChart[], path: string): RegistryAnswer {
  const slash = path.lastIndexOf("/") + 1;
  const [folder, file] = [path.slice(0, slash).replace(/\/$/, ""), path.slice(slash)];
  const found = charts.filter((chart) => chart.protocol === "https" && chart.path === folder);
  if (found.length > 0 && file === "index.yaml") return index(found);
  const chart = found.find((candidate) => fileOf(candidate) === file);
  if (chart !== undefined) return { status: 200, type: "application/gzip", body: chart.archive };
  return { status: 404, type: "text/plain", body: Buffer.from(`The sandbox has no /${path}.\n`) };
}

function fileOf({ metadata }: PublishedChart): string {
  return `${metadata.name}-${metadata.version}.tgz`;
}

function index(charts: readonly PublishedChart[]): RegistryAnswer {
  const entries = charts.map((chart) => {
    const digest = digestOf(chart.archive).replace("sha256:", "");
    return [chart.metadata.name, [{ ...chart.metadata, digest, urls: [fileOf(chart)] }]];
  });
  const text = stringify({ apiVersion: "v1", entries: Object.fromEntries(entries) });
  return { status: 200, type: "text/yaml", body: Buffer.from(text) };
}

function blob(type: string, body: Buffer): RegistryAnswer {
  return { status: 200, type, body, digest: digestOf(body) };
}

function json(status: number, content: unknown): RegistryAnswer {
  return { status, type: "application/json", body: Buffer.from(JSON.stringify(content)) };
}

function ociFault(code: string, message: string): RegistryAnswer {
  return json(404, { errors: [{ code, message }] });
}
