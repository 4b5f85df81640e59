import { parse } from "yaml";
import { isPlainObject } from "../../../lib/data/merge.js";
import { fleetError } from "../../../lib/diagnostics/problem.js";
import { httpsRequest, type Transport } from "../../release/https.js";

/** The largest index that source-controller reads, in bytes. */
const maxBytes = 50 * 1024 * 1024;

/**
 * The digest that the index of a chart repository has for a version of a chart.
 * @param location host and path of the repository
 * @returns undefined for a version that the index does not have
 * @throws FleetError when the index cannot be fetched or read, or has no digest for the version
 * @see https://helm.sh/docs/topics/chart_repository/#the-index-file
 */
export async function indexDigest(
  location: string,
  { chart, version }: { readonly chart: string; readonly version: string },
  transport: Transport,
): Promise<string | undefined> {
  const address = `https://${location}/index.yaml`;
  const advice = "Check the network and the URL, and try again";
  const { status, statusLine, body } = await httpsRequest(address, { transport, maxBytes, advice });
  if (status !== 200) throw fleetError(address, "", `the chart repository answered ${statusLine}`, advice);
  const versions = entriesOf(address, body)[chart];
  const bare = (text: unknown) => String(text).replace(/^v/, "");
  const entry = (Array.isArray(versions) ? versions : []).find(
    (one: unknown) => isPlainObject(one) && bare(one.version) === bare(version),
  );
  if (entry === undefined) return undefined;
  const digest = `sha256:${String(entry.digest).replace(/^sha256:/, "")}`;
  if (/^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  const fix = "Ask the repository's owner for one, or use a chart of an OCI registry";
  throw fleetError(address, "", `has no digest of ${chart} ${version}`, fix);
}

function entriesOf(address: string, body: string): Readonly<Record<string, unknown>> {
  try {
    const index: unknown = parse(body, { logLevel: "silent" });
    if (isPlainObject(index) && isPlainObject(index.entries)) return index.entries;
  } catch (error) {
    if (!(error instanceof Error) || !error.name.startsWith("YAML")) throw error;
  }
  throw fleetError(address, "", "is no index of a chart repository", "Check the URL of the HelmRepository");
}
