import { type FleetSpec, hasGitToken } from "../../config/fleet-spec.js";
import { resourcesOf } from "../../config/tenant/parts.js";
import type { TenantSpec } from "../../config/tenant/schema.js";
import { durationMilliseconds } from "../../lib/kubernetes/duration.js";

/** The removal of a tenant from stacks. */
interface TenantRemoval {
  readonly name: string;
  /** Every stack of the checkout, with the tenant. */
  readonly fleet: readonly { readonly stack: string; readonly spec: FleetSpec }[];
  /** The stacks that run it no longer. */
  readonly stacks: readonly string[];
}

/** The effects of a removal in one place. */
interface Effects {
  readonly place: string;
  readonly sentences: readonly string[];
}

type Member = TenantRemoval["fleet"][number] & { readonly tenant: TenantSpec };

/** The stacks that go on running a tenant after its removal. */
export function remainingStacks(removal: TenantRemoval): readonly string[] {
  return membersOf(removal).flatMap(({ stack }) => (removal.stacks.includes(stack) ? [] : [stack]));
}

/** The names of the repositories that GitHub archives in the end: all that the program created, once no stack runs the tenant. */
export function archivedRepositories(removal: TenantRemoval): readonly string[] {
  const [first] = membersOf(removal);
  if (first === undefined || remainingStacks(removal).length > 0) return [];
  return first.tenant.repositories.flatMap(({ name, existing }) => (existing ? [] : [name]));
}

/** The effects of a removal on data, repositories and people, as the files alone tell them, stack by stack and at GitHub. */
export function effectsOfRemoval(removal: TenantRemoval): readonly Effects[] {
  const leaving = membersOf(removal).filter(({ stack }) => removal.stacks.includes(stack));
  const onStacks = leaving.map((member) => ({
    place: `On ${member.stack}`,
    sentences: [
      ...dataSentences(member.tenant),
      ...syncSentences(member.tenant),
      ...peopleSentences(member.tenant),
      ...credentialSentences(member),
      ...gateSentences(removal, member),
    ],
  }));
  const [first] = leaving;
  return first === undefined ? [] : [...onStacks, { place: "At GitHub", sentences: gitHubSentences(removal, first) }];
}

/** The steps that follow the edits of the files, in their order. */
export function stepsOfRemoval(removal: TenantRemoval): readonly string[] {
  const { name, fleet, stacks } = removal;
  const ordered = fleet
    .filter(({ stack }) => stacks.includes(stack))
    .sort((a, b) => predecessors(fleet, a.stack).length - predecessors(fleet, b.stack).length);
  const updates = ordered.flatMap(({ stack, spec: { promotion } }) => {
    const { from } = promotion;
    if (from === undefined || !stacks.includes(from)) return [`pulumi up --stack ${stack}, after the merge`];
    const wait = promotion.needs === "ready" ? [`npx fleet wait ${from}`] : [];
    return [...wait, `pulumi up --stack ${stack}, once ${from} has run without ${name}${soakOf(promotion)}`];
  });
  return [
    "npm run golden, and commit the files; npx fleet diff shows the losses to the reviewer",
    ...updates,
    ...archivingSteps(removal),
  ];
}

function archivingSteps(removal: TenantRemoval): readonly string[] {
  const [first] = membersOf(removal);
  if (first === undefined || archivedRepositories(removal).length === 0) return [];
  const { repositoryOwner: owner } = first.spec.github;
  const isAlone = removal.stacks.every((stack) => stack === owner);
  const last = isAlone ? "" : ", after the others: an archived repository refuses the removal of deploy keys";
  const again = `pulumi up --stack ${owner} again, which archives the repositories${last}`;
  if (removal.stacks.includes(owner)) return [again];
  return [`pulumi up --stack ${owner}, which lets the repositories go`, again];
}

function membersOf({ name, fleet }: TenantRemoval): readonly Member[] {
  return fleet.flatMap(({ stack, spec }) => {
    const tenant = spec.tenants.find((one) => one.name === name);
    return tenant === undefined ? [] : [{ stack, spec, tenant }];
  });
}

/** The stacks that run each change before a stack, the nearest first. The loader has refused circles. */
function predecessors(fleet: TenantRemoval["fleet"], stack: string): readonly string[] {
  const from = fleet.find((one) => one.stack === stack)?.spec.promotion.from;
  return from === undefined ? [] : [from, ...predecessors(fleet, from)];
}

function dataSentences({ namespaces }: TenantSpec): readonly string[] {
  return [
    ...namespaces.map(({ name, limits: { persistentVolumeClaims: claims, storage } }) => {
      const quota = `quota: ${claims} volume ${claims === 1 ? "claim" : "claims"}, ${storage} of storage`;
      return `The namespace ${name} is deleted with every object and volume in it (${quota}).`;
    }),
    "Volumes go by the reclaim policy of their storage class. Copy data that is still needed first.",
  ];
}

/** @see https://fluxcd.io/flux/components/kustomize/kustomizations/#deletion-policy */
function syncSentences({ syncs }: TenantSpec): readonly string[] {
  const leaves = ({ prune, suspend, deletionPolicy }: TenantSpec["syncs"][number]) =>
    suspend || deletionPolicy === "Orphan" || (deletionPolicy === "MirrorPrune" && !prune);
  const named = (left: boolean) => syncs.filter((sync) => leaves(sync) === left).map(({ name }) => name);
  const [pruning, leaving] = [named(false), named(true)];
  return [
    ...(pruning.length === 0 ? [] : [`Flux deletes all objects of ${counted("sync", pruning)}.`]),
    ...(leaving.length === 0
      ? []
      : [`Flux deletes no object of ${counted("sync", leaving)}: they go with their namespaces.`]),
  ];
}

function peopleSentences({ access, robot }: TenantSpec): readonly string[] {
  const groups = [...access.viewers, ...access.operators, ...Object.values(access.roles).flat()];
  const distinct = [...new Set(groups)].sort();
  return [
    ...(distinct.length === 0
      ? []
      : [`${upper(counted("group", distinct))} ${verb("lose", distinct)} all rights there.`]),
    ...(robot.enabled ? ["The account ci-robot of its pipelines goes, with its tokens."] : []),
  ];
}

function credentialSentences({ stack, spec, tenant }: Member): readonly string[] {
  const { credentials } = resourcesOf(tenant);
  const names = [...new Set(credentials.map(({ repository }) => fullName(spec, repository)))];
  const keys = `The deploy keys of the cluster ${spec.cluster} leave ${counted("repository", names)}.`;
  const tokens = `Its tokens leave Pulumi.${stack}.yaml. Revoke them at GitHub.`;
  const hasWebhooks = tenant.webhook && spec.flux.webhookUrl !== undefined;
  return [
    hasGitToken(spec, tenant.name) ? tokens : keys,
    ...(hasWebhooks ? [`The webhooks of the cluster leave ${counted("repository", names)}.`] : []),
  ];
}

/** The promotion of the removal itself, and of later changes on the stacks after this one. */
function gateSentences(removal: TenantRemoval, { stack, spec: { promotion } }: Member): readonly string[] {
  const remaining = remainingStacks(removal);
  const { from } = promotion;
  const followers = removal.fleet.filter((one) => one.spec.promotion.from === stack && remaining.includes(one.stack));
  const refused = `The gate refuses the update: ${stack} promotes from ${from}, which still runs ${removal.name}. Only fleet:promotionOverride lets it pass.`;
  const waits = `The gate refuses the update until ${from} has run without ${removal.name}${soakOf(promotion)}.`;
  return [
    ...(from !== undefined && remaining.includes(from) ? [refused] : []),
    ...(from !== undefined && removal.stacks.includes(from) ? [waits] : []),
    ...followers.map((one) => {
      return `${one.stack} still runs ${removal.name}, and promotes from ${stack}: its gate refuses later changes of the base file.`;
    }),
  ];
}

function soakOf({ soak }: FleetSpec["promotion"]): string {
  return (durationMilliseconds(soak) ?? 0) > 0 ? ` for ${soak}` : "";
}

function gitHubSentences(removal: TenantRemoval, { spec, tenant }: Member): readonly string[] {
  const { repositories, team } = tenant;
  const names = (existing: boolean) =>
    repositories.filter((one) => one.existing === existing).map(({ name }) => fullName(spec, name));
  const remaining = remainingStacks(removal);
  if (remaining.length > 0) {
    const kept = repositories.map((one) => fullName(spec, one.name));
    const runs = verb("run", remaining);
    const stays = `${counted("repository", kept)} ${verb("stay", kept)}`;
    const withTeam = team === undefined ? "" : `, and so does the team ${fullName(spec, team.name)}`;
    return [`${listed(remaining)} still ${runs} ${removal.name}: ${stays}${withTeam}.`];
  }
  return [...archivedSentences(removal, names(false)), ...keptSentences(names(true)), ...teamSentences(spec, team)];
}

function archivedSentences(removal: TenantRemoval, names: readonly string[]): readonly string[] {
  const [first] = membersOf(removal);
  if (first === undefined || names.length === 0) return [];
  const { repositoryOwner: owner } = first.spec.github;
  const them = names.length === 1 ? "it" : "them";
  const all = counted("repository", names);
  const right = `${upper(all)} ${verb("lose", names)} the team's right to push with the next update of ${owner}.`;
  const archived =
    first.tenant.team === undefined
      ? `The second update of ${owner} from now on archives ${all}.`
      : `${right} The update after it archives ${them}.`;
  return [`${archived} Nothing in ${them} is deleted.`];
}

function keptSentences(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  return [`${upper(counted("repository", names))} ${verb("stay", names)} as before, apart from keys and webhooks.`];
}

function teamSentences(spec: FleetSpec, team: TenantSpec["team"]): readonly string[] {
  if (team === undefined) return [];
  const name = fullName(spec, team.name);
  if (team.existing) return [`The team ${name} keeps its members, and loses its right to push.`];
  const people = [...new Set([...team.members, ...team.maintainers])].sort();
  const members = people.length === 0 ? "" : ` and the members ${listed(people)}`;
  return [`The team ${name} stays. It loses its right to push${members}.`];
}

/** The name of a repository or team with its organisation, if the files name that. */
function fullName({ github: { owner } }: FleetSpec, name: string): string {
  return owner === "" ? name : `${owner}/${name}`;
}

const plurals = { group: "groups", repository: "repositories", sync: "syncs" } as const;

function counted(kind: keyof typeof plurals, names: readonly string[]): string {
  return `the ${names.length === 1 ? kind : plurals[kind]} ${listed(names)}`;
}

/** A verb after subjects: `stays` after one, `stay` after several. */
function verb(word: string, subjects: readonly string[]): string {
  return subjects.length === 1 ? `${word}s` : word;
}

function listed(names: readonly string[]): string {
  return new Intl.ListFormat("en").format(names);
}

function upper(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
