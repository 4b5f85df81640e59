import type { ResourceChange } from "../diff/resource-changes.js";
import { resourceChanges } from "../diff/resource-changes.js";
import { kindOf, objectText, textAt } from "../findings/facts.js";
import { type Consequence, consequences } from "../findings/findings.js";
import { listed, type Phrase, phrase } from "../phrase.js";
import type { PlannedResource, StackPlan } from "../planned-resource.js";
import type { Entry } from "./document.js";
import { fieldText } from "./field-text.js";

/** The two plans of a stack. A stack that one revision lacks has no plan there. */
export interface StackPlans {
  readonly stack: string;
  readonly before?: StackPlan | undefined;
  readonly after?: StackPlan | undefined;
}

/**
 * The entries of one stack.
 * @param takenOver names of repositories that another stack manages from now on. An update hands them over
 */
export function stackEntries({ stack, before, after }: StackPlans, takenOver: ReadonlySet<string>): Entry[] {
  if (before === undefined || after === undefined) return [...wholeStack(stack, before, after)];
  const changes = resourceChanges(before.resources, after.resources).filter(
    ({ kind, resource }) => !(kind === "removed" && isRepository(resource) && takenOver.has(textAt(resource, "name"))),
  );
  const found = consequences(before, after, changes);
  const [old, now] = [tenantsOf(before), tenantsOf(after)];
  const coming = [...now].filter((tenant) => !old.has(tenant));
  const leaving = [...old].filter((tenant) => !now.has(tenant));
  const isWhole = ({ tenant = "" }: { readonly tenant?: string | undefined }) =>
    coming.includes(tenant) || leaving.includes(tenant);
  return [
    ...leaving.map((tenant) => leavingTenant(stack, tenant, changes, found)),
    ...coming.map((tenant) => newTenant(stack, tenant, after, found)),
    ...found.filter((one) => !isWhole(one)).map((one) => consequenceEntry(stack, one)),
    ...changes.filter(({ resource }) => !isWhole(resource)).map((change) => changeEntry(stack, change)),
    ...fluxEntries(stack, before, after),
  ];
}

/** Whether a resource is a repository that its stack manages. */
export function isRepository({ type }: PlannedResource): boolean {
  return type === "github:index/repository:Repository";
}

function tenantsOf({ resources }: StackPlan): ReadonlySet<string> {
  return new Set(resources.flatMap(({ tenant }) => (tenant === undefined ? [] : [tenant])));
}

function consequenceEntry(stack: string, { effect, tenant, sentence, details }: Consequence): Entry {
  const section = effect === "loss" ? "losses" : "privileges";
  return { section, effect, sentence, targets: [{ stack, tenant }], details, fields: [] };
}

/** A consequence in full, as a detail of something larger. */
function allOf({ sentence, details }: Consequence): Phrase[] {
  return [sentence, ...details.map((detail) => phrase`… ${detail}`)];
}

function changeEntry(stack: string, { kind, resource, fields }: ResourceChange): Entry {
  const object = phrase`${resourceText(resource)}`;
  const verb = kind === "changed" ? "" : ` is ${kind}`;
  const { tenant } = resource;
  const section = tenant === undefined ? "platform" : "tenants";
  return {
    section,
    sentence: [...object, verb],
    targets: [{ stack, tenant }],
    details: [],
    fields: fields.map(fieldText),
  };
}

/** A resource for people: its kind, and the name of its object. */
export function resourceText(resource: PlannedResource): string {
  return `${kindOf(resource.type)} ${nameOf(resource)}`;
}

/** The name of an object on its cluster or on GitHub, or that of its resource. */
function nameOf(resource: PlannedResource): string {
  const repository = textAt(resource, "repository");
  const name = textAt(resource, "name") || textAt(resource, "title") || textAt(resource, "file");
  const onGitHub = [repository, name].filter((part) => part !== "").join("/");
  return objectText(resource) || (resource.type.startsWith("github:") ? onGitHub : "") || resource.name;
}

function newTenant(stack: string, tenant: string, plan: StackPlan, found: readonly Consequence[]): Entry {
  const own = plan.resources.filter((one) => one.tenant === tenant && !one.type.startsWith("fleet:"));
  const rights = found.filter((one) => one.tenant === tenant);
  const details = rights.flatMap(allOf);
  const sentence = phrase`tenant ${tenant} is new: ${[`${own.length} resources, ${rights.length} privileges and restrictions`]}`;
  return { section: "privileges", effect: "gained", sentence, targets: [{ stack, tenant }], details, fields: [] };
}

function leavingTenant(
  stack: string,
  tenant: string,
  changes: readonly ResourceChange[],
  found: readonly Consequence[],
): Entry {
  const own = found.filter((one) => one.tenant === tenant);
  const removed = changes.filter(({ kind, resource }) => kind === "removed" && resource.tenant === tenant);
  const named = (kind: string, ...path: string[]) =>
    removed
      .filter(({ resource }) => kindOf(resource.type) === kind)
      .map(({ resource }) => phrase`${textAt(resource, ...path)}`);
  const [namespaces, repositories] = [named("Namespace", "metadata", "name"), named("Repository", "name")];
  const losses: Phrase[] = [
    ...(namespaces.length === 0
      ? []
      : [phrase`namespaces ${listed(namespaces)} are deleted with everything in them, volume claims included`]),
    ...(repositories.length === 0
      ? []
      : [phrase`repositories ${listed(repositories)} are archived by the update after the next`]),
  ];
  const sentence = phrase`tenant ${tenant} is removed${losses.flatMap((loss) => ["; ", ...loss])}`;
  const details = own.flatMap(allOf);
  return { section: "losses", effect: "loss", sentence, targets: [{ stack, tenant }], details, fields: [] };
}

/** One entry for a stack that only one of the revisions has. */
function wholeStack(stack: string, before: StackPlan | undefined, after: StackPlan | undefined): Entry[] {
  const plan = after ?? before;
  if (plan === undefined) return [];
  const tenants = listed(plan.tenants.map((name) => phrase`${name}`));
  const count = plan.resources.filter(({ type }) => !type.startsWith("fleet:")).length;
  const size = [`${count} resources`];
  const shared = { targets: [{ stack }], fields: [] };
  if (after === undefined) {
    const sentence = phrase`the files of stack ${stack} are removed: its cluster stays as it is, without updates, until ${"pulumi destroy"} deletes its ${size}`;
    return [{ ...shared, section: "losses", effect: "loss", sentence, details: [phrase`its tenants: ${tenants}`] }];
  }
  const nothing: StackPlan = { ...after, resources: [], tenants: [], existingTeams: {} };
  const details = consequences(nothing, after, []).flatMap(allOf);
  const sentence = phrase`stack ${stack} is new: ${size}, with the tenants ${tenants}`;
  return [{ ...shared, section: "privileges", effect: "gained", sentence, details }];
}

/** The settings of Flux, which explain the changes of its objects. */
function fluxEntries(stack: string, before: StackPlan, after: StackPlan): Entry[] {
  if (before.flux.version === after.flux.version) return [];
  const sentence = phrase`Flux changes from ${before.flux.version} to ${after.flux.version}`;
  return [{ section: "platform", sentence, targets: [{ stack }], details: [], fields: [] }];
}
