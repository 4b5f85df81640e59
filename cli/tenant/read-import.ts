import { z } from "zod";
import { gitHubHost, readGitHubOwner } from "../../config/stack/environment.js";
import { readStackFile } from "../../config/stack/stack-file.js";
import { FleetError } from "../../lib/diagnostics/problem.js";
import type { GitHubPlace } from "../../operate/retrofit/files/github-repository.js";
import { type NotExpressed, observeTenants } from "../../operate/retrofit/files/observed-tenants.js";
import { type ImportedTenant, importTenant } from "../../operate/retrofit/files/tenant-files.js";
import { readAuditedCluster } from "../audit/read-cluster.js";
import type { ApiClient, ClusterLimits } from "../cluster/api-client.js";
import { connectNamed } from "../cluster/connect-named.js";
import { readList } from "../cluster/read-list.js";
import { CouldNotLookError } from "../exit-code.js";

/** The arguments of {@link readImport}. */
export interface ReadImportArgs {
  readonly root: string;
  readonly stack: string;
  readonly context: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly limits: ClusterLimits;
}

/** The tenants of a cluster, with their files. */
export interface ReadImport {
  readonly tenants: readonly ImportedTenant[];
  readonly notExpressed: readonly NotExpressed[];
  /** Why the look is incomplete. */
  readonly problems: readonly string[];
}

/**
 * Reads a cluster by one list for each kind, and writes the texts of its tenants' files.
 * @throws FleetError without an organisation, and CouldNotLookError of the kubeconfig or the cluster
 */
export async function readImport(args: ReadImportArgs): Promise<ReadImport> {
  const place = gitHubPlace(args);
  const client = await connectNamed(args);
  try {
    return await look(client, { place, stack: args.stack });
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const message = `an object has a form that this version does not know: ${error.issues[0]?.path.join(".") ?? ""}`;
    throw new CouldNotLookError([{ file: args.context, path: "", message }], error);
  } finally {
    client.end();
  }
}

/** The organisation whose repositories tenants may have. */
function gitHubPlace({ root, stack, environment }: ReadImportArgs): GitHubPlace {
  const { config, file } = readStackFile(root, stack);
  const { owner, problems } = readGitHubOwner({ environment, configured: config.githubOwner, stackFile: file });
  if (owner === undefined || problems.length > 0) throw new FleetError(problems);
  return { owner, host: gitHubHost(environment) };
}

async function look(
  client: ApiClient,
  { place, stack }: { readonly place: GitHubPlace; readonly stack: string },
): Promise<ReadImport> {
  const [{ cluster: audited, problems }, quotas] = await Promise.all([
    readAuditedCluster(client),
    readList(client, { group: "core", version: "v1", kind: "ResourceQuota" }),
  ]);
  // A part of a cluster would give tenants without limits or viewers.
  const unread = [...problems, ...("problem" in quotas ? [quotas.problem] : [])];
  if (unread.length > 0 || "problem" in quotas) return { tenants: [], notExpressed: [], problems: unread };
  const { tenants, notExpressed } = observeTenants(audited, place);
  const cluster = { audited, quotas: quotas.items };
  return { tenants: tenants.map((one) => importTenant(one, cluster, stack)), notExpressed, problems: [] };
}
