import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CORE_SCHEMA, loadAll, YAMLException } from "js-yaml";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { type FleetError, fleetError, messageOf } from "../../lib/diagnostics/problem.js";
import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { httpsRequest, network, type Transport } from "./https.js";
import { LOCK_FILE, type LockEntry } from "./lock.js";
import { manifestDigest } from "./manifest-digest.js";
import type { Manifest } from "./typed-kind.js";

/** The manifest of a Flux version: its locations, its lock entry, and the network unless it is the runtime's. */
export interface ManifestArgs extends Partial<Transport> {
  /** Flux version: `v2.9.2`. */
  readonly version: string;
  readonly entry: LockEntry;
  /** Directory that is searched first for `VERSION/install.yaml`. @default - only the entry's source */
  readonly directory?: string | undefined;
}

/** The largest accepted manifest, in bytes: more than any release (0.35 MB), and little enough for the memory. */
export const maxManifestBytes = 10 * 1024 * 1024;

const objectSchema = z.looseObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  metadata: z.looseObject({
    name: z.string().min(1),
    namespace: z.string().min(1).exactOptional(),
    labels: z.record(z.string(), z.string()).exactOptional(),
    annotations: z.record(z.string(), z.string()).exactOptional(),
  }),
});

/**
 * The objects of a Flux release, verified against the lock.
 * @throws FleetError when the manifest cannot be fetched or read, or is not the locked one
 */
export async function loadManifest(args: ManifestArgs): Promise<Manifest> {
  const { text, source } = (await fromDirectory(args)) ?? (await fromSource(args));
  const objects = parseManifest(text, source);
  verifyManifest(objects, args.entry, { version: args.version, source });
  return objects;
}

/**
 * The Kubernetes objects of a YAML stream.
 * @param source name of the stream in messages: a path or a URL
 * @throws FleetError naming the first document that is not YAML or not a Kubernetes object
 */
export function parseManifest(text: string, source: string): KubernetesObject[] {
  const failure = (document: number) => (message: string) =>
    fleetError(source, `document ${document + 1}`, message, "Use the file as it was released");
  const documents = parsedFast(text) ?? parsedExactly(text, failure);
  return documents.flatMap((content, index) => {
    // A separator at the start or the end creates an empty document, which is valid.
    if (content === null || content === undefined) return [];
    const parsed = objectSchema.safeParse(content);
    if (parsed.success) return [parsed.data];
    const where = parsed.error.issues.map((issue) => `${issue.path.join(".") || "it"}: ${issue.message}`).join("; ");
    throw failure(index)(`is not a Kubernetes object: ${where}`);
  });
}

/**
 * The documents of a stream by the faster parser, which needs a fifth of the other's time for a release.
 * @returns undefined for a stream with faults or aliases, which are the other parser's to report and to limit
 */
function parsedFast(text: string): unknown[] | undefined {
  try {
    const documents = loadAll(text, null, { schema: CORE_SCHEMA });
    return hasRepeatedNodes(documents) ? undefined : documents;
  } catch (error) {
    if (error instanceof YAMLException) return undefined;
    throw error;
  }
}

/** Whether a list or an object is in there twice: each alias in YAML is the same node again. */
function hasRepeatedNodes(root: unknown): boolean {
  const known = new Set<object>();
  const isRepeated = (node: unknown): boolean => {
    if (typeof node !== "object" || node === null) return false;
    if (known.has(node)) return true;
    known.add(node);
    return Object.values(node).some(isRepeated);
  };
  return isRepeated(root);
}

function parsedExactly(text: string, failure: (document: number) => (message: string) => FleetError): unknown[] {
  const documents = parseAllDocuments(text, { uniqueKeys: true, logLevel: "silent" });
  return [...documents].map((document, index) => {
    const [broken] = document.errors;
    if (broken) throw failure(index)(`is not YAML: ${broken.message}`);
    return document.toJS() as unknown;
  });
}

/** The names of objects that are there more than once. */
export function repeatedObjects(objects: Manifest): string[] {
  const names = objects.map(objectName);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** Refuses objects that are not exactly the locked ones. @throws FleetError naming both digests and the source */
export function verifyManifest(
  objects: Manifest,
  entry: LockEntry,
  { version, source }: { readonly version: string; readonly source: string },
): void {
  const found = manifestDigest(objects);
  if (found === entry.digest && objects.length === entry.objects) return;
  const repeated = repeatedObjects(objects).join(", ");
  const message = `is not the manifest of Flux ${version} that ${LOCK_FILE} pins: expected ${entry.objects} objects with the digest ${entry.digest}, found ${objects.length} with ${found}`;
  const fix = `Nothing was applied. Use the released file of ${version}; if this is that file, find out who changed it and when, and only then run npx fleet lock ${version}`;
  throw fleetError(source, "", repeated === "" ? message : `${message} (more than once: ${repeated})`, fix);
}

async function fromDirectory({ directory, version }: ManifestArgs) {
  if (!directory) return undefined;
  const source = join(directory, version, "install.yaml");
  try {
    return { text: await readFile(source, "utf8"), source };
  } catch (error) {
    // A directory without this version is valid, because the release has it.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    const fix = "Check FLEET_MANIFESTS and the file's permissions";
    throw fleetError(source, "", `cannot be read: ${messageOf(error)}`, fix);
  }
}

async function fromSource({ version, entry: { source }, fetch = network.fetch, ...args }: ManifestArgs) {
  const { timeoutMs = network.timeoutMs } = args;
  const advice = `Check the network, or put the file at VERSION/install.yaml (${version}) in a directory and name that in FLEET_MANIFESTS`;
  const request = { transport: { fetch, timeoutMs }, advice, maxBytes: maxManifestBytes };
  const { status, statusLine, host, body } = await httpsRequest(source, request);
  if (status === 200) return { text: body, source };
  throw fleetError(source, "", `cannot be fetched: ${host} answered ${statusLine}`, advice);
}
