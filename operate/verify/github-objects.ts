import { isPlainObject } from "../../lib/data/merge.js";
import { type LiveObjects, liveIdentity } from "../../lib/kubernetes/live-object.js";
import { deployKey, repositoryType, rulesetType } from "../../lib/state/stack-state.js";
import { isSecretMark, type PlannedResource, type StackPlan } from "../../review/planned-resource.js";
import { type Owner, ownerOf } from "./finding.js";
import type { PlannedObject } from "./planned-objects.js";

/** A deploy key on GitHub. */
export interface LiveKey {
  readonly title: string;
  /** `ssh-ed25519 AAAA…`, without a comment. */
  readonly key: string;
  readonly readOnly: boolean;
  /** ISO 8601. @default - GitHub does not tell */
  readonly createdAt?: string | undefined;
}

/** A ruleset on GitHub, with its rules by type. */
export interface LiveRuleset {
  readonly name: string;
  readonly enforcement: string;
  readonly target: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly rules: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly bypass: readonly { readonly id: number; readonly type: string; readonly mode: string }[];
}

/** A webhook on GitHub. */
export interface LiveHook {
  readonly url: string;
  readonly active: boolean;
  readonly verifiesTls: boolean;
  readonly events: readonly string[];
}

/** A repository on GitHub. */
export interface LiveRepository {
  readonly keys: readonly LiveKey[];
  /** Undefined where the plan of the organisation has no rulesets for private repositories. */
  readonly rulesets: readonly LiveRuleset[] | undefined;
  /** Undefined where no webhook is expected, and so none was read. */
  readonly hooks: readonly LiveHook[] | undefined;
  /** The newest commits of branches that sources follow. */
  readonly heads: ReadonlyMap<string, string>;
}

/** A deploy key of a plan. */
export interface ExpectedKey {
  readonly title: string;
  readonly readOnly: boolean;
  /** Public half in the Secret on the cluster. @default - the Secret is gone, or has none */
  readonly key?: string | undefined;
  /** Whether the cluster has the Secret of the key. */
  readonly isStored: boolean;
  readonly owner: Owner;
}

/** A repository of a plan. */
export interface ExpectedRepository {
  readonly name: string;
  readonly owner: Owner;
  /** Whether the stack manages the repository, and so its rulesets. */
  readonly isManaged: boolean;
  readonly keys: readonly ExpectedKey[];
  readonly rulesets: readonly { readonly name: string; readonly ruleset: LiveRuleset; readonly owner: Owner }[];
  readonly hooks: readonly (LiveHook & { readonly owner: Owner })[];
  /** Branches that sources of the cluster follow, by `NAMESPACE/SOURCE`. */
  readonly branches: ReadonlyMap<string, string>;
}

/** The facts of the cluster that expected objects of GitHub depend on. */
export interface ExpectedArgs {
  readonly planned: readonly PlannedObject[];
  readonly live: LiveObjects;
  /** The public halves of keys by `NAMESPACE/SECRET`. */
  readonly publicKeys: ReadonlyMap<string, string>;
  /** Address of the cluster's receivers. @default - none */
  readonly webhookUrl?: string | undefined;
}

const hookType = "github:index/repositoryWebhook:RepositoryWebhook";

/** The repositories of a plan, with their keys, rulesets and webhooks. */
export function expectedRepositories(plan: StackPlan, args: ExpectedArgs): ExpectedRepository[] {
  const ofType = (type: string) => plan.resources.filter((one) => one.type === type);
  const nameOf = ({ type, inputs }: PlannedResource) =>
    String(type === repositoryType ? inputs.name : inputs.repository);
  const [repositories, keys, rulesets, hooks] = [repositoryType, deployKey, rulesetType, hookType].map(ofType);
  const all = [...(repositories ?? []), ...(keys ?? []), ...(hooks ?? [])];
  const sources = sourcesOf(args.planned);
  return [...new Set(all.map(nameOf))].sort().map((name) => {
    const own = (list: readonly PlannedResource[] = []) => list.filter((one) => nameOf(one) === name);
    const [first] = own(all);
    const mine = sources.filter((source) => source.repository === name);
    return {
      name,
      owner: first === undefined ? { file: `Pulumi.${plan.stack}.yaml` } : ownerOf(first, plan.stack),
      isManaged: own(repositories).some(({ inputs }) => inputs.archived !== true),
      keys: own(keys).map((one) => expectedKey(one, plan.stack, mine, args)),
      rulesets: own(rulesets).map((one) => {
        return { name: String(one.inputs.name), ruleset: expectedRuleset(one.inputs), owner: ownerOf(one, plan.stack) };
      }),
      hooks: own(hooks).flatMap((one) => expectedHook(one, plan.stack, args)),
      branches: new Map(mine.flatMap(({ place, branch }) => (branch === undefined ? [] : [[place, branch]]))),
    };
  });
}

interface Source {
  readonly place: string;
  readonly namespace: string;
  readonly repository: string;
  readonly branch: string | undefined;
  readonly secret: string;
  readonly isForPushes: boolean;
}

/** The GitRepositories of a plan that clone by a Secret of the platform. */
function sourcesOf(planned: readonly PlannedObject[]): Source[] {
  return planned.flatMap(({ kind, metadata: { name, namespace = "" }, fields }) => {
    if (kind !== "GitRepository") return [];
    const { url, ref, secretRef } = fields.spec as {
      readonly url: string;
      readonly ref?: { readonly branch?: string; readonly commit?: string; readonly tag?: string };
      readonly secretRef?: { readonly name: string };
    };
    const repository = /([^/]+?)(\.git)?$/.exec(url)?.[1] ?? "";
    const branch = ref?.commit === undefined && ref?.tag === undefined ? ref?.branch : undefined;
    const isForPushes = name.endsWith("-image-updates");
    return [
      { place: `${namespace}/${name}`, namespace, repository, branch, secret: secretRef?.name ?? "", isForPushes },
    ];
  });
}

function expectedKey(
  resource: PlannedResource,
  stack: string,
  sources: readonly Source[],
  { publicKeys, live }: ExpectedArgs,
): ExpectedKey {
  const { title, readOnly } = resource.inputs;
  const source = sources.find(({ isForPushes, secret }) => isForPushes !== readOnly && secret !== "");
  const key = source && publicKeys.get(`${source.namespace}/${source.secret}`);
  const place = source && { name: source.secret, namespace: source.namespace };
  const isStored =
    place !== undefined && live.has(liveIdentity({ group: "core", version: "v1", kind: "Secret" }, place));
  return { title: String(title), readOnly: readOnly === true, key, isStored, owner: ownerOf(resource, stack) };
}

/** A ruleset as GitHub's API has it. */
function expectedRuleset(inputs: PlannedResource["inputs"]): LiveRuleset {
  const { name, enforcement, target, conditions, rules, bypassActors } = inputs;
  const { refName } = conditions as { readonly refName: { readonly includes: string[]; readonly excludes: string[] } };
  const actors = (bypassActors ?? []) as readonly {
    readonly actorId: number;
    readonly actorType: string;
    readonly bypassMode: string;
  }[];
  return {
    name: String(name),
    enforcement: String(enforcement),
    target: String(target),
    include: refName.includes,
    exclude: refName.excludes,
    rules: Object.fromEntries(Object.entries(rules as object).flatMap(([rule, value]) => expectedRule(rule, value))),
    bypass: actors.map(({ actorId, actorType, bypassMode }) => ({ id: actorId, type: actorType, mode: bypassMode })),
  };
}

function expectedRule(name: string, value: unknown): [string, Readonly<Record<string, unknown>>][] {
  if (value === false || value === undefined) return [];
  if (!isPlainObject(value)) return [[snakeCase(name), {}]];
  const { requiredChecks, ...parameters } = value;
  const snake = Object.entries(parameters).map(([key, field]) => [snakeCase(key), field] as const);
  const checks = Array.isArray(requiredChecks) ? [["required_status_checks", requiredChecks] as const] : [];
  return [[snakeCase(name), Object.fromEntries([...snake, ...checks])]];
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A webhook of a plan. Its address has the path of its Receiver, which Flux derives from the token. */
function expectedHook(
  resource: PlannedResource,
  stack: string,
  { planned, live, webhookUrl }: ExpectedArgs,
): (LiveHook & { readonly owner: Owner })[] {
  const receiver = planned.find(({ kind, owner }) => kind === "Receiver" && owner.component === resource.parent);
  const { webhookPath } = (live.get(receiver?.identity ?? "")?.status ?? {}) as { readonly webhookPath?: string };
  if (webhookPath === undefined || webhookUrl === undefined) return [];
  const { events } = resource.inputs;
  return [
    {
      url: new URL(webhookPath, webhookUrl).href,
      active: true,
      verifiesTls: true,
      events: isSecretMark(events) || !Array.isArray(events) ? [] : events.map(String),
      owner: ownerOf(resource, stack),
    },
  ];
}
