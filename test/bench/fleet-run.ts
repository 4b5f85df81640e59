import { status } from "@fleet/sandbox";
import { execa } from "execa";
import { type TenantLocation, waitForTenantSyncs } from "../../cli/start/tenant-syncs.js";
import { Engine } from "../support/e2e/engine.js";
import { copyCheckout } from "../support/e2e/program-copy.js";
import { type TestEnvironment, TestSandbox } from "../support/e2e/sandbox.js";
import { benchStack, changedTenant, changeOneTenant, tenantNames, writeCatalogue } from "./catalogue.js";
import type { LoggedRequest } from "./costs.js";
import { CountingProxy, type KubernetesRequest } from "./counting-proxy.js";
import { writeEmptyProgram } from "./empty-program.js";
import { type RecordedResource, readState } from "./state.js";
import { secondsOf } from "./stopwatch.js";
import { type TimedRun, timedRun } from "./timed-run.js";

/** ms that one run of the engine may take: hundreds of tenants take many minutes. */
const timeout = 3_600_000;

/** The engine then writes the state once, at the end. */
const withoutCheckpoints = { PULUMI_SKIP_CHECKPOINTS: "true" } as const;

/** The requests of two jobs. */
export interface CountedRequests {
  /** To the API server, by a preview without changes. */
  readonly preview: readonly KubernetesRequest[];
  /** To the API server, by an update that changes one tenant. */
  readonly change: readonly KubernetesRequest[];
  /** To GitHub, by that update. */
  readonly changeOnGitHub: readonly LoggedRequest[];
}

/** The program with a number of generated tenants, on a sandbox of its own. */
export class FleetRun {
  private constructor(
    readonly sandbox: TestSandbox,
    readonly environment: TestEnvironment,
    /** Folder of the program's copy. */
    private readonly cwd: string,
    readonly tenants: readonly string[],
    /** Seconds from nothing running to a cluster and GitHub that answer. */
    readonly readySeconds: number,
  ) {}

  /**
   * Starts a sandbox.
   * @param register gets the sandbox before anything runs in it, so that the caller can always end it
   */
  static async start(count: number, register: (sandbox: TestSandbox) => void): Promise<FleetRun> {
    const began = performance.now();
    const sandbox = await TestSandbox.create();
    register(sandbox);
    const environment = await sandbox.environment(benchStack);
    const readySeconds = (performance.now() - began) / 1000;
    const cwd = await copyCheckout(await sandbox.scratch("program"));
    await writeCatalogue(cwd, count);
    return new FleetRun(sandbox, environment, cwd, tenantNames(count), readySeconds);
  }

  up(): Promise<TimedRun> {
    return this.#run(["up", "--yes"]);
  }

  /** An update that writes the state at its end. */
  upWithoutCheckpoints(): Promise<TimedRun> {
    return this.#run(["up", "--yes", "--skip-preview"], withoutCheckpoints);
  }

  /** A removal that writes the state at its end. */
  destroyWithoutCheckpoints(): Promise<TimedRun> {
    return this.#run(["destroy", "--yes", "--skip-preview"], withoutCheckpoints);
  }

  /** An update that must find nothing to do. */
  upAgain(): Promise<TimedRun> {
    return this.#run(["up", "--yes", "--expect-no-changes"]);
  }

  /** A preview that must find nothing to do. */
  preview(): Promise<TimedRun> {
    return this.#run(["preview", "--expect-no-changes"]);
  }

  /** A preview before the first update: the engine does the same at the start of that. @returns seconds */
  async firstPreview(): Promise<number> {
    return (await this.#run(["preview"])).seconds;
  }

  /** The least that any program costs: a preview of an empty program, whose stack has no resources. @returns seconds */
  async emptyPreview(): Promise<number> {
    const folder = await writeEmptyProgram(await this.sandbox.scratch("empty"));
    const engine = new Engine("empty", this.environment.variables, folder);
    await engine.succeed(["stack", "init"]);
    return secondsOf(() => engine.succeed(["preview"]));
  }

  /** Changes the file of one tenant, for the next update. */
  changeOneTenant(size?: string): Promise<void> {
    return changeOneTenant(this.cwd, size);
  }

  /** `npx fleet up` for the changed tenant. */
  async upOneTenant(): Promise<void> {
    const args = ["cli/fleet.mjs", "up", this.environment.stack, "--tenant", changedTenant, "--yes"];
    const env = this.environment.variables;
    await execa(process.execPath, args, { cwd: this.cwd, env, stdin: "ignore", all: true, timeout });
  }

  /** Starts `npx fleet diff --live`. */
  startLiveDiff() {
    const args = ["cli/fleet.mjs", "diff", "--live", this.environment.stack];
    const env = this.environment.variables;
    return execa(process.execPath, args, { cwd: this.cwd, env, stdin: "ignore", all: true, timeout });
  }

  /** Starts a command of `fleet`. An exit code other than 0 is an answer like any other. */
  startCommand(args: readonly string[]) {
    const env = { ...this.environment.variables, NO_COLOR: "1" };
    const options = { cwd: this.cwd, env, stdin: "ignore", reject: false, timeout, maxBuffer: 2 ** 30 } as const;
    return execa(process.execPath, ["cli/fleet.mjs", ...args], options);
  }

  /** Context of the kubeconfig that leads to the cluster. */
  context(): string {
    return this.environment.kubernetes.admin.getCurrentContext();
  }

  /** Host and port of the clone URLs. */
  async sshAddress(): Promise<string> {
    const { parts } = await status(this.sandbox.stateDirectory);
    const [ssh = ""] = parts.flatMap(({ addresses }) => addresses.ssh ?? []);
    return new URL(ssh).host;
  }

  destroy(): Promise<TimedRun> {
    return this.#run(["destroy", "--yes"]);
  }

  /** Everything in the stack's state, secrets in plain text. */
  async resources(): Promise<RecordedResource[]> {
    const { engine } = this.environment;
    return readState((await engine.succeed(["stack", "export", "--show-secrets"])).stdout);
  }

  /** Waits until every tenant's sync is Ready. @param onProgress told how many are */
  async waitForSyncs(onProgress: (line: string) => void): Promise<void> {
    const { kubeconfig } = this.environment.kubernetes;
    // A generated tenant says nothing but its name, so its namespace is called the same.
    const tenants = this.tenants.map((name): TenantLocation => ({ name, namespace: name, repository: name }));
    await waitForTenantSyncs({ kubeconfig, tenants, timeout: 600_000, onProgress });
  }

  /** Resident memory of everything that the sandbox runs, GiB. */
  async memory(): Promise<number> {
    return (await status(this.sandbox.stateDirectory)).memory / 2 ** 30;
  }

  /** Counts the requests of a preview without changes, and of an update that changes one tenant. */
  async countRequests(): Promise<CountedRequests> {
    const { kubeconfig } = this.environment.kubernetes;
    const proxy = await CountingProxy.start(kubeconfig, await this.sandbox.scratch("proxy"));
    const env = { KUBECONFIG: proxy.kubeconfig };
    try {
      const preview = await proxy.during(() => this.#run(["preview", "--expect-no-changes"], env));
      await this.changeOneTenant();
      const change = await proxy.during(() => this.#run(["up", "--yes"], env));
      return { preview: preview.requests, change: change.requests, changeOnGitHub: change.result.requests };
    } finally {
      await proxy.end();
    }
  }

  async #run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<TimedRun> {
    const { engine } = this.environment;
    return timedRun(await this.sandbox.github(), () => engine.succeed(args, { cwd: this.cwd, env, timeout }));
  }
}
