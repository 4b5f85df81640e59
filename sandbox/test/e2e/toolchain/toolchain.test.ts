import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parseAllDocuments } from "yaml";
import { isComplete } from "../../../toolchain/assemble.js";
import { planToolchain } from "../../../toolchain/plan.js";
import { fluxVersion, recipes } from "../../../toolchain/recipes.js";
import { ensureToolchain, type Toolchain } from "../../../toolchain/toolchain.js";
import { versionChecks, withV } from "../../../toolchain/version-checks.js";

/** Each real part is there and is what the recipe says; builds what the cache lacks, which can take half an hour. */
describe("the real toolchain", function () {
  this.timeout(90 * 60_000);
  let toolchain: Toolchain;
  let dir: string;
  before(async () => {
    toolchain = await ensureToolchain();
    dir = await mkdtemp(join(tmpdir(), "fleet-toolchain-e2e-"));
  });
  after(async () => {
    await rm(dir, { recursive: true, force: true });
  });

  const run = async (command: string, ...args: string[]) => {
    const env = { HOME: dir, PULUMI_HOME: join(dir, "pulumi"), PULUMI_SKIP_UPDATE_CHECK: "true" };
    const { stdout } = await execa(join(toolchain.bin, command), args, { env });
    return stdout;
  };

  it("is found again without a build", async () => {
    const plan = await planToolchain({});
    assert.ok(await isComplete(plan));
    assert.deepEqual(plan.toolchain, toolchain);
  });

  for (const recipe of recipes) {
    if (recipe.kind !== "go") {
      continue;
    }
    it(`${recipe.name} is a static program of ${recipe.version}, and knows no path of this machine`, async () => {
      const { stdout } = await execa("go", ["version", "-m", join(toolchain.dir, recipe.output)]);
      assert.match(stdout, /\tbuild\tCGO_ENABLED=0$/m);
      assert.match(stdout, /\tbuild\t-trimpath=true$/m);
      assert.doesNotMatch(stdout, /=>\t\//);
      // A main module of its own has no version; what it answers itself is tested below.
      if (!recipe.package.startsWith("./") && recipe.embeds === undefined) {
        const [, version] = /^\tmod\t\S+\t(\S+)/m.exec(stdout) ?? [];
        assert.equal(version, recipe.version);
      }
    });
  }

  const versionOf = (name: string) => recipes.find((recipe) => recipe.name === name)?.version ?? "none";
  for (const [name, { args, answer }] of Object.entries(versionChecks)) {
    it(`${name} answers with the pinned version`, async () => {
      const output = recipes.find((recipe) => recipe.name === name)?.output ?? "none";
      const { stdout } = await execa(join(toolchain.dir, output), args, { env: { HOME: dir } });
      assert.equal(withV(answer.exec(stdout)?.[1] ?? ""), versionOf(name), stdout);
    });
  }

  it("pulumi finds every plugin at the version of its npm package", async () => {
    await mkdir(join(dir, "pulumi"), { recursive: true });
    await symlink(toolchain.plugins, join(dir, "pulumi", "plugins"));
    const plugins = JSON.parse(await run("pulumi", "plugin", "ls", "--json")) as { name: string; version: string }[];
    assert.deepEqual(
      plugins.map(({ name, version }) => `${name} ${version}`).sort(),
      ["github", "kubernetes", "tls"].map((name) => `${name} ${versionOf(`pulumi-resource-${name}`).slice(1)}`),
    );
  });

  it("the install manifest has the release's objects, each controller at its version", async () => {
    const text = await readFile(join(toolchain.manifests, fluxVersion, "install.yaml"), "utf8");
    const kinds = parseAllDocuments(text).map((document) => String(document.get("kind")));
    const count = Object.fromEntries(
      [...new Set(kinds)].map((kind) => [kind, kinds.filter((other) => other === kind).length]),
    );
    assert.deepEqual(count, {
      Namespace: 1,
      ResourceQuota: 1,
      CustomResourceDefinition: 15,
      ServiceAccount: 7,
      ClusterRole: 3,
      ClusterRoleBinding: 2,
      Service: 4,
      Deployment: 7,
      NetworkPolicy: 3,
    });
    const images = [...text.matchAll(/^ +image: \S+\/fluxcd\/(\S+)$/gm)].map(([, image]) => image);
    const controllers = recipes.flatMap((recipe) =>
      recipe.kind === "flux-manifests" ? Object.keys(recipe.controllers) : [],
    );
    assert.deepEqual(images.sort(), controllers.map((name) => `${name}:${versionOf(name)}`).sort());
  });

  it("flagger, whose main package is ours, has each flag that its chart sets, and no others", async () => {
    const archive = await readFile(join(toolchain.dir, "charts/flagger.tgz"));
    const template = await execa("tar", ["-xzOf", "-", "flagger/templates/deployment.yaml"], { input: archive });
    const flagsIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, flag = ""]) => flag);
    const wanted = new Set(flagsIn(template.stdout, /^ +- -([a-z][a-z-]*)=/gm));
    assert.ok(wanted.size > 20, [...wanted].join(" "));
    const { stderr } = await execa(join(toolchain.bin, "flagger"), ["-h"]);
    // The runner sets the first two.
    const expected = ["kubeconfig", "port", "version", ...wanted];
    assert.deepEqual(flagsIn(stderr, /^ {2}-([a-z-]+)/gm), expected.sort());
    const unknown = await execa(join(toolchain.bin, "flagger"), ["-master=https://cluster.example"], { reject: false });
    assert.equal(unknown.exitCode, 2);
    assert.match(unknown.stderr, /^flag provided but not defined: -master$/m);
  });

  it("flux carries the same manifests inside, so that it needs no download", async () => {
    const exported = await run("flux", "install", "--export");
    const objects = parseAllDocuments(exported).filter((document) => document.contents !== null);
    const deployments = objects.filter((document) => document.get("kind") === "Deployment");
    assert.deepEqual(deployments.map((document) => document.getIn(["metadata", "name"])).sort(), [
      "helm-controller",
      "kustomize-controller",
      "notification-controller",
      "source-controller",
    ]);
  });
});
