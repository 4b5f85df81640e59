import { createHash } from "node:crypto";
import { durationMilliseconds } from "../../lib/kubernetes/duration.js";
import type { TenantSpec } from "./schema.js";

type Namespace = TenantSpec["namespaces"][number];
type Repository = TenantSpec["repositories"][number];
type Sync = TenantSpec["syncs"][number];

/** The identity of a part of a tenant among others of its kind. */
interface Part {
  /** The start of the names of the part's resources; of the primary part of a kind it is the tenant's name alone. */
  readonly resourceName: string;
}

/** One of a tenant's namespaces. */
export type NamespacePart = Part & { readonly namespace: Namespace };

/** One of a tenant's repositories. */
export type RepositoryPart = Part & { readonly repository: Repository };

/** The source that syncs of one namespace share if they follow the same reference of the same repository. */
export interface SourcePart extends Part {
  /** Name of the GitRepository. */
  readonly name: string;
  /** Name of the repository at GitHub. */
  readonly repository: string;
  readonly namespace: string;
  /** The Git reference: exactly one of these. */
  readonly ref: Sync["ref"];
  /** The shortest of its syncs' intervals, a duration. */
  readonly interval: string;
  /** Whether all of its syncs are suspended. */
  readonly suspend: boolean;
  /** Secret of the namespace that opens the repository. */
  readonly secretName: string;
}

/** One of a tenant's syncs. */
export interface SyncPart extends Part {
  /** Name of the Kustomization. */
  readonly name: string;
  readonly namespace: string;
  /** Name of the GitRepository, in the same namespace. */
  readonly source: string;
  readonly sync: Sync;
}

/** A Secret with the key of one repository in one namespace; for all sources there that fetch it. */
export interface CredentialPart extends Part {
  readonly name: string;
  readonly namespace: string;
  /** Name of the repository at GitHub. */
  readonly repository: string;
}

/** Everything that a tenant is made of; the first of each is the primary one, which every tenant has. */
export interface TenantResources {
  readonly namespaces: readonly NamespacePart[];
  readonly repositories: readonly RepositoryPart[];
  readonly credentials: readonly CredentialPart[];
  readonly sources: readonly SourcePart[];
  readonly syncs: readonly SyncPart[];
}

/** The parts of a tenant, each with the start of its resources' names. */
export function resourcesOf(tenant: TenantSpec): TenantResources {
  const sources: SourcePart[] = [];
  const credentials: CredentialPart[] = [];
  const syncs = tenant.syncs.map((sync, index): SyncPart => {
    const { name, repository, namespace } = sync;
    const part = { resourceName: resourceNameOf(tenant, index, name), name, namespace, sync };
    const credential = credentialFor(tenant, credentials, { repository, namespace });
    const source = addToSource(sources, { ...part, repository, secretName: credential.name, tenant });
    return { ...part, source: source.name };
  });
  return {
    namespaces: tenant.namespaces.map((namespace, index) => ({
      resourceName: resourceNameOf(tenant, index, namespace.name),
      namespace,
    })),
    repositories: tenant.repositories.map((repository, index) => ({
      resourceName: resourceNameOf(tenant, index, repository.name),
      repository,
    })),
    credentials,
    sources,
    syncs,
  };
}

/** Resources of a primary part, which is the first of its list, have the tenant's name alone. */
function resourceNameOf(tenant: TenantSpec, index: number, part: string): string {
  return index === 0 ? tenant.name : partName(tenant, part);
}

interface PlacedSync extends Part {
  readonly name: string;
  readonly repository: string;
  readonly namespace: string;
  readonly sync: Sync;
}

/** The source that has what a sync follows; it is added when there is none, and looks as often as the sync wants. */
function addToSource(
  sources: SourcePart[],
  { tenant, sync, ...placed }: PlacedSync & { readonly tenant: TenantSpec; readonly secretName: string },
): SourcePart {
  const { interval, suspend } = sync;
  const ref = refOf(tenant, placed.repository, sync);
  const index = sources.findIndex(
    (one) =>
      one.namespace === placed.namespace &&
      one.repository === placed.repository &&
      JSON.stringify(one.ref) === JSON.stringify(ref),
  );
  const known = sources[index];
  if (known === undefined) {
    const source = { ...placed, ref, interval, suspend };
    sources.push(source);
    return source;
  }
  const joined = { ...known, interval: shorter(known.interval, interval), suspend: known.suspend && suspend };
  sources[index] = joined;
  return joined;
}

/** The default reference of a sync: the default branch, which must also contain a commit that a sync names. */
function refOf(tenant: TenantSpec, repository: string, { ref }: Sync): Sync["ref"] {
  const { defaultBranch: branch } =
    tenant.repositories.find(({ name }) => name === repository) ?? tenant.repositories[0];
  if (Object.keys(ref).length === 0) return { branch };
  return ref.commit === undefined ? ref : { branch, commit: ref.commit };
}

function credentialFor(
  tenant: TenantSpec,
  credentials: CredentialPart[],
  wanted: { readonly repository: string; readonly namespace: string },
): CredentialPart {
  const { repository, namespace } = wanted;
  const known = credentials.find((one) => one.repository === repository && one.namespace === namespace);
  if (known !== undefined) return known;
  const isFirst = credentials.length === 0;
  const resourceName = isFirst ? tenant.name : partName(tenant, namespace, repository);
  const name = gitSecretName(repository === tenant.repositories[0].name ? undefined : repository);
  const credential = { resourceName, name, namespace, repository };
  credentials.push(credential);
  return credential;
}

/** Name of the Secret with the key that pushes image updates to the primary repository. */
export const gitWriteSecretName = "tenant-git-write";

/**
 * Name of the Secret with a repository's key. A repository's name may have what a Secret's may not, and then two of them
 * could come to one.
 *
 * @param additional name of one of the tenant's additional repositories @default - its primary one
 */
export function gitSecretName(additional?: string): string {
  if (additional === undefined) return "tenant-git";
  const plain = additional
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  if (plain === additional && plain !== "write") return `tenant-git-${plain}`;
  return `tenant-git-${plain}-${createHash("sha256").update(additional).digest("hex").slice(0, 8)}`;
}

/** No tenant's name has a dot, so no additional part is taken for another tenant's. */
function partName({ name }: TenantSpec, ...part: readonly string[]): string {
  return [name, ...part].join(".");
}

function shorter(a: string, b: string): string {
  return (durationMilliseconds(a) ?? 0) <= (durationMilliseconds(b) ?? 0) ? a : b;
}
