import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { messageOf } from "../../lib/diagnostics/message-of.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { httpsRequest, network } from "./https.js";
import { LOCK_FILE, type LockEntry } from "./lock.js";
import { manifestDigest } from "./manifest-digest.js";

/** The manifest of a Flux version: its locations, and its lock entry. */
export interface ManifestArgs {
  /** Flux version: `v2.9.2`. */
  readonly version: string;
  readonly entry: LockEntry;
  /** Directory that is searched first for `VERSION/install.yaml`. @default - only the entry's source */
  readonly directory?: string | undefined;
  /** Fetches the entry's source. @default the runtime's own fetch */
  readonly fetch?: typeof globalThis.fetch;
  /** The timeout of that fetch, in milliseconds. @default 30000 */
  readonly timeoutMs?: number;
}

/** The largest accepted manifest, in bytes: more than any release (0.35 MB), and little enough for the memory. */
export const maxManifestBytes = 10 * 1024 * 1024;

/**
 * The objects of a Flux release, verified against the lock.
 * @throws FleetError when the manifest cannot be fetched or read, or is not the locked one
 */
export async function loadManifest(args: ManifestArgs): Promise<readonly KubernetesObject[]> {
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
  const documents = parseAllDocuments(text, { uniqueKeys: true, logLevel: "silent" });
  const list = Array.isArray(documents) ? documents : [];
  return list.flatMap((document, index) => {
    const position = `document ${index + 1}`;
    const [broken] = document.errors;
    if (broken) throw failure(source, position, `is not YAML: ${broken.message}`, restore);
    const content: unknown = document.toJS();
    // A separator at the start or the end creates an empty document, which is valid.
    if (content === null || content === undefined) return [];
    const parsed = objectSchema.safeParse(content);
    if (!parsed.success) {
      const where = parsed.error.issues.map((issue) => `${issue.path.join(".") || "it"}: ${issue.message}`).join("; ");
      throw failure(source, position, `is not a Kubernetes object: ${where}`, restore);
    }
    return [parsed.data];
  });
}

/**
 * Refuses objects that are not exactly the locked ones.
 * @throws FleetError naming the expected and the actual digest, and the source
 */
export function verifyManifest(
  objects: readonly KubernetesObject[],
  entry: LockEntry,
  { version, source }: { readonly version: string; readonly source: string },
): void {
  const found = manifestDigest(objects);
  if (found === entry.digest && objects.length === entry.objects) return;
  const names = objects.map(objectName);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  throw failure(
    source,
    "",
    [
      `is not the manifest of Flux ${version} that ${LOCK_FILE} pins: expected ${entry.objects} objects with the digest ${entry.digest}, found ${objects.length} with ${found}`,
      ...(twice.length > 0 ? [`(more than once: ${[...new Set(twice)].join(", ")})`] : []),
    ].join(" "),
    `Nothing was applied. Use the released file of ${version}; if that is what this is, find out who changed it and when, and only then run npx fleet lock ${version}`,
  );
}

const restore = "Use the file as it was released";

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

interface Found {
  readonly text: string;
  readonly source: string;
}

async function fromDirectory({ directory, version }: ManifestArgs): Promise<Found | undefined> {
  if (!directory) return undefined;
  const source = join(directory, version, "install.yaml");
  try {
    return { text: await readFile(source, "utf8"), source };
  } catch (error) {
    // A directory without this version is valid, because the release has it.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    const words = messageOf(error);
    throw failure(source, "", `cannot be read: ${words}`, "Check FLEET_MANIFESTS and the file's permissions");
  }
}

async function fromSource({ version, entry, fetch, timeoutMs }: ManifestArgs): Promise<Found> {
  const { source } = entry;
  const advice = `Check the network, or put the file at VERSION/install.yaml (${version}) in a directory and name that in FLEET_MANIFESTS`;
  const transport = { fetch: fetch ?? network.fetch, timeoutMs: timeoutMs ?? network.timeoutMs };
  const { status, statusLine, host, body } = await httpsRequest(source, {
    transport,
    advice,
    maxBytes: maxManifestBytes,
  });
  if (status !== 200) throw failure(source, "", `cannot be fetched: ${host} answered ${statusLine}`, advice);
  return { text: body, source };
}

function failure(file: string, path: string, message: string, fix: string): FleetError {
  return new FleetError([{ file, path, message, fix }]);
}
