import { type Command, Option } from "commander";
import { requireStack } from "../stacks.js";

/** `--live`. */
export function liveOption(): Option {
  return new Option(
    "--live",
    "compare one stack with the real world, by a preview of the engine: changes by hand and existing objects show; needs pulumi, the stack's backend, KUBECONFIG and GITHUB_TOKEN",
  )
    .conflicts(["base", "withoutFlux", "comment"])
    .default(false);
}

/** `--refresh`. */
export function refreshOption(): Option {
  return new Option("--refresh", "with --live: read each object of the cluster and of GitHub, but no Secret").default(
    false,
  );
}

/** The arguments of a command that may compare with the real world. */
interface LiveStackArgs {
  readonly root: string;
  readonly named: readonly string[];
  readonly live: boolean;
  readonly refresh: boolean;
}

/**
 * The stack that `--live` compares. KUBECONFIG leads to one cluster, so it is exactly one. Otherwise the command ends with exit
 * code 2.
 * @returns undefined without `--live`
 */
export async function requireLiveStack(
  command: Command,
  { root, named, live, refresh }: LiveStackArgs,
): Promise<string | undefined> {
  if (!live && refresh) return command.error("error: --refresh needs --live. Without it, nothing real is read.");
  if (!live) return undefined;
  const [stack, ...others] = named;
  if (stack !== undefined && others.length === 0) return await requireStack(command, root, stack);
  return command.error("error: --live needs the name of one stack: npx fleet diff --live STACK");
}
