import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { brokenPlatform, brokenRules } from "../../support/broken-platform.js";
import { DiffCheckout } from "../../support/e2e/diff-checkout.js";
import { waitFor } from "../../support/e2e/wait-for.js";

/** A copy of the program with its fixtures, in a repository of its own with one commit. */
describe("fleet diff", () => {
  let folder: string;
  let root: string;
  let checkout: DiffCheckout;
  /** The temporary folder of the commands: other tests compare revisions at the same time. */
  let temporary: string;
  const { TMPDIR: former } = process.env;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fleet-diff-test-"));
    root = join(folder, "checkout");
    temporary = join(folder, "temporary");
    await mkdir(temporary);
    process.env.TMPDIR = temporary;
    checkout = await DiffCheckout.create(root);
    // A base that git archive would give without its stacks.
    await writeFile(join(root, ".gitattributes"), "stacks export-ignore\n");
    await commit("base");
  });

  afterEach(() => git("checkout", "--quiet", "--force", "main"));
  after(async () => {
    if (former === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = former;
    await rm(folder, { recursive: true, force: true });
  });

  const git = (...args: string[]) => checkout.git(...args);
  const commit = (message: string) => checkout.commit(message);

  /** Runs the command without Flux's own objects, whose manifest would have to be fetched. */
  const diff = (...args: string[]) => checkout.diff("--base", "main", "--without-flux", ...args);

  it("tells a change of files and of the program, the same on every run, and leaves nothing behind", async () => {
    await appendFile(join(root, "stacks/base/tenants/team-search.yaml"), "team:\n  members: [ann]\n");
    const metadata = join(root, "policies/namespace-metadata.ts");
    const program = await readFile(metadata, "utf8");
    await writeFile(
      metadata,
      program.replace('"pod-security.kubernetes.io/warn": "restricted"', '"example.com/new": "yes"'),
    );
    const leftovers = async () => (await readdir(temporary)).filter((name) => name.startsWith("fleet-diff-"));
    const state = await git("status", "--porcelain");

    const { code, out, err } = await diff();
    assert.deepEqual({ code, err }, { code: 0, err: "" });
    // The second run is another process, with the files' own command.
    const again = await execa("node", ["cli/fleet.mjs", "diff", "--base", "main", "--without-flux"], {
      cwd: root,
      stripFinalNewline: false,
    });
    assert.deepEqual({ out: again.stdout, err: again.stderr }, { out, err });
    assert.match(out, /the working tree has changes that are not committed/);
    assert.match(
      out,
      /\n\nProgram\n {2}Changed: the program itself, 1 file: .+\n {4}- policies\/namespace-metadata\.ts\n\n/,
    );
    assert.match(out, /Gained: new in team team-search: ann, on staging\n/);
    assert.match(out, /Gained: team-search may now push to team-search, on staging\n/);
    assert.match(out, /for 2 tenants \(team-payments, team-search\) on prod-eu, staging\n {4}Namespace TENANT\n/);
    assert.equal(await git("status", "--porcelain"), state);
    assert.deepEqual(await leftovers(), []);
  });

  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    it(`leaves nothing behind when ${signal} ends it while it records`, async () => {
      const own = await mkdtemp(join(folder, "temporary-"));
      const args = ["cli/fleet.mjs", "diff", "--base", "main", "--without-flux"];
      const running = execa("node", args, { cwd: root, env: { TMPDIR: own }, reject: false });
      const folders = async () => (await readdir(own)).filter((name) => name.startsWith("fleet-diff-"));
      // One with the base's files, and one for each recording.
      await waitFor(async () => (await folders()).length === 3, {
        interval: 20,
        describe: () => "nothing is recorded",
      });
      running.kill(signal);
      const { exitCode, stdout, stderr } = await running;
      assert.deepEqual([exitCode, stdout], [code, ""], stderr);
      assert.deepEqual(await folders(), []);
    });
  }

  it("has no difference without a change, and takes no credential along", async () => {
    await writeFile(
      join(root, "config/load.ts"),
      `if (process.env.GITHUB_TOKEN !== undefined) throw new Error("the recorder has a token");\n${await readFile(join(root, "config/load.ts"), "utf8")}`,
    );
    const former = process.env.GITHUB_TOKEN;
    process.env.GITHUB_TOKEN = "made-up";
    try {
      const { code, out, err } = await diff("staging", "--output", "json");
      assert.deepEqual({ code, err }, { code: 0, err: "" });
      const { entries, stacks } = JSON.parse(out) as {
        readonly entries: readonly { readonly section: string; readonly details: readonly string[] }[];
        readonly stacks: readonly string[];
      };
      assert.deepEqual(
        entries.map(({ section, details }) => [section, details]),
        [["program", ["config/load.ts"]]],
      );
      assert.deepEqual(stacks, ["staging"]);
    } finally {
      if (former === undefined) delete process.env.GITHUB_TOKEN;
      else process.env.GITHUB_TOKEN = former;
    }
  });

  it("lets a recorded program neither write a file, such as a bundle of another revision, nor start or signal a program", async () => {
    const load = join(root, "config/load.ts");
    const target = join(root, "node_modules/.cache/fleet/diff/poison");
    const attempts = `
import { spawnSync } from "node:child_process";
import { appendFileSync, writeFileSync } from "node:fs";
import { Worker } from "node:worker_threads";
const attempts = {
  file: () => writeFileSync(${JSON.stringify(target)}, "poison"),
  tree: () => appendFileSync(${JSON.stringify(join(root, "index.ts"))}, "poison"),
  program: () => spawnSync("true"),
  thread: () => new Worker("", { eval: true }),
  signal: () => process.kill(process.ppid, 0),
};
for (const [name, attempt] of Object.entries(attempts)) {
  let code = "none";
  try {
    attempt();
  } catch (error) {
    code = (error as NodeJS.ErrnoException).code ?? String(error);
  }
  if (code !== "ERR_ACCESS_DENIED") throw new Error(\`\${name}: \${code}\`);
}
`;
    await writeFile(load, `${await readFile(load, "utf8")}\n${attempts}`);
    const { code, err } = await diff("staging");
    assert.deepEqual({ code, err }, { code: 0, err: "" });
    assert.equal(existsSync(target), false);
  });

  it("prints what rules refuse first, and ends with their places, unless a waiver accepts it", async () => {
    const file = join(root, "stacks/base/tenants/team-search.yaml");
    const before = await readFile(file, "utf8");
    await writeFile(file, before.replace(/^repository:\n/m, "repository:\n  visibility: public\n"));
    if (!/visibility: public/.test(await readFile(file, "utf8"))) {
      await writeFile(file, `${before}repository:\n  visibility: public\n`);
    }
    const refused = await diff("staging");
    assert.equal(refused.code, 1);
    const place = "stacks/base/tenants/team-search.yaml:\\d+: repository.visibility: ";
    assert.match(
      refused.err,
      new RegExp(`^${place}\\[private-repositories\\] the repository team-search is public: `, "m"),
    );
    assert.match(refused.out, new RegExp(`\\n\\nRules\\n  Refused: ${place}the repository team-search is public`));
    assert.ok(refused.out.indexOf("Rules\n") < refused.out.indexOf("Privileges\n"), refused.out);

    const waiver = {
      rule: "private-repositories",
      tenant: "team-search",
      reason: "open source",
      owner: "@acme/security",
    };
    const accept = (expires: string) =>
      writeFile(join(root, "stacks/waivers.yaml"), `waivers: [${JSON.stringify({ ...waiver, expires })}]\n`);
    // A waiver holds for a year at most.
    const expires = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
    await accept(expires);
    const accepted = await diff("staging");
    assert.deepEqual({ code: accepted.code, err: accepted.err }, { code: 0, err: "" });
    assert.match(accepted.out, /Accepted: .+ the repository team-search is public \(rule private-repositories\)/);
    assert.ok(accepted.out.includes(`accepted until ${expires} by @acme/security: open source`), accepted.out);
    await accept("2020-01-01");
    const expired = await diff("staging");
    assert.equal(expired.code, 1);
    assert.match(expired.err, /^stacks\/waivers\.yaml:1: waivers\[0\]\.expires: the waiver of @acme\/security expired/);
    await rm(join(root, "stacks/waivers.yaml"));
  });

  it("refuses what breaks a mandatory rule of fleet/, or what kustomize does not build, all at once, with file and line", async () => {
    for (const [file, text] of Object.entries(brokenPlatform)) await writeFile(join(root, file), text);

    const { code, out, err } = await diff();

    assert.equal(code, 1);
    const lines = err.split("\n");
    for (const { rule, place } of brokenRules) {
      const isTold = (line: string) => line.startsWith(`${place}: `) && line.includes(`[${rule}]`);
      assert.ok(lines.some(isTold), `${place} [${rule}]\n${err}`);
    }
    assert.match(err, /spec\.dependsOn\[0\]: \[platform-order\] .*which belongs to a tenant/);
    assert.match(out, /Refused: fleet\/infrastructure\/prod-eu\/kustomization\.yaml:2: /);
    for (const file of Object.keys(brokenPlatform)) await rm(join(root, file));
  });

  it("judges fleet/ for a stack that the recorded program leaves out", async () => {
    const recorder = join(root, "cli/diff/record-revision.ts");
    const broken = "fleet/infrastructure/prod-eu/kustomization.yaml";
    const text = await readFile(recorder, "utf8");
    const incomplete = text.replace("stacks, recorded };", "stacks, recorded: recorded.slice(1) };");
    assert.notEqual(incomplete, text);
    await writeFile(recorder, incomplete);
    await writeFile(join(root, broken), brokenPlatform[broken] ?? "");

    const { code, err } = await diff();

    assert.equal(code, 1);
    assert.match(err, new RegExp(`^${broken}:2: .*\\[platform-builds\\]`, "m"));
  });

  it("says that it judges fleet/ in part on a machine without kustomize, or ends where that is demanded", async () => {
    const nothing = await mkdtemp(join(folder, "path-"));
    await symlink((await execa("which", ["git"])).stdout, join(nothing, "git"));
    const args = ["cli/fleet.mjs", "diff", "--base", "main", "--without-flux"];
    const run = (env: Readonly<Record<string, string>>) =>
      execa(process.execPath, args, { cwd: root, env: { PATH: nothing, ...env }, reject: false });
    const [lenient, strict] = [
      await run({ FLEET_REQUIRE_KUSTOMIZE: "" }),
      await run({ FLEET_REQUIRE_KUSTOMIZE: "true" }),
    ];
    assert.equal(lenient.exitCode, 0, lenient.stderr);
    assert.match(lenient.stdout, /fleet\/ is judged without a build, .*install kubectl or kustomize 5/);
    assert.equal(strict.exitCode, 1);
    assert.match(strict.stderr, /there is no kustomize on this machine, and FLEET_REQUIRE_KUSTOMIZE demands it/);
  });

  it("refuses problems of the working tree with file and line, and only notes those of the base", async () => {
    await git("switch", "--quiet", "--create", "broken");
    await appendFile(join(root, "stacks/prod-eu/tenants/team-search.yaml"), "limits:\n  size: enormous\n");
    const broken = await diff();
    assert.equal(broken.code, 1);
    assert.match(broken.err, /^stacks\/prod-eu\/tenants\/team-search\.yaml:\d+: limits\.size: /);

    await commit("broken");
    await git("checkout", "--quiet", "main", "--", "stacks");
    const { code, out } = await diff("--base", "broken");
    assert.equal(code, 0);
    assert.match(out, /stack prod-eu of the base does not load, so it is not compared: stacks\/prod-eu\/tenants\//);
    assert.match(out, /compared with broken \([0-9a-f]{7}\), stacks staging\./);
  });

  it("says what to do about a base that is missing, and about a shallow clone", async () => {
    const missing = await diff("--base", "nowhere");
    assert.equal(missing.code, 1);
    assert.match(missing.err, /^--base nowhere: is no commit of this clone\. Run git fetch origin/);

    await git("switch", "--quiet", "--create", "second");
    await git("commit", "--quiet", "--allow-empty", "--message", "second");
    const shallow = join(folder, "shallow");
    await execa("git", ["clone", "--quiet", "--depth", "1", "--branch", "second", `file://${root}`, shallow]);
    const { code, err } = await new DiffCheckout(shallow).diff("--base", "origin/main");
    assert.equal(code, 1);
    assert.match(err, /git fetch --unshallow/);
  });

  it("names changed files of the program wherever they are, and none of data, documents and tests", async () => {
    await git("switch", "--quiet", "--create", "program");
    await writeFile(join(root, "stacks/level.ts"), 'export const level = "restricted";\n');
    const metadata = join(root, "policies/namespace-metadata.ts");
    await writeFile(metadata, `export { level } from "../stacks/level.js";\n${await readFile(metadata, "utf8")}`);
    await commit("data that the program runs");
    await writeFile(join(root, "stacks/level.ts"), 'export const level = "privileged";\n');
    await writeFile(join(root, "stacks/notes.ts"), "");
    await writeFile(join(root, "NOTES.md"), "");
    await writeFile(join(root, "new.ts"), "");
    try {
      const { code, out, err } = await diff("--base", "program", "staging");
      assert.deepEqual({ code, err }, { code: 0, err: "" });
      assert.match(out, /Changed: the program itself, 2 files: .+\n {4}- new\.ts is added\n {4}- stacks\/level\.ts\n$/);
      assert.match(out, /No stack registers anything else than before\./);
    } finally {
      await git("clean", "--quiet", "--force", "-d", "--exclude", "node_modules");
    }
  });

  it("shows the place in its source where the program of the working tree fails", async () => {
    const load = join(root, "config/load.ts");
    await writeFile(load, `${await readFile(load, "utf8")}\nthrow new Error("hostile");\n`);
    const failed = await diff("staging");
    assert.equal(failed.code, 1);
    assert.match(failed.err, /Error: hostile\n[^\n]*config\/load\.ts:\d+:\d+/);
    await writeFile(load, "export const = 1;\n");
    const unparsed = await diff("staging");
    assert.equal(unparsed.code, 1);
    assert.match(unparsed.err, /^recorder: cannot be bundled:\n[\s\S]*config\/load\.ts:1:13/);
  });

  it("suggests the name of a stack that neither side has", async () => {
    const { code, err } = await diff("stagin");
    assert.equal(code, 2);
    assert.match(err, /neither revision has a stack "stagin"\. Did you mean staging\?/);
  });
});
