import { readdirSync } from "node:fs";
import type { Command } from "commander";
import { didYouMean, nearMatches } from "../lib/diagnostics/near-match.js";

/** Every stack of a checkout that has an overlay folder or a `Pulumi.STACK.yaml`, sorted. */
export async function findStacks(root: string): Promise<readonly string[]> {
  // Imported here, because it loads parsers and schemas that other commands do not need.
  const files = await import("../config/files/tenant-files.js");
  const withFile = readdirSync(root).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  return [...new Set([...files.findStacks(root).stacks, ...withFile])].sort();
}

/**
 * Returns a stack that a command was given, if the checkout has it. Otherwise the command ends with exit code 2.
 * @param further stacks that the command takes as well. @default none
 */
export async function requireStack(
  command: Command,
  root: string,
  stack: string,
  further: readonly string[] = [],
): Promise<string> {
  if (further.includes(stack)) return stack;
  const stacks = await findStacks(root);
  if (stacks.includes(stack)) return stack;
  const known = stacks.length === 0 ? "This checkout has no stack." : `The stacks are ${stacks.join(", ")}.`;
  const remedy = didYouMean(nearMatches(stack, [...stacks, ...further]), known);
  return command.error(`error: there is no stack ${JSON.stringify(stack)}. ${remedy}`);
}

/**
 * The stack that a command means without an argument: the one that creates the repositories, since every other stack
 * needs them. If the settings do not name one, it is the only stack. Otherwise the command ends with exit code 2.
 */
export async function defaultStack(command: Command, root: string): Promise<string> {
  const stacks = await findStacks(root);
  const { readStackFile } = await import("../config/stack/stack-file.js");
  const owners = new Set(stacks.map((stack) => readStackFile(root, stack).config.repositoryOwner));
  const candidates = stacks.filter((stack) => owners.has(stack));
  const [stack, ...others] = candidates.length > 0 ? candidates : stacks;
  if (stack !== undefined && others.length === 0) return stack;
  const reason = stack === undefined ? "this checkout has no stack" : "the settings do not say which stack comes first";
  return command.error(`error: ${reason}. Name one${stack === undefined ? "" : ` of ${stacks.join(", ")}`}.`);
}
