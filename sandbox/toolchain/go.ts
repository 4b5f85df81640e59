import { availableParallelism } from "node:os";
import type { Readable } from "node:stream";
import { execa } from "execa";
import { oldestGit } from "../github/git/oldest-git.js";
import { isOlder } from "../lib/is-older.js";
import { guard } from "../process/guard.js";
import { adviceFor, lastLogLines, ToolchainError } from "./error.js";
import { garbageCollection } from "./garbage-collection.js";

/** The oldest Go whose language the module folders need (`go` line of their go.mod). */
export const oldestGo = "1.26.6";

/** For every call: of the keys as well, because they change what comes out. */
const flags = [
  // The pins are not to be touched.
  "-mod=readonly",
  // The linker leaves debug information out; this saves the compiler the work: 5 % of its time.
  "-gcflags=all=-dwarf=false",
  // Google's storage client without its clients for Google's own network, a tenth of the engine.
  "-tags=disable_grpc_modules",
];

/** The Go of this machine, and how it is called so that nothing but the recipe decides what comes out. */
export interface Go {
  /** The settings that determine its outputs: version, system, processor features, experiments. */
  readonly settings: Readonly<Record<string, string>>;
  /** The whole environment for every call of it. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Finds Go, and git beside it (the sandbox serves real repositories).
 * @throws ToolchainError naming the tool that is missing or too old
 */
export async function findGo(environment: NodeJS.ProcessEnv): Promise<Go> {
  const own = {
    ...garbageCollection({ processors: availableParallelism(), availableBytes: process.availableMemory() }),
    ...environment,
    // A machine may have set any flag in GOFLAGS (`go env -w` too, which an empty value would not override).
    GOFLAGS: flags.join(" "),
    GOWORK: "off",
    // Never download another Go behind the user's back; which one builds is part of the cache key.
    GOTOOLCHAIN: "local",
    // Without cgo no C compiler is needed, the results are static, a quarter smaller, and the same wherever built.
    CGO_ENABLED: "0",
  };
  const settings = await readSettings(own);
  await requireGit(own);
  const version = settings.GOVERSION ?? "";
  if (isOlder(version, oldestGo)) {
    throw new ToolchainError(
      "go",
      `go on PATH is ${version}, but the sandbox's parts need go${oldestGo} or newer`,
      `install Go ${oldestGo} or newer (https://go.dev/dl/), and have it first on PATH.`,
    );
  }
  const { GOHOSTOS = "", GOHOSTARCH = "", ...rest } = settings;
  // The parts run here, whatever GOOS and GOARCH a user builds other programs for.
  const system = { GOOS: GOHOSTOS, GOARCH: GOHOSTARCH };
  const { CGO_ENABLED, GOFLAGS } = own;
  return { settings: { ...rest, ...system, CGO_ENABLED, GOFLAGS }, environment: { ...own, ...system } };
}

/** The context of a {@link callGo}. */
export interface GoCall {
  /** Folder of the main module. */
  readonly cwd: string;
  /** Part that the call is for, for error messages. */
  readonly part: string;
  readonly signal?: AbortSignal;
  /** Told each line that Go writes, as it comes. */
  readonly onLine?: (line: string) => void;
}

/**
 * Runs `go ARGS` and answers its standard output.
 * @throws ToolchainError naming the part, with the command's last words
 */
export function callGo(go: Go, args: readonly string[], { part, ...options }: GoCall): Promise<string> {
  return call("go", args, part, { environment: go.environment, ...options });
}

/** The same Go, whose `go build` prints each package that it compiles (`-v`). That changes nothing in its result. */
export function verbose({ settings, environment }: Go): Go {
  return { settings, environment: { ...environment, GOFLAGS: `${environment.GOFLAGS} -v` } };
}

/** Downloads the modules of the packages that a program consists of, as far as Go's cache lacks them. */
export async function downloadPackages(go: Go, path: string, options: GoCall): Promise<void> {
  await callGo(go, ["list", "-deps", path], options);
}

/** A downloaded module: the version that go.mod pins, and the folder in Go's module cache. */
export interface ModuleFolder {
  readonly version: string;
  readonly dir: string;
}

/** Downloads modules at the versions that the main module pins; by path. Go checks them against go.sum. */
export async function downloadModules(
  go: Go,
  paths: readonly string[],
  options: GoCall,
): Promise<ReadonlyMap<string, ModuleFolder>> {
  const output = await callGo(go, ["mod", "download", "-json", ...paths], options);
  // One JSON object after the other, each closed by a brace in the first column.
  const objects = output.split(/(?<=^})\n/m).filter((text) => text.trim() !== "");
  return new Map(
    objects.map((text) => {
      const { Path, Version, Dir } = JSON.parse(text) as { Path: string; Version: string; Dir: string };
      return [Path, { version: Version, dir: Dir }] as const;
    }),
  );
}

/** How {@link call} runs a command. */
export interface CallOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
  /** Advice for a missing command. @default "install COMMAND" */
  readonly advice?: string;
}

/**
 * Runs a command and answers its standard output.
 * @param part what it is run for: named by the error
 * @throws ToolchainError when it is missing, fails, or is cancelled
 */
export async function call(
  command: string,
  args: readonly string[],
  part: string,
  { environment, cwd, signal, onLine, advice }: CallOptions,
): Promise<string> {
  const child = execa(command, args, {
    env: environment,
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    maxBuffer: 50_000_000,
    // A group of its own, for its guard: Go starts compilers and linkers, which would go on for a while without it.
    detached: true,
    ...(cwd === undefined ? {} : { cwd }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  if (onLine !== undefined) forEachLine(child.stderr, onLine);
  const release = child.pid === undefined ? undefined : await guard(-child.pid);
  const result = await child;
  release?.();
  if (!result.failed) {
    return result.stdout;
  }
  if (result.code === "ENOENT") {
    throw new ToolchainError(part, `${command} is not on PATH`, advice ?? `install ${command}, and have it on PATH.`);
  }
  const how = result.signal ? `ended by ${result.signal}` : `exit code ${result.exitCode ?? "unknown"}`;
  throw new ToolchainError(
    part,
    `${part} failed: \`${command} ${args[0] ?? ""}\`, ${how}`,
    adviceFor(`${result.stderr}\n${result.signal === "SIGKILL" ? "signal: killed" : ""}`, repeatable(command, args)),
    lastLogLines(result.stderr || result.stdout),
  );
}

/** Calls back with each complete line of a stream. Its errors are for its other readers. */
function forEachLine(stream: Readable, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8").on("data", (text: string) => {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") onLine(line);
  });
}

async function requireGit(environment: NodeJS.ProcessEnv): Promise<void> {
  const advice = `install Git ${oldestGit} or newer (https://git-scm.com/downloads), and have it first on PATH.`;
  const version = (await call("git", ["--version"], "git", { environment, advice })).trim();
  if (!isOlder(version, oldestGit)) return;
  throw new ToolchainError("git", `git on PATH is ${version}, but the sandbox needs ${oldestGit} or newer`, advice);
}

async function readSettings(environment: NodeJS.ProcessEnv): Promise<Record<string, string>> {
  const names = ["GOVERSION", "GOHOSTOS", "GOHOSTARCH", "GOAMD64", "GOARM64", "GOEXPERIMENT", "GOFIPS140"];
  const output = await call("go", ["env", "-json", ...names], "go", {
    environment,
    advice: `install Go ${oldestGo} or newer (https://go.dev/dl/), and have it on PATH.`,
  });
  return JSON.parse(output) as Record<string, string>;
}

function repeatable(command: string, args: readonly string[]): string {
  return [command, ...args.map((arg) => (/^[\w./:@=-]+$/.test(arg) ? arg : `'${arg}'`))].join(" ");
}
