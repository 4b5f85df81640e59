import { execa } from "execa";
import { definedOnly } from "../../lib/data/defined-only.js";
import { endingSignal } from "../diff/end-by-signal.js";
import type { KustomizeProgram } from "./kustomize-program.js";

/** The limits of one build. */
export interface BuildLimits {
  /** Seconds of processor time, and of time. */
  readonly seconds: number;
  /** Address space, which is more than the memory that is used. */
  readonly memoryMiB: number;
  readonly outputMiB: number;
}

/** The platform's own build takes a tenth of a second and 60 MB. */
const defaultLimits: BuildLimits = { seconds: 30, memoryMiB: 4096, outputMiB: 32 };

/** The outcome of a build: manifests as YAML, or kustomize's own words. */
export type KustomizeResult = { readonly manifests: string } | { readonly error: string };

/** The input of one build. */
export interface KustomizeRun {
  readonly program: KustomizeProgram;
  /** Absolute path of the folder to build. */
  readonly folder: string;
  /** An empty folder, which stands for the user's own. */
  readonly home: string;
}

/**
 * Builds a folder. The files may be anyone's, so kustomize gets neither a credential nor another program, and limits of time
 * and memory. It reads files of the folder alone, and of the folders that it names; it has neither plugins nor Helm, which
 * are off unless a flag turns them on. It finds no git, and a proxy that does not exist, so it reaches no other machine.
 */
export async function runKustomize(
  { program, folder, home }: KustomizeRun,
  limits: BuildLimits = defaultLimits,
): Promise<KustomizeResult> {
  const { seconds, memoryMiB, outputMiB } = limits;
  // A shell sets the limits. Systems that cannot limit memory, such as macOS, run without that limit.
  const script = `ulimit -t ${seconds}; ulimit -v ${memoryMiB * 1024} 2>/dev/null; exec "$@"`;
  const command = [program.file, ...program.args, "--load-restrictor=LoadRestrictionsRootOnly", folder];
  const result = await execa("/bin/sh", ["-c", script, "sh", ...command], {
    cwd: home,
    env: isolated(home),
    extendEnv: false,
    stdin: "ignore",
    timeout: seconds * 1000,
    maxBuffer: outputMiB * 1024 * 1024,
    forceKillAfterDelay: 1000,
    reject: false,
    ...definedOnly({ cancelSignal: endingSignal() }),
  });
  endingSignal()?.throwIfAborted();
  if (!result.failed) return { manifests: result.stdout };
  if (result.isMaxBuffer) return { error: `builds more than ${outputMiB} MiB` };
  // The system ends a process that exceeds its processor time by SIGKILL.
  if (result.timedOut || result.signal === "SIGKILL") return { error: `takes more than ${seconds} s` };
  const words = result.stderr.trim();
  return { error: result.isTerminated || lacksMemory(words) ? `takes more than ${memoryMiB} MiB of memory` : words };
}

function isolated(home: string): Readonly<Record<string, string>> {
  // Port 9 discards: nothing listens there.
  const nowhere = "http://127.0.0.1:9";
  return {
    PATH: home,
    HOME: home,
    TMPDIR: home,
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    NO_PROXY: "",
    GIT_ALLOW_PROTOCOL: "none",
    KUBECTL_KUBERC: "false",
    GOMAXPROCS: "2",
  };
}

/** Go's runtime ends with a stack trace of many lines. */
function lacksMemory(words: string): boolean {
  return /^fatal error: .*memory/m.test(words.slice(0, 2000));
}
