import { createHash } from "node:crypto";
import { definedOnly } from "../../lib/data/defined-only.js";
import { durationMilliseconds } from "../../lib/kubernetes/duration.js";
import type { TenantSpec } from "./schema.js";

type Sync = TenantSpec["syncs"][number];

/** The sections of a tenant's files with the additional parts of a kind, by the section of the primary one. */
const additionalSections = { namespace: "namespaces", repository: "repositories", sync: "syncs" } as const;

/** A part of a tenant, with its place and that of its name in the tenant's files. */
export type PlacedPart<Part> = Part & { readonly place: readonly string[]; readonly namePlace: readonly string[] };

/** The parts of one kind. The first, primary one has a section of its own; others have their names for keys. */
export function placedParts<Part extends { readonly name: string }>(
  kind: keyof typeof additionalSections,
  parts: readonly Part[],
): PlacedPart<Part>[] {
  return parts.map((part, index) => {
    const place = index === 0 ? [kind] : [additionalSections[kind], part.name];
    return { ...part, place, namePlace: index === 0 ? [kind, "name"] : place };
  });
}

interface Part {
  /**
   * The start of the names of the part's resources: the names of the tenant and of the part. It does not depend on the
   * place of the part in the file, so that a part that moves there stays the same resource.
   */
  readonly resourceName: string;
}

/** One of a tenant's namespaces. */
export type NamespacePart = Part & { readonly namespace: TenantSpec["namespaces"][number] };

/** One of a tenant's repositories. */
export type RepositoryPart = Part & { readonly repository: TenantSpec["repositories"][number] };

/**
 * The source that syncs of one namespace share if they follow the same reference of the same repository and demand the
 * same signatures. It looks as often as any of them wants. It is suspended if all of them are, or if they are frozen.
 */
interface SourcePart
  extends Part,
    Pick<Sync, "namespace" | "repository" | "ref" | "verify" | "interval" | "suspend" | "freeze"> {
  readonly name: string;
  /** Secret of the namespace that opens the repository. */
  readonly secretName: string;
}

/** One of a tenant's syncs, with the name of its Kustomization. */
export interface SyncPart extends Part, Pick<Sync, "name" | "namespace"> {
  /** Name of the GitRepository, in the same namespace. */
  readonly source: string;
  readonly sync: Sync;
}

/** A Secret with the key of one repository in one namespace; for all sources there that fetch it. */
export interface CredentialPart extends Part, Pick<Sync, "namespace" | "repository"> {
  readonly name: string;
}

/** Everything that a tenant is made of; the first of each is the primary one, which every tenant has. */
export interface TenantResources {
  readonly namespaces: readonly NamespacePart[];
  readonly repositories: readonly RepositoryPart[];
  readonly credentials: readonly CredentialPart[];
  readonly sources: readonly SourcePart[];
  readonly syncs: readonly SyncPart[];
}

/** The sections of a tenant that its parts follow from. */
type TenantParts = Pick<TenantSpec, "name" | "namespaces" | "repositories" | "syncs">;

/** The parts of a tenant, each with the start of its resources' names. */
export function resourcesOf(tenant: TenantParts): TenantResources {
  const credentials = new Map<string, CredentialPart>();
  const sources = new Map<string, SourcePart>();
  const syncs = tenant.syncs.map((sync): SyncPart => {
    const { name, repository, namespace, interval, verify, freeze } = sync;
    const suspend = sync.suspend || freeze !== undefined;
    const part = { resourceName: resourceNameOf(tenant, name), name, namespace };
    const place = JSON.stringify([namespace, repository]);
    const credential = credentials.get(place) ?? credentialOf(tenant, namespace, repository);
    credentials.set(place, credential);
    const ref = refOf(tenant, sync);
    const key = JSON.stringify([place, ref, verify]);
    const own = {
      ...part,
      repository,
      ref,
      secretName: credential.name,
      interval,
      suspend,
      ...definedOnly({ verify, freeze }),
    };
    const known = sources.get(key) ?? own;
    sources.set(key, { ...known, interval: shorter(known.interval, interval), suspend: known.suspend && suspend });
    return { ...part, sync, source: known.name };
  });
  return {
    namespaces: tenant.namespaces.map((namespace) => ({
      resourceName: resourceNameOf(tenant, namespace.name),
      namespace,
    })),
    repositories: tenant.repositories.map((repository) => ({
      resourceName: resourceNameOf(tenant, repository.name),
      repository,
    })),
    credentials: [...credentials.values()],
    sources: [...sources.values()],
    syncs,
  };
}

/**
 * No tenant's name has a dot, so no part gets another tenant's. GitHub does not tell upper from lower case, so a
 * repository's name that changes only there stays the same resource.
 */
function resourceNameOf({ name }: TenantParts, ...part: readonly string[]): string {
  return [name, ...part].join(".").toLowerCase();
}

function credentialOf(tenant: TenantParts, namespace: string, repository: string): CredentialPart {
  const name = gitSecretName(repository === tenant.repositories[0].name ? undefined : repository);
  return { resourceName: resourceNameOf(tenant, namespace, name), name, namespace, repository };
}

/** The reference of a sync: by default the default branch. The branch must also contain a commit that a sync names. */
function refOf({ repositories }: TenantParts, { repository, ref }: Sync): Sync["ref"] {
  const { defaultBranch: branch } = repositories.find(({ name }) => name === repository) ?? repositories[0];
  if (Object.keys(ref).length === 0) return { branch };
  return ref.commit === undefined ? ref : { branch: ref.branch ?? branch, commit: ref.commit };
}

/** Name of the Secret with the key that pushes image updates to the primary repository. */
export const gitWriteSecretName = "tenant-git-write";

/**
 * Name of the Secret with a repository's key. A repository's name may have what a Secret's may not, and then two of them
 * could come to one.
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

/** Name of the Secret with the public keys that verify what a source follows. @param source name of the GitRepository */
export function verifySecretName(source: string): string {
  return `tenant-verify-${source}`;
}

/**
 * Name of the Secret with the token of a repository that Flux clones by HTTPS. It differs from that of a key: a source then
 * changes its URL and its Secret at once, and the former Secret goes after that. No other Secret's name has two dashes in a
 * row.
 * @param name of the Secret with a key: `tenant-git`
 */
export function tokenSecretName(name: string): string {
  return `${name}--token`;
}

function shorter(a: string, b: string): string {
  return (durationMilliseconds(a) ?? 0) <= (durationMilliseconds(b) ?? 0) ? a : b;
}
