import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { main } from "../../cli/fleet.js";
import { copyCheckout } from "../support/e2e/program-copy.js";

/** A change of the fixtures: the processors of one tenant on one stack, and a person who may push for another tenant. */
async function change(folder: string): Promise<void> {
  const payments = join(folder, "stacks/prod-eu/tenants/team-payments.yaml");
  const text = await readFile(payments, "utf8");
  const changed = text.replace(/^limits:\n/m, 'limits:\n  cpu: "32"\n');
  if (changed === text) throw new Error(`${payments} has no limits to change`);
  await writeFile(payments, changed);
  await appendFile(join(folder, "stacks/base/tenants/team-search.yaml"), "team:\n  members: [ann]\n");
}

/** The same in each run, because the document names commits. */
const commitEnvironment = {
  GIT_AUTHOR_DATE: "2026-11-27T00:00:00Z",
  GIT_COMMITTER_DATE: "2026-11-27T00:00:00Z",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
};

/** The document that `npx fleet diff --output markdown` prints for the change, in a repository of its own. */
export async function reviewOfChange(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "fleet-pictures-"));
  const git = (...args: string[]) => {
    const who = ["-c", "user.name=Dev Eloper", "-c", "user.email=dev@example.com"];
    return execa("git", [...who, ...args], { cwd: folder, env: commitEnvironment });
  };
  try {
    await git("init", "--quiet", "--initial-branch", "main");
    await copyCheckout(folder);
    await writeFile(join(folder, ".gitignore"), "node_modules\n");
    await git("add", "--all");
    await git("commit", "--quiet", "--message", "base");
    await git("switch", "--quiet", "--create", "change");
    await change(folder);
    await git("commit", "--quiet", "--all", "--message", "change");
    const [out, err]: [string[], string[]] = [[], []];
    const streams = { out: (text: string) => void out.push(text), err: (text: string) => void err.push(text) };
    const code = await main(["diff", "--base", "main", "--without-flux", "--output", "markdown"], streams, folder);
    if (code !== 0) throw new Error(`fleet diff ended with ${code}: ${err.join("")}`);
    return out.join("");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
