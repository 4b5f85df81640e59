import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isOlder } from "../../../lib/is-older.js";
import { chartVersion } from "../../../toolchain/chart-recipes.js";
import { oldestGo } from "../../../toolchain/go.js";
import { fluxVersion, recipes } from "../../../toolchain/recipes.js";

const folder = join(import.meta.dirname, "../../../toolchain");
const pins = async (module: string) => readFile(join(folder, module, "go.mod"), "utf8");

describe("the table of recipes", () => {
  it("lacks nothing that the sandbox starts", () => {
    const outputs = new Set(recipes.map(({ output }) => output));
    const wanted = [
      ...["pulumi", "pulumi-language-nodejs", "kubectl", "flux", "etcd", "kwok"],
      ...["kube-apiserver", "kube-controller-manager", "kube-scheduler"],
      ...["source-controller", "kustomize-controller", "helm-controller", "notification-controller"],
      ...["image-reflector-controller", "image-automation-controller", "source-watcher"],
      ...["cert-manager-controller", "cert-manager-webhook", "cert-manager-cainjector", "flagger"],
    ].map((name) => `bin/${name}`);
    assert.deepEqual(
      wanted.filter((output) => !outputs.has(output)),
      [],
    );
    assert.ok(outputs.has(`manifests/${fluxVersion}/install.yaml`));
  });

  it("has no two parts of one name or at one place", () => {
    assert.equal(new Set(recipes.map(({ name }) => name)).size, recipes.length);
    assert.equal(new Set(recipes.map(({ output }) => output)).size, recipes.length);
  });

  it("names its result after the part, by which people and error messages know it", () => {
    for (const { kind, name, output } of recipes) {
      assert.ok(kind !== "go" || output.endsWith(`/${name}`), `${name} is put at ${output}`);
    }
  });

  it("says of each part the version that its module folder pins", async () => {
    for (const recipe of recipes) {
      if (recipe.kind === "go" && recipe.package.startsWith("./")) {
        continue; // Our own main packages; a plugin's version is that of its npm package, tested above and below.
      }
      const path = recipe.kind === "go" ? recipe.package : recipe.source;
      const requires = [...(await pins(recipe.module)).matchAll(/^\s*(?:require )?(\S+\.\S+\/\S+) (v\S+)/gm)];
      const [, , version] = requires
        .filter(([, module = ""]) => `${path}/`.startsWith(`${module}/`))
        .sort(([, a = ""], [, b = ""]) => b.length - a.length)[0] ?? ["", "", "no version"];
      assert.equal(version, recipe.version, `${recipe.name}: go.mod of ${recipe.module} pins ${version}`);
    }
  });

  it("builds cert-manager and Flagger of the version that their chart installs", async () => {
    assert.throws(() => chartVersion("nginx"), /no chart nginx/);
    const versionOf = (part: string) => recipes.find(({ name }) => name === part)?.version;
    for (const [module, chart, parts] of [
      [
        "cert-manager",
        "chart-cert-manager",
        ["controller", "webhook", "cainjector"].map((name) => `cert-manager-${name}`),
      ],
      ["flagger", "chart-flagger", ["flagger"]],
    ] as const) {
      for (const part of parts) assert.equal(versionOf(part), versionOf(chart), part);
      assert.match(await pins(module), new RegExp(`/${module} ${versionOf(chart)}(?: |$)`, "m"));
    }
  });

  it("compiles into each plugin the version under which the engine looks for it", async () => {
    for (const recipe of recipes) {
      if (recipe.kind !== "go" || recipe.module !== "providers") {
        continue;
      }
      const source = await readFile(join(folder, recipe.module, recipe.package, "main.go"), "utf8");
      const compiled = Object.values(recipe.variables ?? {})[0] ?? /var version = "(.*)"/.exec(source)?.[1];
      assert.equal(`v${compiled}`, recipe.version, recipe.name);
    }
  });

  it("needs no newer Go than the one that the error message asks for", async () => {
    for (const module of new Set(recipes.map(({ module }) => module))) {
      const [, version = ""] = /^go (\S+)$/m.exec(await pins(module)) ?? [];
      assert.ok(!isOlder(oldestGo, version), `${module}/go.mod needs go ${version}, go.ts asks for ${oldestGo}`);
    }
  });

  it("uses every module folder", async () => {
    const entries = await readdir(folder, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    assert.deepEqual([...new Set(recipes.map(({ module }) => module))].sort(), folders.sort());
  });
});
