import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GitHubEmulator, startGitHub } from "@fleet/sandbox/github";
import { Command } from "commander";
import { execa } from "execa";
import { addWorkflowCommands } from "../../../cli/commands/workflow.js";
import { explain } from "../../../cli/explain.js";
import { Emulator } from "./emulator.js";

/** The repository `acme/fleet` of an emulator of its own, with a clone in which tests run steps of workflows. */
export class WorkflowClone {
  readonly repository = "acme/fleet";
  readonly emulator: Emulator;
  /** Folder of the clone. */
  readonly root: string;

  private constructor(
    /** Folder of the test, deleted at its end. The clone is a folder in it. */
    readonly folder: string,
    private readonly github: GitHubEmulator,
    token: string,
  ) {
    this.root = join(folder, "clone");
    this.emulator = new Emulator({ GITHUB_BASE_URL: github.url, GITHUB_OWNER: "acme", GITHUB_TOKEN: token });
  }

  /** Starts the emulator. @param token of the owner of the organisation, with which the clone pushes */
  static async create(token: string): Promise<WorkflowClone> {
    const folder = await mkdtemp(join(tmpdir(), "fleet-workflow-"));
    const github = await startGitHub({ dir: join(folder, "github"), owner: "acme", token });
    const clone = new WorkflowClone(folder, github, token);
    await clone.emulator.api("POST", "orgs/:owner/repos", { name: "fleet", visibility: "private", auto_init: true });
    const url = Object.assign(new URL(`${clone.repository}.git`, github.url), { username: "x", password: token });
    await execa("git", ["clone", "--quiet", url.href, clone.root]);
    return clone;
  }

  /** Address of the emulator. */
  get url(): string {
    return this.github.url;
  }

  /** Runs git in the clone. @returns its output */
  async git(...args: readonly string[]): Promise<string> {
    const who = ["-c", "user.name=Dev Eloper", "-c", "user.email=dev@example.com"];
    return (await execa("git", [...who, ...args], { cwd: this.root })).stdout;
  }

  /** Commits all files, also without a change, and pushes the commit to main. */
  async commit(): Promise<void> {
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--allow-empty", "--message", "stacks");
    await this.git("push", "--quiet", "origin", "HEAD:main");
  }

  /** Runs a command of `fleet workflow`. @param environment the variables of its step */
  async step(args: readonly string[], environment: Readonly<Record<string, string>>) {
    const [out, err]: [string[], string[]] = [[], []];
    const streams = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) };
    const program = new Command("fleet").exitOverride();
    addWorkflowCommands(program, streams, this.root, environment);
    try {
      await program.parseAsync(["workflow", ...args], { from: "user" });
      return { code: 0, out: out.join(""), err: err.join("") };
    } catch (error) {
      return { code: 1, out: out.join(""), err: explain(error) };
    }
  }

  /** Stops the emulator and deletes the clone. */
  async end(): Promise<void> {
    await this.github.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}
