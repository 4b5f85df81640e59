import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Step } from "../../cli/start/tasks.js";
import { copyCheckout } from "../support/e2e/program-copy.js";
import { peakMemory } from "./peak-memory.js";
import { processorSeconds } from "./processor-seconds.js";
import type { DiffCosts } from "./result.js";
import { secondsOf } from "./stopwatch.js";

const tenants = 30;
const added = "prod-us";

/** Copies the stack prod-eu of a checkout. */
async function addStack(root: string): Promise<void> {
  const isOfCopied = (path: string) => path.split(/[/.]/).includes("prod-eu");
  const paths = (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => isOfCopied(path.slice(root.length)) && /\.ya?ml$/.test(path));
  for (const path of paths) {
    const copy = path.replaceAll("prod-eu", added);
    await mkdir(join(copy, ".."), { recursive: true });
    await cp(path, copy);
    await writeFile(copy, (await readFile(copy, "utf8")).replaceAll("prod-eu", added));
  }
}

async function addTenants(root: string, stacks: readonly string[]): Promise<readonly string[]> {
  const files = await readdir(join(root, "stacks/base/tenants"));
  const names = Array.from({ length: tenants - files.length }, (_, index) => `team-${index + 1}`);
  for (const name of names) {
    await writeFile(join(root, `stacks/base/tenants/${name}.yaml`), `name: ${name}\ndescription: One of many\n`);
    for (const stack of stacks) await writeFile(join(root, `stacks/${stack}/tenants/${name}.yaml`), "{}\n");
  }
  return names;
}

/** The costs of a review, to be printed. */
export interface DiffContext {
  diff?: readonly DiffCosts[];
}

/** Measures `npx fleet diff`. */
export const diffStep: Step<DiffContext> = {
  title: `fleet diff of 3 stacks of ${tenants} tenants`,
  task: async (context) => {
    context.diff = await measureDiff();
  },
};

/**
 * Measures `npx fleet diff` for three stacks with thirty tenants each, without Flux's own objects: for the first time, and
 * with what the first time has kept. The change concerns every tenant in the same way, and one tenant in another.
 */
export async function measureDiff(): Promise<DiffCosts[]> {
  const folder = await mkdtemp(join(tmpdir(), "fleet-bench-"));
  try {
    const root = join(folder, "checkout");
    await createChange(root);
    for (const kept of ["command", "diff"]) {
      await rm(join(root, "node_modules/.cache/fleet", kept), { recursive: true, force: true });
    }
    return [await runDiff(root), await runDiff(root)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Creates a checkout whose working tree differs from its only commit. */
async function createChange(root: string): Promise<void> {
  await mkdir(root);
  await copyCheckout(root);
  await addStack(root);
  const names = await addTenants(root, ["staging", "prod-eu", added]);
  await writeFile(join(root, ".gitignore"), "node_modules\n");
  const git = async (...args: string[]) => {
    await execa("git", ["-c", "user.name=Bench", "-c", "user.email=bench@example.com", ...args], { cwd: root });
  };
  await git("init", "--quiet");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "base");
  for (const name of names) {
    await appendFile(join(root, `stacks/base/tenants/${name}.yaml`), "limits:\n  size: medium\n");
  }
  await appendFile(join(root, "stacks/base/tenants/team-1.yaml"), "team:\n  members: [ann]\n");
}

async function runDiff(root: string): Promise<DiffCosts> {
  const before = processorSeconds();
  let [memory, characters] = [0, 0];
  const seconds = await secondsOf(async () => {
    const running = execa("node", ["cli/fleet.mjs", "diff", "--base", "HEAD", "--without-flux"], { cwd: root });
    memory = await peakMemory(running.pid ?? 0, running);
    characters = (await running).stdout.length;
  });
  return { seconds, processorSeconds: processorSeconds() - before, memory, characters };
}
