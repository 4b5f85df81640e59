/**
 * `npm run bench:diff`: what `npx fleet diff` costs for three stacks with thirty tenants each, without Flux's own objects.
 * The change concerns every tenant in the same way, and one tenant in another.
 *
 * `-- --live` also measures `npx fleet diff --live` of one stack, beside the engine's own preview of it. It needs the toolchain
 * of the sandbox. `-- --tenants COUNT` measures other fleets, of three tenants at least.
 */
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { copyCheckout } from "../support/e2e/program-copy.js";
import { measureLiveDiff } from "./live-diff.js";

const { values } = parseArgs({
  options: { live: { type: "boolean", default: false }, tenants: { type: "string", default: "30" } },
});
const tenants = Number(values.tenants);
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

const folder = await mkdtemp(join(tmpdir(), "fleet-bench-"));
try {
  const root = join(folder, "checkout");
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
  for (const name of names)
    await appendFile(join(root, `stacks/base/tenants/${name}.yaml`), "limits:\n  size: medium\n");
  await appendFile(join(root, "stacks/base/tenants/team-1.yaml"), "team:\n  members: [ann]\n");

  const start = performance.now();
  const args = ["cli/fleet.mjs", "diff", "--base", "HEAD", "--without-flux"];
  const { stdout } = await execa("node", args, { cwd: root });
  const seconds = (performance.now() - start) / 1000;
  process.stdout.write(`fleet diff, 3 stacks of ${tenants} tenants: ${seconds.toFixed(1)} s, goal 5 s; `);
  process.stdout.write(`${stdout.length} characters\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

if (values.live) {
  const { previewSeconds, seconds, peakMemory } = await measureLiveDiff(tenants);
  process.stdout.write(
    `fleet diff --live, 1 stack of ${tenants} tenants: ${seconds.toFixed(1)} s, pulumi preview ${previewSeconds.toFixed(1)} s, `,
  );
  process.stdout.write(
    `${(seconds / previewSeconds).toFixed(2)} times; ${Math.round(peakMemory)} MiB without the engine\n`,
  );
}
