import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { platformRules } from "../../../../review/platform/platform-rules.js";
import { brokenPlatform, brokenRules } from "../../../support/broken-platform.js";
import { fixtures } from "../../../support/fixtures.js";
import { root } from "../../../support/unit/fleet.js";
import { kustomizeFor } from "../../../support/unit/kustomize.js";
import { runFleet } from "../../../support/unit/run-fleet.js";

const stack = "staging";
const sync = "fleet/clusters/staging/infrastructure.yaml";

/** A checkout of the platform's repository, outside the program's. */
describe("fleet check --platform", () => {
  let program: string;
  let folder: string;

  beforeEach(() => {
    program = mkdtempSync(join(tmpdir(), "fleet-program-"));
    cpSync(fixtures, program, { recursive: true });
    cpSync(join(root, "flux.lock.json"), join(program, "flux.lock.json"));
    folder = mkdtempSync(join(tmpdir(), "platform-repository-"));
    cpSync(join(fixtures, "fleet"), join(folder, "fleet"), { recursive: true });
  });
  afterEach(() => {
    for (const one of [program, folder]) rmSync(one, { recursive: true });
  });

  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const check = async (...stacks: readonly string[]) => {
    const args = ["check", ...stacks, "--platform", folder, "--without-flux"];
    const { code, out, err } = await runFleet(program, ...args);
    return { code, out, err: err.split("\n").slice(0, -1) };
  };
  /** Expects these lines of the error and no others. */
  const assertRefused = async (...expected: readonly RegExp[]) => {
    const { code, err } = await check(stack);
    assert.equal(code, 1);
    assert.equal(err.length, expected.length, err.join("\n"));
    for (const [index, line] of expected.entries()) assert.match(err[index] ?? "", line);
  };

  it("refuses what breaks a rule there, although the program's own fleet/ keeps all", async function () {
    await kustomizeFor(this);
    const text = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: own, namespace: flux-system}
spec:
  sourceRef: {kind: GitRepository, name: platform}
  path: ./fleet/infrastructure/staging
  prune: true
  interval: 1h
`;
    write(sync, text);
    await assertRefused(
      /^fleet\/clusters\/staging\/infrastructure\.yaml:4: spec\.serviceAccountName: \[platform-accounts\] Kustomization flux-system\/own names no service account/,
    );
    assert.equal((await runFleet(program, "check", stack)).code, 0);
  });

  it("refuses each mandatory rule's violation, all at once, with file and line", async function () {
    await kustomizeFor(this);
    for (const [file, text] of Object.entries(brokenPlatform)) write(file, text);
    const mandatory = platformRules.filter(({ level }) => level === "mandatory").map(({ name }) => name);
    // Its own test is of the same findings, with a CRD: judge-fleet-files.test.ts.
    const judged = mandatory.filter((name) => name !== "platform-schemas");
    assert.deepEqual(brokenRules.map(({ rule }) => rule).sort(), judged.sort());
    const { code, err } = await check();
    assert.equal(code, 1);
    for (const { rule, place } of brokenRules) {
      const isTold = (line: string) => line.startsWith(`${place}: `) && line.includes(`[${rule}]`);
      assert.ok(err.some(isTold), `${place} [${rule}]\n${err.join("\n")}`);
    }
  });

  it("judges by every stack of the program, of which each needs its folder", async function () {
    await kustomizeFor(this);
    rmSync(join(folder, "fleet/clusters/prod-eu"), { recursive: true });
    const { code, err } = await check();
    assert.equal(code, 1);
    assert.match(err.join("\n"), /^fleet\/clusters\/prod-eu\/kustomization\.yaml: does not exist, so Flux would have/m);
    assert.equal((await check(stack)).code, 0);
  });

  it("passes nothing unjudged: a folder without fleet/, a link in its place, and another folder", async () => {
    rmSync(join(folder, "fleet"), { recursive: true });
    await assertRefused(/^\/.*platform-repository-.*: has no folder fleet\/ of its own, so there is nothing to judge/);
    symlinkSync(join(fixtures, "fleet"), join(folder, "fleet"));
    await assertRefused(/has no folder fleet\/ of its own/);
  });

  it("passes no stack unjudged whose settings hide what is needed", async function () {
    await kustomizeFor(this);
    const file = join(program, "Pulumi.staging.yaml");
    const text = readFileSync(file, "utf8").replace(/(fleet:repositoryOwner:).*/, "$1 {secure: v1:abc}");
    writeFileSync(file, text);
    await assertRefused(/^Pulumi\.staging\.yaml: encrypted settings hide what is needed: fleet:repositoryOwner\./);
  });

  it("refuses files by which Flux would apply others than those judged", async function () {
    await kustomizeFor(this);
    write(".sourceignore", "/fleet/clusters/staging/kustomization.yaml\n");
    write("docs/.gitattributes", "* text\n");
    write("fleet/.sourceignore", "kustomization.yaml\n");
    write("fleet/clusters/staging/.#evil.yaml", "kind: Namespace\n");
    write("fleet/infrastructure/node_modules/evil.yaml", "kind: Namespace\n");
    await assertRefused(
      /^\.\/\.sourceignore: changes the files of fleet\/ that Flux or a checkout has/,
      /^\.\/docs\/\.gitattributes: changes the files of fleet\//,
      /^fleet\/\.sourceignore: \[platform-files\] /,
      /^fleet\/clusters\/staging\/\.#evil\.yaml: has the name of a file that an editor leaves behind\. No rule reads it/,
      /^fleet\/infrastructure\/node_modules\/evil\.yaml: has the name of a file that an editor/,
    );
    symlinkSync("kustomization.yaml", join(folder, "fleet/clusters/staging/link.yaml"));
    assert.match((await check(stack)).err.join("\n"), /^fleet\/clusters\/staging\/link\.yaml: is a symbolic link/m);
  });

  it("counts no manifest that Flux leaves out of the repository", async function () {
    await kustomizeFor(this);
    write("fleet/infrastructure/staging/.github/kustomization.yaml", "resources: [namespace.yaml]\n");
    write(
      "fleet/infrastructure/staging/.github/namespace.yaml",
      "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n",
    );
    write("fleet/infrastructure/staging/kustomization.yaml", "resources: [../base, .github]\n");
    const { code, err } = await check(stack);
    assert.equal(code, 1);
    assert.match(err.join("\n"), /\[platform-builds\] fleet\/infrastructure\/staging cannot be built/);
  });

  it("refuses another root source and other values of the cluster", async function () {
    await kustomizeFor(this);
    write("fleet/clusters/staging/kustomization.yaml", "resources:\n  - infrastructure.yaml\n  - own.yaml\n");
    write(
      "fleet/clusters/staging/own.yaml",
      `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: platform, namespace: flux-system}
spec: {interval: 1m, url: "https://github.com/evil/platform", ref: {commit: "${"a".repeat(40)}"}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: cluster-vars, namespace: flux-system}
data: {cluster_name: other}
`,
    );
    await assertRefused(
      /^fleet\/clusters\/staging\/own\.yaml:3: metadata\.name: \[platform-owned\] GitRepository flux-system\/platform is the program's own/,
      /^fleet\/clusters\/staging\/own\.yaml:8: metadata\.name: \[platform-owned\] ConfigMap flux-system\/cluster-vars is the program's own/,
    );
  });

  it("prints no line that GitHub takes for a command of the workflow", async function () {
    await kustomizeFor(this);
    write("::warning::x/.gitattributes", "");
    write("##[add-mask]x/.gitattributes", "");
    write("fleet/clusters/staging/kustomization.yaml", "resources:\n  - infrastructure.yaml\n  - pod.yaml\n");
    write(
      "fleet/clusters/staging/pod.yaml",
      'apiVersion: v1\nkind: Pod\nmetadata: {name: "a\\n::stop-commands::b", namespace: platform}\nspec: {containers: [{name: a, image: "b:1\\n::error::c"}]}\n',
    );
    const { code, out, err } = await check(stack);
    assert.equal(code, 1);
    assert.match(err.join("\n"), /stop-commands/);
    for (const line of [...out.split("\n"), ...err]) assert.doesNotMatch(line, /^\s*::|##\[/);
  });

  it("runs nothing of the checkout, and takes the waivers of the program alone", async function () {
    await kustomizeFor(this);
    write("package.json", '{"scripts": {"preinstall": "exit 1"}}');
    write("stacks/waivers.yaml", "waivers: [not a waiver]\n");
    const { code, out, err } = await check(stack);
    assert.deepEqual([code, err], [0, []]);
    assert.match(out, /^fleet\/ keeps the rules of the platform on staging\.$/m);
  });
});
