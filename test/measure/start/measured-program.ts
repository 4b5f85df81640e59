import { spawn } from "node:child_process";
import { mkdtemp, rm, unlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { startGitHub } from "@fleet/sandbox/github";
import { ensureToolchain } from "@fleet/sandbox/toolchain";
import { writeCatalogue } from "../../bench/catalogue.js";
import { copyProgram } from "../../support/e2e/program-copy.js";
import { linkPackages } from "../../support/linked-packages.js";
import { disabledDefaultProviders, stackConfig } from "../../support/unit/stack-config.js";
import { FakeEngine } from "./fake-engine.js";

const stack = "staging";
const owner = "acme";
const token = "token-of-the-measure";

/** Processor time of a process of Node, in milliseconds. */
export interface ProcessTimes {
  /** Until its first registration. */
  readonly first: number;
  readonly end: number;
}

/** A copy of the program that previews generated tenants, on a cluster and a GitHub that have nothing. */
export class MeasuredProgram {
  private constructor(
    private readonly folder: string,
    private readonly args: readonly string[],
    private readonly environment: Readonly<Record<string, string>>,
    private readonly engine: FakeEngine,
    private readonly ends: readonly (() => unknown)[],
  ) {}

  static async create(tenants: number): Promise<MeasuredProgram> {
    const folder = await mkdtemp(join(tmpdir(), "fleet-start-"));
    const program = await copyProgram(join(folder, "program"));
    // With a cache of its own.
    await unlink(join(program, "node_modules"));
    linkPackages(program);
    await writeCatalogue(program, tenants);
    const github = await startGitHub({ dir: join(folder, "github"), owner, token });
    const cluster = await emptyCluster();
    const { services, address } = await FakeEngine.start();
    const kubeconfig = join(folder, "kubeconfig.json");
    await writeFile(kubeconfig, JSON.stringify(kubeconfigOf(cluster.port)));
    const { manifests } = await ensureToolchain({ parts: ["flux-manifests"] });
    const environment = {
      PATH: process.env.PATH ?? "",
      HOME: folder,
      KUBECONFIG: kubeconfig,
      GITHUB_BASE_URL: github.url,
      GITHUB_OWNER: owner,
      GITHUB_TOKEN: token,
      FLEET_MANIFESTS: manifests,
      ...configuration(program),
    };
    const args = hostArguments(program, address);
    const ends = [() => services.end(), () => cluster.end(), () => github.stop()];
    return new MeasuredProgram(folder, args, environment, services, ends);
  }

  /** Resources of one run. */
  get resources(): number {
    return this.engine.registered;
  }

  /** Runs the program, as Pulumi's language host does. */
  async run(): Promise<ProcessTimes> {
    this.engine.registered = 0;
    const { first, end } = await this.#node(this.args);
    if (first === undefined || end === undefined) throw new Error("The program ended without a registration.");
    return { first, end };
  }

  /** Loads the packages alone. @returns milliseconds of processor time */
  async loadPackages(): Promise<number> {
    const { end } = await this.#node([join(import.meta.dirname, "packages.mjs")]);
    if (end === undefined) throw new Error("Pulumi's packages could not be loaded.");
    return end;
  }

  /** Has the next run be the first one. */
  async forget(): Promise<void> {
    await rm(join(this.folder, "program", "node_modules", ".cache"), { recursive: true, force: true });
  }

  async end(): Promise<void> {
    await Promise.all(this.ends.map((end) => end()));
    await rm(this.folder, { recursive: true });
  }

  async #node(args: readonly string[]): Promise<Partial<ProcessTimes>> {
    const cwd = join(this.folder, "program");
    const child = spawn(process.execPath, args, {
      cwd,
      env: this.environment,
      stdio: ["ignore", "inherit", "inherit", "pipe"],
    });
    const [told, code] = await Promise.all([
      text(child.stdio[3] as NodeJS.ReadableStream),
      new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve)),
    ]);
    if (code !== 0) throw new Error(`The measured process ended with ${code}.`);
    const lines = told.trim().split("\n");
    return Object.fromEntries(lines.map((line) => line.split(" ")).map(([name, time]) => [name, Number(time)]));
  }
}

/** The arguments by which Pulumi's language host starts a program. */
function hostArguments(program: string, address: string): string[] {
  const preloads = ["./cli/program/preload.mjs", join(import.meta.dirname, "first-registration.mjs")];
  const host = join(program, "node_modules/@pulumi/pulumi/cmd/run");
  const services = ["--monitor", address, "--engine", address];
  const names = ["--organization", "organization", "--project", "fleet", "--stack", stack];
  const imports = preloads.flatMap((preload) => ["--import", preload]);
  return [...imports, host, ...services, ...names, "--pwd", program, "--dry-run", "--parallel", "16", "index.ts"];
}

/** The stack's settings, as the engine hands them over. */
function configuration(program: string): Record<string, string> {
  const own = Object.entries(stackConfig(program, stack)).map(([key, value]) => [`fleet:${key}`, value]);
  const disabled = disabledDefaultProviders(program, stack) ?? "[]";
  const settings = { ...Object.fromEntries(own), "pulumi:disable-default-providers": disabled };
  return { PULUMI_CONFIG: JSON.stringify(settings), PULUMI_CONFIG_SECRET_KEYS: "[]" };
}

/** A cluster whose lists are empty, and that has no definition. */
async function emptyCluster(): Promise<{ readonly port: number; end(): void }> {
  const server = createServer(({ url = "" }, response) => {
    response.writeHead(url.includes("/customresourcedefinitions/") ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify({ items: [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    end: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function kubeconfigOf(port: number): object {
  const name = "empty";
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  };
}
