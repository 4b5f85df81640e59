import { z } from "zod";
import type { FleetSpec } from "../config/fleet-spec.js";
import { REPOSITORY_IDS_OUTPUT } from "../config/names.js";
import { messageOf } from "../lib/diagnostics/problem.js";
import { type ExistingRepositories, type ExistingRepository, findRepository } from "../lib/github/existing.js";
import { isSameNode } from "../lib/github/node-id.js";
import { TENANT_LABEL } from "../lib/kubernetes/ownership-labels.js";
import { indexState, type StackState, type StateIndex } from "../lib/state/stack-state.js";
import type { Conflict } from "./conflict.js";

/** The repositories of the stack that creates them, as far as another stack may know. */
export interface OwnerStack {
  /** GitHub's ids by the repositories' names in lower case. Undefined when the state could not be read. */
  readonly ids?: ReadonlyMap<string, string>;
  /** Why the state, or the part of it that the ids lack, could not be read. */
  readonly reason?: string;
}

/** Reads the outputs of another stack of the same backend. @throws Error when there is no such stack, or no access */
export type ReadOutputs = (stack: string) => Promise<unknown>;

/** Reads the resources of another stack of the same backend. @throws Error also without the passphrase of that stack */
export type ReadResources = (stack: string) => Promise<StackState>;

const outputs = z.object({ [REPOSITORY_IDS_OUTPUT]: z.record(z.string(), z.unknown()).default({}) });

/**
 * The repositories of the stack that creates them, for a stack that only uses them. A repository's name and its topic
 * prove nothing: its administrators write them. The ids in that stack's state do, because it created the repositories, or
 * adopted them by consent. There is one read of that stack's outputs; none where the stack creates repositories itself,
 * or where `fleet:repositoryIds` names every repository.
 */
export async function readOwnerStack(spec: FleetSpec, read: ReadOutputs): Promise<OwnerStack> {
  const { repositoryOwner } = spec.github;
  if (managedNames(spec).every((name) => configuredId(name, spec) !== undefined)) return {};
  try {
    const found = outputs.parse(await read(repositoryOwner))[REPOSITORY_IDS_OUTPUT];
    // The SDK has no text for the id of a repository that failed in an update which went on.
    const known = Object.entries(found).flatMap(([name, id]) => (typeof id === "string" ? [[name, id] as const] : []));
    return { ids: new Map(known.map(([name, id]) => [name.toLowerCase(), id])) };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  const [reason = ""] = messageOf(error).split("\n", 1);
  return reason;
}

/**
 * Adds the repositories that the owner's outputs do not have yet. The engine writes outputs when an update ends well. An
 * update that fails has written its resources, so a repository that it created is among these. They hold secrets of that
 * stack, and so need its passphrase. There is no read while the outputs know every repository.
 */
export async function withOwnersResources(
  owner: OwnerStack,
  { spec, repositories, stated }: LookedUp,
  read: ReadResources,
): Promise<OwnerStack> {
  const { ids } = owner;
  const isProven = (name: string) => {
    const found = findRepository(repositories, name);
    return (
      found === undefined ||
      configuredId(name, spec) !== undefined ||
      isSameNode(found.nodeId, expectedId(name, spec, { owner, stated }))
    );
  };
  if (ids === undefined || managedNames(spec).every(isProven)) return owner;
  try {
    const { managed } = indexState(await read(spec.github.repositoryOwner), TENANT_LABEL);
    const found = [...managed].flatMap(([name, id]) => (id === undefined ? [] : [[name, id] as const]));
    return { ids: new Map([...ids, ...found]) };
  } catch (error) {
    return { ids, reason: reasonOf(error) };
  }
}

interface LookedUp {
  readonly spec: FleetSpec;
  readonly repositories: ExistingRepositories;
  readonly stated: Pick<StateIndex, "ids">;
}

/** Names of the repositories that another stack creates, and that this one uses. */
export function managedNames({ github, platform, tenants }: FleetSpec): readonly string[] {
  if (github.ownsRepositories) return [];
  const ofTenants = tenants.flatMap(({ repositories }) => repositories.filter(({ existing }) => !existing));
  return [platform.repository.name, ...ofTenants.map(({ name }) => name)];
}

type Ids = Pick<FleetSpec, "repositoryIds">;

/** The id that `fleet:repositoryIds` allows for a name. GitHub does not tell upper from lower case. */
function configuredId(name: string, { repositoryIds }: Ids): string | undefined {
  const lower = name.toLowerCase();
  return Object.entries(repositoryIds).find(([one]) => one.toLowerCase() === lower)?.[1];
}

/**
 * The id that a repository must have: by `fleet:repositoryIds`, by the state of the stack that creates it, or by the
 * state of this stack, which created it before `fleet:repositoryOwner` was changed.
 */
export function expectedId(
  name: string,
  spec: Ids,
  { owner, stated }: { readonly owner: OwnerStack; readonly stated: Pick<StateIndex, "ids"> },
): string | undefined {
  const lower = name.toLowerCase();
  return configuredId(name, spec) ?? owner.ids?.get(lower) ?? stated.ids.get(lower);
}

interface Identity {
  /** The id that the repository must have. Undefined when nothing says one. */
  readonly expected: string | undefined;
  readonly owner: OwnerStack;
  readonly repositoryOwner: string;
  /** Who may change the repository, in brackets. */
  readonly people: string;
}

/** A repository that another stack creates, and that is not, or may not be, that stack's. */
export function identityConflicts(
  found: ExistingRepository | undefined,
  { expected, owner, repositoryOwner, people }: Identity,
): Conflict[] {
  if (found === undefined) return [];
  const { nodeId } = found;
  const isUnknown = expected === undefined;
  const allow = `pulumi config set --path 'fleet:repositoryIds["${found.name}"]' ${nodeId ?? "ID"}`;
  return [
    {
      when: isUnknown && owner.ids !== undefined && owner.reason !== undefined,
      message: `exists, and the outputs of the stack ${repositoryOwner} do not have it, and its resources could not be read (${owner.reason}), so it may be another's with fleet's mark${people}`,
      fix: `Run pulumi up on the stack ${repositoryOwner} until it ends well. Or check the repository's content and its people, and then allow it by its id: ${allow}`,
    },
    {
      when: isUnknown && owner.ids !== undefined,
      message: `exists, and the state of the stack ${repositoryOwner} does not have it, so it may be another's with fleet's mark${people}`,
      fix: `Run pulumi up on the stack ${repositoryOwner} first`,
    },
    {
      when: isUnknown,
      message: `exists, and the state of the stack ${repositoryOwner} could not be read (${owner.reason}), so it may be another's with fleet's mark${people}`,
      fix: `Use the backend of that stack. Or check the repository's content and its people, and then allow it by its id: ${allow}`,
    },
    {
      when: !isSameNode(nodeId, expected),
      message: `is another repository than the one that the stack ${repositoryOwner} created: it was made again, or another one took its name${people}`,
      fix: `Check its content and its people. If it is fleet's own, run pulumi up on the stack ${repositoryOwner} first, and correct fleet:repositoryIds if that names it`,
    },
  ];
}
