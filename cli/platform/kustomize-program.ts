import { existsSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { execa } from "execa";

/** A program that runs kustomize. */
export interface KustomizeProgram {
  /** Absolute path. */
  readonly file: string;
  /** Arguments before the folder to build. */
  readonly args: readonly string[];
}

/** ms that a program may take to print its version. */
const timeoutMs = 10_000;

/** The oldest major version of kustomize, that of Flux. */
const OLDEST_MAJOR = 5;

/** How to get kustomize, for messages. */
export const KUSTOMIZE_ADVICE = `Install kubectl or kustomize ${OLDEST_MAJOR} or newer on PATH, or run npx fleet sandbox build kubectl`;

/**
 * The kustomize of this machine: that of the sandbox's kubectl, if it is built; else the first of PATH that is new enough.
 * @returns undefined if there is none
 */
export async function findKustomize(environment: NodeJS.ProcessEnv): Promise<KustomizeProgram | undefined> {
  const built = await builtKubectl(environment);
  if (built !== undefined) return { file: built, args: ["kustomize"] };
  const folders = (environment.PATH ?? "").split(delimiter).filter(isAbsolute);
  for (const folder of folders) {
    for (const candidate of candidates(folder)) {
      if (await isNewEnough(candidate, environment)) return { file: candidate.file, args: candidate.args };
    }
  }
  return undefined;
}

/** The kubectl that the sandbox has built. Its place depends on Go, so there is none without Go. */
async function builtKubectl(environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const [{ planToolchain }, { recipes }, { ToolchainError }] = await Promise.all([
    import("@fleet/sandbox/toolchain/plan"),
    import("@fleet/sandbox/toolchain/recipes"),
    import("@fleet/sandbox/toolchain/error"),
  ]);
  try {
    const { wanted } = await planToolchain({
      // The keys of other parts would need more files.
      recipes: recipes.filter(({ name }) => name === "kubectl"),
      // Programs that stand in for parts are looked for on PATH.
      environment: { ...environment, FLEET_PARTS: "" },
    });
    return wanted.map(({ file }) => file).find(existsSync);
  } catch (error) {
    if (error instanceof ToolchainError) return undefined;
    throw error;
  }
}

interface Candidate extends KustomizeProgram {
  readonly versionArgs: readonly string[];
  readonly version: RegExp;
}

function candidates(folder: string): Candidate[] {
  return [
    {
      file: join(folder, "kustomize"),
      args: ["build"],
      versionArgs: ["version"],
      version: /v(\d+)\.\d+\.\d+/,
    },
    {
      file: join(folder, "kubectl"),
      args: ["kustomize"],
      versionArgs: ["version", "--client", "--output=json"],
      version: /"kustomizeVersion":\s*"v(\d+)\./,
    },
  ];
}

async function isNewEnough(
  { file, versionArgs, version }: Candidate,
  environment: NodeJS.ProcessEnv,
): Promise<boolean> {
  if (!(await isExecutable(file))) return false;
  const { PATH, HOME, TMPDIR } = environment;
  const { stdout, failed } = await execa(file, versionArgs, {
    env: { PATH, HOME, TMPDIR },
    extendEnv: false,
    stdin: "ignore",
    timeout: timeoutMs,
    reject: false,
  });
  const [, major] = version.exec(stdout) ?? [];
  return !failed && Number(major) >= OLDEST_MAJOR;
}

async function isExecutable(file: string): Promise<boolean> {
  return await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
