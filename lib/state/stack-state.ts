/** The resources in a stack's state by their URN. */
export type StackState = Readonly<
  Record<string, { readonly type: string; readonly outputs: Readonly<Record<string, unknown>> }>
>;

/** A tenant's repository in a stack's state. */
export interface StatedRepository {
  /** Name as the state has it. */
  readonly name: string;
  /** URN of the component that registers the repository and its deploy key. */
  readonly urn: string;
  /** Name of the tenant whose component that is. */
  readonly tenant: string;
  /** Whether the stack manages the repository. Otherwise, the state has only the deploy key of its cluster. */
  readonly managed: boolean;
}

/** A deploy key in a stack's state. */
export interface StatedKey {
  /** Name of its resource. */
  readonly resource: string;
  readonly repository: string;
  readonly title: string;
}

/** A resource in a stack's state. */
export interface StatedResource {
  readonly urn: string;
  readonly type: string;
  /** Name in lower case of the repository that the resource is or belongs to. Undefined for a team. */
  readonly repository?: string | undefined;
  /** Address of the team that the resource is. */
  readonly team?: string | undefined;
  /** GitHub's id of a repository or team. */
  readonly nodeId?: string | undefined;
  /** The person of a team's membership, with the role of a maintainer: `ann (maintainer)`. */
  readonly member?: string | undefined;
  /** Rules of a ruleset, with every default. */
  readonly rules?: unknown;
}

/** A Kustomization of a tenant in a stack's state. */
export interface StatedSync extends StatedNamespace {
  readonly namespace: string;
  /** Fate of its objects when it is removed. Undefined for Flux's default. */
  readonly deletionPolicy?: string | undefined;
  /** Name of the repository that it applies, without its owner. Undefined when the state does not tell. */
  readonly repository?: string | undefined;
  /** Folder that it applies. */
  readonly path?: string | undefined;
}

/** A namespace of a tenant in a stack's state. */
export interface StatedNamespace {
  readonly name: string;
  readonly tenant: string;
}

/** The content of a stack's state, by the identity of each thing and not by the name of its resource. */
export interface StateIndex {
  /** URNs of Kubernetes objects by {@link objectIdentity}. */
  readonly objects: ReadonlyMap<string, string>;
  readonly namespaces: readonly StatedNamespace[];
  /** Tenants' repositories by their name in lower case, and by the new name of one that was renamed on GitHub. */
  readonly repositories: ReadonlyMap<string, StatedRepository>;
  /** GitHub's ids of all repositories that the stack manages, by their name in lower case. */
  readonly managed: ReadonlyMap<string, string | undefined>;
  /** GitHub's ids of all repositories in the state, also of those that the stack has handed over, by their name in lower case. */
  readonly ids: ReadonlyMap<string, string>;
  /** Name of the platform's repository, where the stack manages it. */
  readonly platformRepository?: string | undefined;
  /** GitHub's ids of the teams that the stack manages, by their address. */
  readonly teams: ReadonlyMap<string, string | undefined>;
  /** Tenants' Kustomizations. Flux deletes what one has applied when it is removed. */
  readonly syncs: readonly StatedSync[];
  /** Registered deploy keys. */
  readonly keys: readonly StatedKey[];
  /** Resources of GitHub's provider. */
  readonly github: readonly StatedResource[];
}

/** The index of a state without resources. */
export const emptyState: StateIndex = {
  objects: new Map(),
  namespaces: [],
  repositories: new Map(),
  managed: new Map(),
  ids: new Map(),
  teams: new Map(),
  syncs: [],
  keys: [],
  github: [],
};

/**
 * The identity of a Kubernetes object, whatever its resource is called: group, kind, namespace and name. The version of the
 * API is no part of it: Kubernetes stores one object for all versions.
 * @param type of the resource: `kubernetes:rbac.authorization.k8s.io/v1:Role`
 * @returns undefined for another provider's resource, and for an object without a plain name
 */
export function objectIdentity(type: string, metadata: unknown): string | undefined {
  const [, group, kind] = /^kubernetes:(.*)\/[^/:]+:(\w+)$/.exec(type) ?? [];
  const { name, namespace = "" } = (metadata ?? {}) as { readonly name?: unknown; readonly namespace?: unknown };
  if (kind === undefined || typeof name !== "string" || typeof namespace !== "string") return undefined;
  return JSON.stringify([group, kind, namespace, name]);
}

/** Reads a stack's state. @param tenantLabel label of a namespace that names its tenant */
export function indexState(state: StackState, tenantLabel: string): StateIndex {
  const objects = new Map<string, string>();
  const namespaces: StatedNamespace[] = [];
  const repositories = new Map<string, StatedRepository>();
  const keys: StatedKey[] = [];
  const github: StatedResource[] = [];
  const managed = new Map<string, string | undefined>();
  const ids = new Map<string, string>();
  const teams = new Map<string, string | undefined>();
  const syncs: (StatedSync & { readonly source: string })[] = [];
  const sources = new Map<string, string | undefined>();
  let platformRepository: string | undefined;
  for (const [urn, { type, outputs }] of Object.entries(state)) {
    const identity = objectIdentity(type, outputs.metadata);
    if (identity !== undefined) objects.set(identity, urn);
    if (type === "kubernetes:core/v1:Namespace")
      namespaces.push(...ofTenant(outputs.metadata, tenantLabel).map(({ name, tenant }) => ({ name, tenant })));
    if (/^kubernetes:kustomize\.toolkit\.fluxcd\.io\/\w+:Kustomization$/.test(type)) {
      syncs.push(...ofTenant(outputs.metadata, tenantLabel).map((one) => syncOf(one, outputs.spec)));
    }
    if (/^kubernetes:source\.toolkit\.fluxcd\.io\/\w+:GitRepository$/.test(type)) {
      for (const { namespace, name } of ofTenant(outputs.metadata, tenantLabel)) {
        sources.set(`${namespace}/${name}`, repositoryOfSource(outputs.spec));
      }
    }
    const nodeId = nodeIdOf(outputs);
    if (type === repositoryType && nodeId !== undefined) ids.set(String(outputs.name).toLowerCase(), nodeId);
    if (type === repositoryType && !urn.includes(`${handedOverComponent}$`)) {
      managed.set(String(outputs.name).toLowerCase(), nodeId);
      if (urn.includes(`${platformComponent}$`)) platformRepository = String(outputs.name);
    }
    if (type === teamType && !urn.includes(`${handedOverComponent}$`)) teams.set(slugOf(outputs), nodeId);
    if (type.startsWith("github:")) github.push(gitHubResource(urn, type, outputs));
    if (type === deployKey) keys.push(keyOf(urn, outputs));
    const repository = repositoryOf(urn, type, outputs);
    if (repository === undefined) continue;
    const known = repositories.get(repository.name.toLowerCase());
    if (!known?.managed) repositories.set(repository.name.toLowerCase(), repository);
  }
  const followed = syncs.map(({ source, ...sync }) => ({ ...sync, repository: sources.get(source) }));
  return { objects, namespaces, repositories, managed, ids, teams, syncs: followed, keys, github, platformRepository };
}

function keyOf(urn: string, { repository, title }: Readonly<Record<string, unknown>>): StatedKey {
  return { resource: nameInUrn(urn), repository: String(repository), title: String(title) };
}

function slugOf({ name, slug = name }: Readonly<Record<string, unknown>>): string {
  return String(slug);
}

function gitHubResource(urn: string, type: string, outputs: Readonly<Record<string, unknown>>): StatedResource {
  const { rules, username, role } = outputs;
  const isMembership = type === "github:index/teamMembership:TeamMembership";
  return {
    urn,
    type,
    rules,
    repository: repositoryNameOf(type, outputs),
    nodeId: nodeIdOf(outputs),
    team: type === teamType ? slugOf(outputs) : undefined,
    member: isMembership ? `${username}${role === "maintainer" ? " (maintainer)" : ""}` : undefined,
  };
}

function repositoryNameOf(type: string, { name, repository }: Readonly<Record<string, unknown>>): string | undefined {
  const found = type === repositoryType ? name : repository;
  return typeof found === "string" ? found.toLowerCase() : undefined;
}

function syncOf(sync: StatedSync, spec: unknown) {
  const { deletionPolicy, path, sourceRef } = spec as {
    readonly deletionPolicy?: string;
    readonly path?: string;
    readonly sourceRef?: { readonly name?: string };
  };
  return { ...sync, deletionPolicy, path, source: `${sync.namespace}/${sourceRef?.name}` };
}

/** The name of the repository that a GitRepository fetches, without its owner. */
function repositoryOfSource(spec: unknown): string | undefined {
  const { url = "" } = spec as { readonly url?: string };
  return /([^/]+?)(\.git)?$/.exec(url)?.[1];
}

/** The object of these metadata, if it belongs to a tenant. */
function ofTenant(metadata: unknown, tenantLabel: string): StatedSync[] {
  const {
    name,
    namespace = "",
    labels = {},
  } = metadata as {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  const { [tenantLabel]: tenant } = labels;
  return tenant === undefined ? [] : [{ name, namespace, tenant }];
}

function nodeIdOf({ nodeId }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof nodeId === "string" && nodeId !== "" ? nodeId : undefined;
}

/** Type of a deploy key's registration. */
export const deployKey = "github:index/repositoryDeployKey:RepositoryDeployKey";
/** Type of a repository. */
export const repositoryType = "github:index/repository:Repository";
/** Type of a team. */
export const teamType = "github:index/team:Team";
/** Type of a repository's ruleset. */
export const rulesetType = "github:index/repositoryRuleset:RepositoryRuleset";

/** Ends of the names of a tenant's repository and of its deploy key, after the name of their component. */
const repositoryChildren: Readonly<Record<string, string>> = {
  [repositoryType]: "-repository-github",
  [deployKey]: "-key-registration",
};

function repositoryOf(
  urn: string,
  type: string,
  outputs: Readonly<Record<string, unknown>>,
): StatedRepository | undefined {
  const ending = repositoryChildren[type];
  const component = ending && componentUrn(urn, repositoryComponent, ending);
  if (!component) return undefined;
  const managed = type === repositoryType;
  const name = String(managed ? outputs.name : outputs.repository);
  // No tenant's name has a dot.
  return { name, urn: component, tenant: nameInUrn(component).replace(/\..*/, ""), managed };
}

/** Type of the component of one cluster of the fleet. */
export const fleetComponent = "fleet:index:Fleet";
/** Type of the component of a tenant, whether this cluster runs it or not. */
export const tenantComponent = "fleet:tenant:Tenant";
/** Type of the component of one repository of a tenant. */
export const repositoryComponent = "fleet:tenant:Repository";
/** Type of the component of resources that another stack, or their owner, manages from now on. */
export const handedOverComponent = "fleet:git:HandedOver";
/** Type of the component of repositories and teams that no file names any more, before they go. */
export const leavingComponent = "fleet:git:Leaving";
/** Type of the component of a tenant's team. */
export const teamComponent = "fleet:tenant:Team";
/** Type of the component of the platform's repository. */
export const platformComponent = "fleet:platform:Repository";
/** Type of the component of a tenant's webhook. */
export const webhookComponent = "fleet:tenant:Webhook";
/** Type of the component of one namespace of a tenant. */
export const namespaceComponent = "fleet:tenant:Namespace";

/**
 * The URN of the component that a resource stands below.
 * @param ending end of the resource's name after that of the component: `-namespace`
 * @returns undefined for a resource that no such component has
 */
export function componentUrn(urn: string, component: string, ending: string): string | undefined {
  const above = urn.indexOf(`${component}$`);
  const name = nameInUrn(urn);
  if (above < 0 || !name.endsWith(ending)) return undefined;
  return `${urn.slice(0, above)}${component}::${name.slice(0, -ending.length)}`;
}

/**
 * The URN of the component that a Kubernetes object in the state stands below. A component with this alias keeps its
 * other children, too.
 * @param object type and metadata of the object, and the end of its resource's name
 */
export function statedComponent(
  { objects }: Pick<StateIndex, "objects">,
  component: string,
  object: { readonly type: string; readonly metadata: unknown; readonly ending: string },
): string | undefined {
  const urn = objects.get(objectIdentity(object.type, object.metadata) ?? "");
  return urn === undefined ? undefined : componentUrn(urn, component, object.ending);
}

/**
 * The name of the resource of a URN.
 * @see https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
 */
export function nameInUrn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
