import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { allProcesses, treeOf } from "@fleet/sandbox/process/process-tree";
import { execa } from "execa";

/** Where the engine runs, with which variables, and for how long. */
export interface EngineOptions {
  /** Folder of the program. @default that of the sandbox */
  readonly cwd?: string;
  /** Variables in place of, or beside, the environment's; `undefined` takes one away. @default none */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** ms. @default 10 minutes */
  readonly timeout?: number;
  /** Whether the engine prints colors. @default never */
  readonly color?: "always" | "never";
}

/** Repositories and teams that an update takes over, by name. The stack's file keeps it. */
export interface Adoption {
  readonly repositories?: readonly string[];
  readonly teams?: readonly string[];
}

/** The repositories of the fixtures that a stack creates. */
export const fixtureRepositories = ["platform", "tenant-template", "team-payments", "team-search"];

/** How a run of the engine ended. */
export interface EngineResult {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  /** Both outputs as a person would see them. */
  readonly all: string;
}

/** A resource in a stack's state, as far as tests look at it. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** The part of a state's file that tests look at. A stack that was never updated has no `latest`. */
interface Checkpoint {
  readonly latest?: { readonly resources?: StateResource[] };
}

/** The number of changes of an engine run: `{ create: 3, same: 103 }`. */
export type ChangeSummary = Readonly<Record<string, number>>;

/** Has the engine write the state at the end instead of after every step. */
const noCheckpoints = { PULUMI_SKIP_CHECKPOINTS: "true" } as const;

/**
 * How the engine and its providers use memory: they end after seconds, so collecting garbage that often as a server does
 * (global.ts) takes a tenth of their processor time.
 */
export const shortLived = { GOGC: "800", GOMEMLIMIT: "512MiB" } as const;

/** The arguments of an update without a preview. The consent is kept in the stack's file. */
function quickUp(adopt: Adoption): string[] {
  const consent = Object.entries(adopt).flatMap(([kind, names]: [string, readonly string[]]) =>
    names.map((name, index) => `--config=fleet:adopt.${kind}[${index}]=${name}`),
  );
  return ["up", "--yes", "--skip-preview", ...(consent.length > 0 ? ["--config-path", ...consent] : [])];
}

/** Kills a process, unless it has ended already. */
export function endAtOnce(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** The real `pulumi` on one stack of a test's sandbox. */
export class Engine {
  /**
   * @param variables environment variables, those of the sandbox among them
   * @param program folder of the program
   */
  constructor(
    readonly stack: string,
    private readonly variables: Readonly<Record<string, string>>,
    private readonly program: string,
  ) {}

  /** Runs `pulumi ARGS --stack STACK`; an exit code other than 0 is an answer like any other. */
  async run(args: readonly string[], options: EngineOptions = {}): Promise<EngineResult> {
    const { cwd = this.program, env = {}, timeout = 600_000, color = "never" } = options;
    const result = await execa("pulumi", [...args, "--non-interactive", "--color", color, "--stack", this.stack], {
      cwd,
      env: { ...this.variables, ...shortLived, ...env },
      stdin: "ignore",
      all: true,
      reject: false,
      timeout,
    });
    assert.equal(result.timedOut, false, `pulumi ${args[0]} took longer than ${timeout} ms:\n${result.all}`);
    return { exitCode: result.exitCode, stdout: result.stdout, all: result.all };
  }

  /** Runs it and insists that it goes well. */
  async succeed(args: readonly string[], options: EngineOptions = {}): Promise<EngineResult> {
    const result = await this.run(args, options);
    assert.equal(result.exitCode, 0, `pulumi ${args.join(" ")} failed:\n${result.all}`);
    return result;
  }

  /**
   * `pulumi up` that must go well, the quick way: what a person's costs and prints has tests of its own
   * (main-job/first-up.test.ts). It begins with no preview, which runs the whole program and asks the cluster about every
   * object once more; and the state, megabytes with Flux's CRDs, is written at the end and not with every step.
   * @see https://github.com/pulumi/pulumi/issues/10668
   */
  up({ env, adopt = {}, ...options }: EngineOptions & { readonly adopt?: Adoption } = {}): Promise<EngineResult> {
    return this.succeed(quickUp(adopt), { ...options, env: { ...noCheckpoints, ...env } });
  }

  /**
   * `pulumi up` that is killed, with its providers and the program, once it has printed a text. The state stays as it was
   * before, because it would be written at the end. The stack stays locked.
   */
  async upKilled(text: string, adopt: Adoption, cwd = this.program): Promise<void> {
    const args = [...quickUp(adopt), "--non-interactive", "--color", "never", "--stack", this.stack];
    const env = { ...this.variables, ...shortLived, ...noCheckpoints };
    const options = { cwd, env, all: true, stdin: "ignore", reject: false } as const;
    const engine = execa("pulumi", args, { ...options, timeout: 600_000 });
    let killed = false;
    for await (const line of engine.iterable({ from: "all" })) {
      if (killed || !line.includes(text) || engine.pid === undefined) continue;
      killed = true;
      // The engine gives each provider a process group of its own, and providers outlive it.
      for (const { pid } of treeOf(engine.pid, await allProcesses())) endAtOnce(pid);
    }
    const { signal, all } = await engine;
    assert.equal(signal, "SIGKILL", `pulumi up ended before it was killed:\n${all}`);
  }

  /** `pulumi up`, unless one of the files that share the stack has brought it up already. */
  async ensureUp(): Promise<void> {
    if ((await this.registered()).length === 0) await this.up();
  }

  /** `pulumi up` that must go well and change nothing. It replaces a preview without changes where an update follows. */
  unchangedUp({ env, ...options }: EngineOptions = {}): Promise<EngineResult> {
    const args = ["up", "--yes", "--skip-preview", "--expect-no-changes"];
    return this.succeed(args, { ...options, env: { ...noCheckpoints, ...env } });
  }

  /** `pulumi destroy` that must go well, the quick way, too. */
  destroy({ env, ...options }: EngineOptions = {}): Promise<EngineResult> {
    return this.succeed(["destroy", "--yes", "--skip-preview"], { ...options, env: { ...noCheckpoints, ...env } });
  }

  /** `pulumi up` that must fail; answers with what it said. */
  async upFails({ env, ...options }: EngineOptions = {}): Promise<string> {
    const quick = { ...options, env: { ...noCheckpoints, ...env } };
    const { exitCode, all } = await this.run(["up", "--yes", "--skip-preview"], quick);
    assert.notEqual(exitCode, 0, `pulumi up was expected to fail:\n${all}`);
    return all;
  }

  /** The changes that `pulumi preview` shows. */
  async preview(options?: EngineOptions): Promise<ChangeSummary> {
    const { stdout } = await this.succeed(["preview", "--json"], options);
    return (JSON.parse(stdout) as { changeSummary: ChangeSummary }).changeSummary;
  }

  /** The stack's outputs. @param secrets whether secret ones are shown. @default false */
  async outputs(secrets = false): Promise<Record<string, unknown>> {
    const args = ["stack", "output", "--json", ...(secrets ? ["--show-secrets"] : [])];
    const { stdout } = await this.succeed(args);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** The text of the stack's state, secrets encrypted. */
  async exportText(): Promise<string> {
    return (await this.succeed(["stack", "export"])).stdout;
  }

  /** The types of what a program registered, without the stack, and the provider that reads the stack's own state. */
  async registered(): Promise<string[]> {
    const types = (await this.resources()).map(({ type }) => type);
    return types.filter((type) => type !== "pulumi:pulumi:Stack" && type !== "pulumi:providers:pulumi");
  }

  /**
   * Everything in the stack's state, from its file in the sandbox's backend. `pulumi stack export` says the same, after
   * 0.2 s of processor time for the key of the stack's secrets.
   */
  async resources(): Promise<StateResource[]> {
    const backend = fileURLToPath(this.variables.PULUMI_BACKEND_URL ?? "");
    const file = join(backend, ".pulumi", "stacks", "fleet", `${this.stack}.json`);
    const { checkpoint } = JSON.parse(await readFile(file, "utf8")) as { readonly checkpoint: Checkpoint };
    return checkpoint.latest?.resources ?? [];
  }
}
