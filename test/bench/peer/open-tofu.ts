import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Toolchain } from "@fleet/sandbox/toolchain";
import { execa } from "execa";
import type { Configuration } from "./configuration.js";

/** ms that one command may take: hundreds of tenants take many minutes. */
const timeout = 3_600_000;

/** Where OpenTofu runs, with which parts and variables. */
export interface OpenTofuArgs {
  /** The parts of `recipes.ts`. */
  readonly toolchain: Toolchain;
  /** An empty directory. */
  readonly directory: string;
  /** Variables of the sandbox; with secrets. */
  readonly variables: Readonly<Record<string, string>>;
}

/** OpenTofu in a directory of its own, with providers from a local mirror. */
export class OpenTofu {
  private constructor(
    private readonly args: OpenTofuArgs,
    private readonly project: string,
  ) {}

  /** Writes OpenTofu's own settings: it must reach no registry. */
  static async create(args: OpenTofuArgs): Promise<OpenTofu> {
    const project = join(args.directory, "project");
    await mkdir(project);
    const mirror = JSON.stringify(join(args.toolchain.dir, "mirror"));
    const settings = `provider_installation {\n  filesystem_mirror {\n    path = ${mirror}\n  }\n}\n`;
    await writeFile(join(args.directory, "cli.tfrc"), settings);
    return new OpenTofu(args, project);
  }

  /** Replaces the configuration. It holds no private key, but host keys and names. */
  async configure(configuration: Configuration): Promise<void> {
    await writeFile(join(this.project, "main.tf.json"), JSON.stringify(configuration, undefined, 2));
  }

  /** Installs the providers, once for each directory. */
  async init(): Promise<void> {
    await this.#succeed("init", "-input=false");
  }

  async apply(): Promise<void> {
    await this.#succeed("apply", "-auto-approve", "-input=false");
  }

  /** A plan that must find nothing to do. */
  async plan(): Promise<void> {
    await this.#succeed("plan", "-detailed-exitcode", "-input=false");
  }

  /** Removes everything, except what the configuration retains: OpenTofu calls that an error by default. */
  async destroy(): Promise<void> {
    await this.#succeed("destroy", "-auto-approve", "-input=false", "-suppress-forget-errors");
  }

  async #succeed(command: string, ...options: readonly string[]): Promise<void> {
    const { toolchain, directory, variables } = this.args;
    const result = await execa(join(toolchain.bin, "tofu"), [command, ...options, "-no-color"], {
      cwd: this.project,
      // The provider for manifests keeps the API server's list of kinds below the home directory.
      env: { ...variables, HOME: directory, TF_CLI_CONFIG_FILE: join(directory, "cli.tfrc"), TF_IN_AUTOMATION: "1" },
      stdin: "ignore",
      all: true,
      reject: false,
      timeout,
    });
    if (result.exitCode === 0) return;
    const reason = result.timedOut ? `took longer than ${timeout / 60_000} min` : `exit code ${result.exitCode}`;
    throw new Error(`tofu ${command} failed (${reason}):\n${lastLines(result.all)}`);
  }
}

/** The end of an output: a plan of hundreds of objects is long, and a message repeats whole lines of the configuration. */
function lastLines(text: string): string {
  const lines = text.trimEnd().split("\n").slice(-60);
  return lines.map((line) => (line.length > 300 ? `${line.slice(0, 300)}…` : line)).join("\n");
}
