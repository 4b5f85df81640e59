import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parseAllDocuments } from "yaml";
import { isComplete } from "../../../sandbox/toolchain/assemble.js";
import { planToolchain } from "../../../sandbox/toolchain/plan.js";
import { recipes } from "../../../sandbox/toolchain/recipes.js";
import { ensureToolchain, type Toolchain } from "../../../sandbox/toolchain/toolchain.js";

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

  const answers: Record<string, readonly [readonly string[], RegExp]> = {
    pulumi: [["version"], /^v3\.259\.0$/],
    kubectl: [["version", "--client"], /^Client Version: v1\.36\.3$/m],
    "kube-apiserver": [["--version"], /^Kubernetes v1\.36\.3$/],
    "kube-controller-manager": [["--version"], /^Kubernetes v1\.36\.3$/],
    "kube-scheduler": [["--version"], /^Kubernetes v1\.36\.3$/],
    etcd: [["--version"], /^etcd Version: 3\.6\.14$/m],
    flux: [["version", "--client"], /^flux: v2\.9\.2$/],
  };
  for (const [command, [args, answer]] of Object.entries(answers)) {
    it(`${command} answers with the pinned version`, async () => {
      assert.match(await run(command, ...args), answer);
    });
  }

  it("pulumi finds every plugin at the version of its npm package", async () => {
    await mkdir(join(dir, "pulumi"), { recursive: true });
    await symlink(toolchain.plugins, join(dir, "pulumi", "plugins"));
    const plugins = JSON.parse(await run("pulumi", "plugin", "ls", "--json")) as { name: string; version: string }[];
    assert.deepEqual(plugins.map(({ name, version }) => `${name} ${version}`).sort(), [
      "github 6.15.0",
      "kubernetes 4.25.0",
      "tls 5.5.1",
    ]);
  });

  it("the install manifest has the release's objects, each controller at its version", async () => {
    const text = await readFile(join(toolchain.manifests, "v2.9.2", "install.yaml"), "utf8");
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
    assert.deepEqual(images.sort(), [
      "helm-controller:v1.6.2",
      "image-automation-controller:v1.2.3",
      "image-reflector-controller:v1.2.3",
      "kustomize-controller:v1.9.3",
      "notification-controller:v1.9.2",
      "source-controller:v1.9.3",
      "source-watcher:v2.2.2",
    ]);
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
