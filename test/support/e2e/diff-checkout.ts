import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { main } from "../../../cli/fleet.js";
import { copyCheckout } from "./program-copy.js";

/** A checkout in a git repository of its own, in which tests run `fleet diff`. */
export class DiffCheckout {
  constructor(readonly root: string) {}

  /** Copies the checkout into a new repository, whose branch is `main`. @param root a folder that does not exist yet */
  static async create(root: string): Promise<DiffCheckout> {
    await execa("git", ["init", "--quiet", "--initial-branch", "main", root]);
    await copyCheckout(root);
    await writeFile(join(root, ".gitignore"), "node_modules\n");
    return new DiffCheckout(root);
  }

  async git(...args: readonly string[]): Promise<string> {
    const who = ["-c", "user.name=Dev Eloper", "-c", "user.email=dev@example.com"];
    return (await execa("git", [...who, ...args], { cwd: this.root })).stdout;
  }

  async commit(message: string): Promise<void> {
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--message", message);
  }

  /** Runs `fleet diff` in this process. */
  async diff(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    const [out, err]: [string[], string[]] = [[], []];
    const streams = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) };
    const code = await main(["diff", ...args], streams, this.root);
    return { code, out: out.join(""), err: err.join("") };
  }
}
