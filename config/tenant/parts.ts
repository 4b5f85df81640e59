import { createHash } from "node:crypto";
import { durationMilliseconds } from "../../lib/kubernetes/duration.js";
import type { TenantSpec } from "./schema.js";

type Namespace = TenantSpec["namespace"] & Pick<TenantSpec, "limits">;
type Repository = TenantSpec["repository"];
type Sync = TenantSpec["sync"];

/** What distinguishes a part of a tenant from others of its kind. */
interface Part {
  /** What the names of the part's resources start with; of the first part of a kind it is the tenant's name alone. */
  readonly resourceName: string;
}

/** One of a tenant's namespaces. */
export type NamespacePart = Part & { readonly namespace: Namespace };

/** One of a tenant's repositories. */
export type RepositoryPart = Part & { readonly repository: Repository };

/** What syncs of one namespace have in common that follow the same reference of the same repository. */
export interface SourcePart extends Part {
  /** Name of the GitRepository. */
  readonly name: string;
  /** Name of the repository at GitHub. */
  readonly repository: string;
  readonly namespace: string;
  /** What is followed: exactly one of these. */
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

/** Everything that a tenant is made of; the first of each is the one that every tenant has. */
export interface TenantResources {
  readonly namespaces: readonly NamespacePart[];
  readonly repositories: readonly RepositoryPart[];
  readonly credentials: readonly CredentialPart[];
  readonly sources: readonly SourcePart[];
  readonly syncs: readonly SyncPart[];
}

/** What a tenant is made of, as lists: its first namespace, repository and sync, and all further ones by name. */
export function resourcesOf(tenant: TenantSpec): TenantResources {
  const sources: SourcePart[] = [];
  const credentials: CredentialPart[] = [];
  const syncs = placedSyncs(tenant).map(({ repository, ...placed }): SyncPart => {
    const credential = credentialFor(tenant, credentials, { repository, namespace: placed.namespace });
    const source = addToSource(sources, { ...placed, repository, secretName: credential.name, tenant });
    return { ...placed, source: source.name };
  });
  return { namespaces: namespacesOf(tenant), repositories: repositoriesOf(tenant), credentials, sources, syncs };
}

/** A tenant's namespaces, each with its limits. */
function namespacesOf(tenant: TenantSpec): NamespacePart[] {
  return [
    { resourceName: tenant.name, namespace: { ...tenant.namespace, limits: tenant.limits } },
    ...Object.entries(tenant.namespaces).map(([name, namespace]) => ({
      resourceName: partName(tenant, name),
      namespace: { name, ...namespace },
    })),
  ];
}

function repositoriesOf(tenant: TenantSpec): RepositoryPart[] {
  return [
    { resourceName: tenant.name, repository: tenant.repository },
    ...Object.entries(tenant.repositories).map(([name, repository]) => ({
      resourceName: partName(tenant, name),
      repository: { name, ...repository },
    })),
  ];
}

interface PlacedSync extends Part {
  readonly name: string;
  readonly repository: string;
  readonly namespace: string;
  readonly sync: Sync;
}

function placedSyncs(tenant: TenantSpec): PlacedSync[] {
  const { name, repository, namespace, sync } = tenant;
  return [
    { resourceName: name, name, repository: repository.name, namespace: namespace.name, sync },
    ...Object.entries(tenant.syncs).map(([further, { repository, namespace, ...sync }]) => ({
      resourceName: partName(tenant, further),
      name: further,
      repository,
      namespace,
      sync,
    })),
  ];
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

/** What a sync follows when it does not say so: the default branch, on which a commit is looked for too. */
function refOf(tenant: TenantSpec, repository: string, { ref }: Sync): Sync["ref"] {
  const [said] = Object.entries(ref);
  const branch = (tenant.repositories[repository] ?? tenant.repository).defaultBranch;
  if (said === undefined) return { branch };
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
  const name = gitSecretName(repository === tenant.repository.name ? undefined : repository);
  const credential = { resourceName, name, namespace, repository };
  credentials.push(credential);
  return credential;
}

/** Name of the Secret with the key that pushes image updates to the first repository. */
export const gitWriteSecretName = "tenant-git-write";

/**
 * Name of the Secret with a repository's key. A repository's name may have what a Secret's may not, and then two of them
 * could come to one.
 *
 * @param further name of one of the tenant's further repositories @default - its first
 */
export function gitSecretName(further?: string): string {
  if (further === undefined) return "tenant-git";
  const plain = further
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  if (plain === further && plain !== "write") return `tenant-git-${plain}`;
  return `tenant-git-${plain}-${createHash("sha256").update(further).digest("hex").slice(0, 8)}`;
}

/** No tenant's name has a dot, so no further part is taken for another tenant's. */
function partName({ name }: TenantSpec, ...further: readonly string[]): string {
  return [name, ...further].join(".");
}

function shorter(a: string, b: string): string {
  return (durationMilliseconds(a) ?? 0) <= (durationMilliseconds(b) ?? 0) ? a : b;
}
