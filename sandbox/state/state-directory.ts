import { join, resolve } from "node:path";
import { SandboxError } from "../lib/sandbox-error.js";

/** Folder of the checkout that this file belongs to. */
export const checkout = join(import.meta.dirname, "../..");

/**
 * Directory of everything that a sandbox keeps: FLEET_SANDBOX_DIR when set, otherwise `.sandbox` in the checkout. It is
 * one sandbox: two directories, two sandboxes, which may run side by side.
 */
export function stateDirectory(environment: NodeJS.ProcessEnv): string {
  const chosen = environment.FLEET_SANDBOX_DIR;
  return chosen ? resolve(chosen) : join(checkout, ".sandbox");
}

/** The paths below a state directory. Their owner alone may read them. */
export function statePaths(directory: string) {
  const pulumi = join(directory, "pulumi");
  return {
    directory,
    /** The locked path while a command changes the sandbox; the lock itself is `LOCK.lock`. */
    lock: join(directory, "sandbox"),
    /** GitHub token and passphrase. */
    secrets: join(directory, "secrets.json"),
    /** One record for each daemon, `NAME.json`. */
    daemons: join(directory, "daemons"),
    record: (name: string) => join(directory, "daemons", `${name}.json`),
    /** Output of a daemon. */
    logs: join(directory, "logs"),
    log: (name: string) => join(directory, "logs", `${name}.log`),
    /** The GitHub emulator's repositories, keys and ports. */
    github: join(directory, "github"),
    /** One folder for each cluster: its database, certificates and the Flux controllers' volumes. */
    environments: join(directory, "environments"),
    environment: (stack: string) => join(directory, "environments", stack),
    /** Charts that were added to those of the toolchain. */
    charts: join(directory, "charts"),
    /** First in PATH: our `pulumi`, and the `flux` that is built at its first run. */
    bin: join(directory, "bin"),
    pulumi,
    /** PULUMI_HOME. */
    pulumiHome: join(pulumi, "home"),
    /** Where stacks' states lie. */
    pulumiBackend: join(pulumi, "backend"),
    /** A project of the same name as ours, in which stacks are created: the engine writes a salt where it creates one. */
    pulumiProject: join(pulumi, "project"),
    /** Copies of stack configuration files that the engine may write to. */
    pulumiConfig: join(pulumi, "config"),
  } as const;
}

/** Where what lies below a state directory. */
export type StatePaths = ReturnType<typeof statePaths>;

/** Directories of one environment. */
export function environmentPaths(paths: StatePaths, stack: string) {
  const directory = paths.environment(stack);
  return {
    directory,
    controlPlane: join(directory, "control-plane"),
    fluxRunner: join(directory, "flux-runner"),
    /** The authority of the sandbox's registries. */
    registries: join(directory, "registries"),
  } as const;
}

/** The name of the daemon of what all environments share. */
export const githubDaemon = "github";

/** The stack whose environment a daemon hosts, if it hosts one. */
export function environmentOf(name: string): string | undefined {
  return /^environment-(.+)$/.exec(name)?.[1];
}

/** The name of the daemon of one environment. */
export function environmentDaemon(stack: string): string {
  return `environment-${stack}`;
}

/**
 * Refuses what cannot be the name of a stack: it becomes part of paths and of the cluster's name.
 * @throws SandboxError
 */
export function checkStackName(stack: string): string {
  if (!/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(stack)) {
    throw new SandboxError(
      `${JSON.stringify(stack)} cannot be the name of a stack.`,
      "use lower-case letters, digits and hyphens, at most 40, as in staging or prod-eu.",
    );
  }
  return stack;
}
