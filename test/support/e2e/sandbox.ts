import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { down, sandboxEnvironment, up } from "@fleet/sandbox";
import { processStart } from "@fleet/sandbox/process/orphans";
import { claimStateDirectory } from "@fleet/sandbox/state/ownership";
import { statePaths } from "@fleet/sandbox/state/state-directory";
import { ensureToolchain, type Toolchain } from "@fleet/sandbox/toolchain";
import { atEnd } from "./at-end.js";
import { Emulator } from "./emulator.js";
import { Engine } from "./engine.js";
import { GitClone } from "./git-clone.js";
import { KubernetesClients } from "./kubernetes-clients.js";
import { copyProgram } from "./program-copy.js";

/** Names of the stacks of the fixtures. */
export type StackName = "staging" | "prod-eu";

/** One environment of a test's sandbox. */
export interface TestEnvironment {
  readonly stack: string;
  /** Variables for programs that a test starts; with secrets. */
  readonly variables: Readonly<Record<string, string>>;
  /** The Kubernetes API, as an administrator or as someone else. */
  readonly kubernetes: KubernetesClients;
  /** The real engine on this stack. */
  readonly engine: Engine;
}

/**
 * A sandbox of its own for tests: other ports, other state than a developer's.
 *
 * It is gone when the test process is, however that ends: the daemons watch it and delete the state with them.
 */
export class TestSandbox {
  readonly #environments = new Map<string, Promise<TestEnvironment>>();
  #others: (() => Promise<void>)[] = [];

  private constructor(
    readonly stateDirectory: string,
    readonly toolchain: Toolchain,
    /** Folder of the program on the stacks of the fixtures. A test that edits it takes a copy: `copyProgram()`. */
    readonly program: string,
  ) {}

  /** Makes the state directory with the program in it; nothing runs before an environment is asked for. */
  static async create(): Promise<TestSandbox> {
    const toolchain = await ensureToolchain();
    const stateDirectory = await mkdtemp(join(tmpdir(), "fleet-e2e-"));
    try {
      // Before the program lies in it: a folder with other files is not the sandbox's to delete.
      await claimStateDirectory(statePaths(stateDirectory));
      const program = await copyProgram(join(stateDirectory, "program"));
      return new TestSandbox(stateDirectory, toolchain, program);
    } catch (error) {
      await rm(stateDirectory, { recursive: true, force: true });
      throw error;
    }
  }

  /** The environment of a stack, started when it does not run yet. The name may be any stack's, not only one of the fixtures'. */
  environment(stack: StackName | (string & {}) = "staging"): Promise<TestEnvironment> {
    const known = this.#environments.get(stack);
    if (known !== undefined) return known;
    const starting = this.#start(stack);
    this.#environments.set(stack, starting);
    // A failed start may be tried again.
    starting.catch(() => this.#environments.delete(stack));
    return starting;
  }

  /** GitHub: what was requested, faults to come, the REST API. It is the same one for every environment. */
  async github(): Promise<Emulator> {
    const [any = this.environment()] = this.#environments.values();
    return new Emulator((await any).variables);
  }

  /** Clones a repository of the organisation over HTTP, with the organisation's token. */
  async clone(repository: string): Promise<GitClone> {
    const { variables } = await this.environment();
    return GitClone.clone({ repository, variables, directory: await this.scratch(repository) });
  }

  /** An empty directory that goes with the sandbox. */
  scratch(prefix = "scratch"): Promise<string> {
    return mkdtemp(join(this.stateDirectory, `${prefix}-`));
  }

  /** Has something end after the sandbox that what runs there speaks to: a registry of the tests, say. */
  endsBefore(other: { end(): Promise<void> }): void {
    this.#others.push(() => other.end());
  }

  /** Ends the cluster of a stack that no later test of the file needs: one that does nothing takes 3 s of processor time a minute. */
  async stop(stack: StackName): Promise<void> {
    this.#environments.delete(stack);
    await down({ stateDirectory: this.stateDirectory, stack });
  }

  /** Ends everything and deletes the state. */
  async end(): Promise<void> {
    this.#environments.clear();
    const others = this.#others;
    this.#others = [];
    try {
      await down({ stateDirectory: this.stateDirectory, purge: true });
    } finally {
      await Promise.all(others.map((end) => end()));
    }
  }

  async #start(stack: string): Promise<TestEnvironment> {
    const { stateDirectory, toolchain } = this;
    const owner = { name: "the tests", pid: process.pid, started: processStart(process.pid) ?? "unknown" };
    await up({ stack, stateDirectory, toolchain, owner });
    const variables = await sandboxEnvironment({ stack, stateDirectory, environment: process.env });
    const kubernetes = new KubernetesClients(variables.KUBECONFIG ?? "");
    return { stack, variables, kubernetes, engine: new Engine(stack, variables, this.program) };
  }
}

let shared: Promise<TestSandbox> | undefined;

/**
 * The sandbox that test files share, for a start costs seconds and memory. It ends with the file that mocha runs. A test
 * that changes what others rely on makes its own with `TestSandbox.create()` and ends it.
 */
export function sharedSandbox(): Promise<TestSandbox> {
  shared ??= createShared();
  return shared;
}

async function createShared(): Promise<TestSandbox> {
  const sandbox = await TestSandbox.create();
  atEnd(() => {
    shared = undefined;
    return sandbox.end();
  });
  return sandbox;
}
