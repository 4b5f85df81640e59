import { z } from "zod";
import type { FleetSpec } from "../config/fleet-spec.js";
import { messageOf } from "../lib/diagnostics/problem.js";
import { sameName } from "../lib/github/existing.js";
import { TENANT_LABEL } from "../lib/kubernetes/ownership-labels.js";
import {
  indexState,
  leavingComponent,
  repositoryType,
  rulesetType,
  type StatedResource,
  type StateIndex,
} from "../lib/state/stack-state.js";
import { isBelow, tenantOf } from "./handed-over.js";
import type { ReadOutputs, ReadResources } from "./owner-stack.js";

/** A repository that the update would archive, and that another stack uses, or may use. */
export interface HeldRepository {
  readonly resource: StatedResource;
  /** The stacks that have to let it go first. At least one. */
  readonly stacks: readonly HoldingStack[];
}

/** A stack that keeps a repository out of the archive. */
interface HoldingStack {
  readonly stack: string;
  /** Why it is unknown whether the stack uses the repository. @default - it does use it */
  readonly reason?: string;
}

/** Reads other stacks of the same backend. */
export interface OtherStacks {
  readonly outputs: ReadOutputs;
  readonly resources: ReadResources;
}

/** The outputs of a stack about its tenants. A stack that was destroyed, or never updated, has none. */
const outputsForm = z.object({
  tenants: z.record(z.string(), z.looseObject({ repository: z.string().default("") })).default({}),
});

type TenantOutputs = z.infer<typeof outputsForm>["tenants"];

/** The repositories that an earlier update let go, and that no file names. This update would archive them. */
export function archivable(
  { github: { ownsRepositories }, tenants, tenantsElsewhere }: FleetSpec,
  { github }: Pick<StateIndex, "github">,
): StatedResource[] {
  if (!ownsRepositories) return [];
  const declared = [...tenants, ...tenantsElsewhere].flatMap(({ repositories }) => repositories);
  const wanted = new Set(declared.map(({ name }) => name.toLowerCase()));
  return github.filter((one) => {
    return one.type === repositoryType && isBelow(one, leavingComponent) && !wanted.has(one.repository ?? "");
  });
}

/**
 * The repositories that stay out of the archive for now: another stack of the checkout still has the tenant, or the
 * repository, in its outputs or resources. GitHub refuses to remove a deploy key from an archived repository, so the
 * update of that stack would fail. A stack that cannot be read holds every repository, unless `fleet:unreadableStacks`
 * names it. One read of each other stack's outputs, and none in an update that archives nothing. The resources are read
 * only for a repository of a tenant that stays.
 */
export async function findHeld(
  spec: FleetSpec,
  state: Pick<StateIndex, "github">,
  read: OtherStacks,
): Promise<HeldRepository[]> {
  const going = archivable(spec, state);
  const others = spec.stacks.filter((stack) => stack !== spec.stack);
  if (going.length === 0) return [];
  const found = await Promise.all(others.map((stack) => holdersOf(stack, { spec, going, read })));
  const holding = found.flat();
  return going.flatMap((resource) => {
    const stacks = holding.filter((one) => one.resource === resource).map(({ resource: _, ...stack }) => stack);
    return stacks.length === 0 ? [] : [{ resource, stacks }];
  });
}

/** The held repositories with their rulesets, which stay registered for one more update. */
export function stillLeaving(
  { github }: Pick<StateIndex, "github">,
  held: readonly HeldRepository[],
): readonly StatedResource[] {
  const names = new Set(held.map(({ resource }) => resource.repository));
  return github.filter((one) => {
    return (
      isBelow(one, leavingComponent) && [repositoryType, rulesetType].includes(one.type) && names.has(one.repository)
    );
  });
}

/** The sentences that say which repositories are not archived yet, and which updates come first. */
export function describeHeld({ stack: own, github }: FleetSpec, held: readonly HeldRepository[]): string[] {
  return held.flatMap(({ resource, stacks }) => {
    const name = `the repository ${github.owner}/${resource.repository} of the tenant ${tenantOf(resource)}`;
    return stacks.map(({ stack, reason }) => {
      return reason === undefined
        ? `This update does not archive ${name} yet: the stack ${stack} still uses it, and an archived repository refuses the removal of deploy keys. Run pulumi up on ${stack} first, and then on ${own} again.`
        : `This update does not archive ${name} yet: the stack ${stack} may still use it, and could not be read (${reason}). Use the backend of that stack, and run pulumi up on it first. If it was never created or is gone for good, remove stacks/${stack}, or give the reason in fleet:unreadableStacks.${stack}.`;
    });
  });
}

interface HolderArgs {
  readonly spec: FleetSpec;
  readonly going: readonly StatedResource[];
  readonly read: OtherStacks;
}

/** The repositories that one stack holds. */
async function holdersOf(stack: string, args: HolderArgs) {
  const { spec, going } = args;
  try {
    const using = await usedBy(stack, args);
    return going.filter((resource) => using.includes(resource)).map((resource) => ({ resource, stack }));
  } catch (error) {
    if (Object.hasOwn(spec.unreadableStacks, stack)) return [];
    const [reason = ""] = messageOf(error).split("\n", 1);
    return going.map((resource) => ({ resource, stack, reason }));
  }
}

/** @throws Error when the stack cannot be read */
async function usedBy(stack: string, { spec, going, read }: HolderArgs): Promise<readonly StatedResource[]> {
  const parsed = outputsForm.safeParse(await read.outputs(stack));
  if (!parsed.success) throw new Error("its outputs are not those of this program");
  const { tenants } = parsed.data;
  const declared = new Set([...spec.tenants, ...spec.tenantsElsewhere].map(({ name }) => name));
  const isUnsure = (one: StatedResource) => Object.hasOwn(tenants, tenantOf(one)) && declared.has(tenantOf(one));
  const ofResources = going.some(isUnsure) ? await repositoriesOf(stack, read.resources) : [];
  return going.filter((one) => {
    const name = one.repository ?? "";
    if (isUnsure(one)) return ofResources.includes(name);
    return Object.hasOwn(tenants, tenantOf(one)) || isCloned(name, tenants);
  });
}

/** Whether a tenant's primary repository has a name: that of a tenant which had another name before. */
function isCloned(name: string, tenants: TenantOutputs): boolean {
  return Object.values(tenants).some(({ repository }) => {
    return sameName(/([^/]+?)(\.git)?$/.exec(repository)?.[1] ?? "", name);
  });
}

/** Names in lower case of the repositories that a stack has deploy keys of, or syncs. */
async function repositoriesOf(stack: string, read: ReadResources): Promise<readonly string[]> {
  const { keys, syncs } = indexState(await read(stack), TENANT_LABEL);
  return [...keys, ...syncs].flatMap(({ repository }) => repository?.toLowerCase() ?? []);
}
