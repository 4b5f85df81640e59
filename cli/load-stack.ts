import type { Locate } from "../config/files/location.js";
import type { FleetSpec } from "../config/fleet-spec.js";
import type { StackFile } from "../config/stack/stack-file.js";
import { problemsOf } from "../lib/diagnostics/collect-problems.js";
import { FleetError, fleetError, type Problem } from "../lib/diagnostics/problem.js";

/** A stack's files, read without credentials, a cluster or GitHub. */
export interface LoadedStack {
  /** The spec. Undefined where there are problems, or where an encrypted setting hides one that is needed. */
  readonly spec: FleetSpec | undefined;
  /** Returns the place of a tenant's setting. Undefined without a spec. */
  readonly locate?: Locate;
  readonly problems: readonly Problem[];
  /** Full keys of settings whose values are encrypted, so that they could not be checked. */
  readonly uncheckedKeys: readonly string[];
  /** The program's settings without `fleet:`, as text. */
  readonly config: Readonly<Record<string, string>>;
}

/** Options of a command, which reads less strictly than the program. */
export interface LoadOptions {
  /** Returns the placeholder of an encrypted value, by its ciphertext: an address. @default - always the same */
  readonly placeholderOf?: (ciphertext: string) => string;
  /** Whether a stack with a predecessor may leave out revisions that it follows. @default false */
  readonly allowUnpinned?: boolean;
  /** Whether the charts of `fleet/` must be pinned, as `pulumi up` demands it. @default false */
  readonly checkCharts?: boolean;
  /** Version of Flux that needs no entry of flux.lock.json. @default - every version needs one */
  readonly unlocked?: string;
  /** Folder whose `fleet/` counts: a checkout of the platform's repository. @default - the stack's own */
  readonly platformRoot?: string;
}

/**
 * Reads a stack's files, with all problems at once.
 * @param root folder that has `stacks/` and `fleet/`
 */
export async function loadStack(root: string, stack: string, options: LoadOptions = {}): Promise<LoadedStack> {
  const { placeholderOf, allowUnpinned = false, checkCharts = false, unlocked, platformRoot = root } = options;
  // Imported here, because the other commands need neither the parsers nor the schemas.
  const [{ readStackFile }, { loadFleetSpec }, { lockProblems }] = await Promise.all([
    import("../config/stack/stack-file.js"),
    import("../config/load.js"),
    import("../flux/release/lock.js"),
  ]);
  const file = readStackFile(root, stack, placeholderOf);
  const { config, disabledDefaultProviders, encryptedKeys, uncheckedKeys } = file;
  try {
    const { spec, locate } = loadFleetSpec({
      root,
      platformRoot,
      stack,
      config,
      disabledDefaultProviders,
      filesOnly: true,
      checkCharts,
      allowUnpinned,
      environment: { PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(encryptedKeys) },
      additionalProblems: [
        ...file.problems,
        ...lockProblems(root, config.fluxVersion === unlocked ? undefined : config.fluxVersion),
      ],
    });
    return { spec, locate, problems: [], uncheckedKeys, config };
  } catch (error) {
    return { spec: undefined, problems: relevantProblems(problemsOf(error), file), uncheckedKeys, config };
  }
}

/** The spec of a stack. @throws FleetError with the problems of its files, and where encrypted settings hide it */
export async function requireSpec(root: string, stack: string): Promise<FleetSpec> {
  const { spec, problems, uncheckedKeys } = await loadStack(root, stack);
  if (problems.length > 0) throw new FleetError(problems);
  if (spec !== undefined) return spec;
  const message = `is encrypted, so the tenants of the stack are unknown: ${uncheckedKeys.join(", ")}`;
  throw fleetError(`Pulumi.${stack}.yaml`, "", message, "Set it without --secret");
}

/** Problems with the lines of the stack's file, without those that follow from an unreadable or encrypted value. */
function relevantProblems(
  problems: readonly Problem[],
  { file, problems: own, uncheckedKeys, lineOf }: StackFile,
): readonly Problem[] {
  return problems.flatMap((problem) => {
    if (problem.file !== file) return [problem];
    const [key = ""] = problem.path.split(/[.[]/, 1);
    const isRelevant = own.length > 0 ? own.includes(problem) : !uncheckedKeys.includes(key);
    return isRelevant ? [{ ...problem, line: problem.line ?? lineOf(problem.path) }] : [];
  });
}
