import assert from "node:assert/strict";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describePart, readContent } from "../../../promotion/content.js";
import { PROGRAM_FILES, PROGRAM_FOLDERS, programDigest } from "../../../promotion/program-digest.js";
import { withTree } from "../../support/unit/checkout-tree.js";
import { root } from "../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";
import type { Tree } from "../../support/unit/tree-files.js";
import { specifiersOf } from "../repository/specifiers.js";

const spec = fleetSpec({ tenants: [tenantSpec("team-a")] });
const release = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: proxy
  namespace: platform
spec:
  chart:
    spec:
      chart: ingress-nginx
      version: 4.11.3
`;
const tree: Tree = {
  "flux.lock.json": readFileSync(join(root, "flux.lock.json"), "utf8"),
  "index.ts": "run();\n",
  ...Object.fromEntries(PROGRAM_FOLDERS.map((folder) => [`${folder}/one.ts`, "export {};\n"])),
  "stacks/staging/tenants/team-a.yaml": "{}\n",
  "stacks/base/tenants/team-a.yaml": "name: team-a\nlimits:\n  size: small\nhosts: [a.example.com, b.example.com]\n",
  "fleet/clusters/staging/kustomization.yaml": "resources: [proxy.yaml]\n",
  "fleet/clusters/staging/proxy.yaml": release,
  "fleet/clusters/prod-eu/other.yaml": release.replace("proxy", "other"),
};

/** The values of a stack's parts, by kind and name. */
function values(
  changes: Readonly<Record<string, string | undefined>> = {},
  of = spec,
): Readonly<Record<string, string>> {
  const parts = withTree({ ...tree, ...changes }, (folder) => readContent(folder, of));
  return Object.fromEntries(parts.map(({ kind, name, value }) => [`${kind} ${name}`.trim(), value]));
}

/** The parts that these changes change. */
function changed(changes: Readonly<Record<string, string | undefined>>, of = spec): string[] {
  const [before, after] = [values(), values(changes, of)];
  return Object.keys({ ...before, ...after }).filter((part) => before[part] !== after[part]);
}

const base = "stacks/base/tenants/team-a.yaml";

describe("the content of a stack", () => {
  it("changes with Flux's pins, also of an image alone", () => {
    const lock = String(tree["flux.lock.json"]);
    const image = lock.replace(/(helm-controller",\s*"digest": "sha256:)./, "$1f");
    assert.notEqual(image, lock);
    assert.deepEqual(changed({ "flux.lock.json": image }), ["flux"]);
  });

  it("changes with each file of the program and with the lock file, and with no other file", () => {
    for (const file of [...PROGRAM_FILES, ...PROGRAM_FOLDERS.map((folder) => `${folder}/deep/two.ts`)]) {
      assert.deepEqual(changed({ [file]: "changed" }), ["program"], file);
    }
    assert.deepEqual(changed({ "lib/one.ts": undefined, "lib/two.ts": "export {};\n" }), ["program"]);
    assert.deepEqual(changed({ "docs/a.md": "x", "test/a.ts": "x", "lib/a.ts~": "x", "README.md": "x" }), []);
  });

  it("changes with code that Node finds in hidden folders, and in packages beside the sources", () => {
    for (const file of ["lib/node_modules/zod/index.js", "lib/.vscode/two.ts", "lib/two.bak", "lib/two.tmp"]) {
      assert.deepEqual(changed({ [file]: "changed" }), ["program"], file);
    }
  });

  it("changes with the target of a symbolic link, to a file or to a folder", () => {
    withTree({ ...tree, "docs/a.ts": "1", "docs/deep/b.ts": "1" }, (folder) => {
      symlinkSync("../docs/a.ts", join(folder, "lib/a.ts"));
      symlinkSync("../docs/deep", join(folder, "lib/deep"));
      symlinkSync(".", join(folder, "lib/around"));
      symlinkSync("nowhere", join(folder, "lib/.#one.ts"));
      const digests = [programDigest(folder)];
      for (const file of ["docs/a.ts", "docs/deep/b.ts"]) {
        writeFileSync(join(folder, file), "2");
        digests.push(programDigest(folder));
      }
      assert.equal(new Set(digests).size, 3);
    });
  });

  it("has every file that index.ts imports", () => {
    const seen = new Set<string>();
    const follow = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const specifier of specifiersOf(file)) {
        if (specifier.startsWith(".")) follow(normalize(join(dirname(file), specifier)).replace(/\.js$/, ".ts"));
      }
    };
    follow("index.ts");
    assert.ok(seen.size > 100);
    const missing = [...seen].filter((file) => {
      return !PROGRAM_FILES.includes(file) && !PROGRAM_FOLDERS.some((folder) => file.startsWith(`${folder}/`));
    });
    assert.deepEqual(missing, []);
  });

  it("changes with the data of a base file, not with comments, quotes or the order of keys", () => {
    assert.deepEqual(
      changed({
        [base]: 'hosts: ["a.example.com", b.example.com] # two\n# Small.\nlimits: {size: small}\nname: team-a\n',
      }),
      [],
    );
    assert.deepEqual(
      changed({ [base]: "name: team-a\nlimits:\n  size: large\nhosts: [a.example.com, b.example.com]\n" }),
      ["tenant team-a"],
    );
    assert.deepEqual(
      changed({ [base]: "name: team-a\nlimits:\n  size: small\nhosts: [b.example.com, a.example.com]\n" }),
      ["tenant team-a"],
    );
  });

  it("changes with the data of a tenant's group, on every stack, and with no other group", () => {
    const inGroup = { [base]: `${tree[base]}group: web\n` };
    const digest = (group: string | undefined) =>
      values({ ...inGroup, "stacks/groups/web.yaml": group, "stacks/groups/other.yaml": group })["tenant team-a"];
    assert.notEqual(digest("limits: {cpu: 2}\n"), digest("limits: {cpu: 3}\n"));
    assert.equal(digest("limits: {cpu: 2, memory: 4Gi} # Enough.\n"), digest("limits:\n  memory: 4Gi\n  cpu: 2\n"));
    assert.deepEqual(changed(inGroup), ["tenant team-a"]);
    assert.deepEqual(changed({ "stacks/groups/other.yaml": "limits: {cpu: 2}\n" }), []);
    const [, , part] = withTree({ ...tree, ...inGroup }, (folder) => readContent(folder, spec));
    assert.equal(part && describePart(part), "this base file of the tenant team-a with this file of its group web");
  });

  it("changes with the defaults of the stack, as one of its own settings, and of no other stack", () => {
    assert.deepEqual(changed({ "stacks/staging/defaults.yaml": "limits: {cpu: 2}\n" }), ["settings"]);
    assert.deepEqual(changed({ "stacks/staging/defaults.yaml": "# Nothing yet.\n" }), []);
    assert.deepEqual(changed({ "stacks/prod-eu/defaults.yaml": "limits: {cpu: 2}\n" }), []);
  });

  it("changes with the version of a chart that the cluster starts from", () => {
    assert.equal(values()["chart HelmRelease platform/proxy"], "ingress-nginx 4.11.3");
    const file = "fleet/clusters/staging/proxy.yaml";
    assert.deepEqual(changed({ [file]: release.replace("4.11.3", "4.12.0") }), ["chart HelmRelease platform/proxy"]);
    const newest = values({ [file]: release.replace("      version: 4.11.3\n", "") });
    assert.equal(newest["chart HelmRelease platform/proxy"], "ingress-nginx *");
    assert.deepEqual(changed({ "fleet/clusters/prod-eu/other.yaml": "a: b\n" }), []);
  });

  it("changes with the value of a variable that decides on a version, and with its default", () => {
    const [file, chart] = ["fleet/clusters/staging/proxy.yaml", "chart HelmRelease platform/proxy"];
    const written = (version: string) => ({ [file]: release.replace("4.11.3", version) });
    const setTo = (proxy: string) => ({ ...spec, platform: { ...spec.platform, variables: { proxy } } });
    for (const version of [`$\{proxy}`, `$\{proxy:=4.9.0}`]) {
      assert.equal(values(written(version), setTo("4.12.0"))[chart], "ingress-nginx 4.12.0", version);
    }
    for (const version of [`$\{other:=4.9.0}`, `$\{other:-4.9.0}`]) {
      assert.equal(values(written(version))[chart], "ingress-nginx 4.9.0", version);
    }
    assert.equal(values(written(`$\{other}`))[chart], `ingress-nginx $\{other}`);
  });

  it("has the version of a patch, and each object once", () => {
    const kustomization = "resources: [proxy.yaml]\npatches: [{path: patch.yaml}]\n";
    const short = release.replace("  namespace: platform\n", "").replace("      chart: ingress-nginx\n", "");
    for (const patch of [release, short, short.replace("  name: proxy\n", "  name: proxy\n  namespace: platform\n")]) {
      const found = values({
        "fleet/clusters/staging/kustomization.yaml": kustomization,
        "fleet/clusters/staging/patch.yaml": patch.replace("4.11.3", "4.12.0"),
      });
      const charts = Object.entries(found).filter(([part]) => part.startsWith("chart"));
      assert.deepEqual(charts, [["chart HelmRelease platform/proxy", "ingress-nginx 4.12.0"]], patch);
    }
  });

  it("has the other settings of the stack, without those of promotion", () => {
    const admission = { ...spec.admission, mode: "audit" as const };
    assert.deepEqual(changed({}, { ...spec, admission }), ["settings"]);
    assert.deepEqual(changed({ "stacks/staging/tenants/team-a.yaml": "sync: {interval: 2m}\n" }), ["settings"]);
    const chart = { url: "oci://ghcr.io/acme/charts/app", major: 1 };
    assert.deepEqual(changed({}, { ...spec, scaffold: { ...spec.scaffold, chart } }), ["settings"]);
    // Which stacks take pre-releases follows from the files of others.
    assert.deepEqual(changed({}, { ...spec, scaffold: { preReleases: [] } }), []);
    assert.deepEqual(changed({}, { ...spec, adopt: { repositories: ["apps"], teams: [] } }), []);
    assert.deepEqual(changed({}, { ...spec, promotion: { ...spec.promotion, from: "dev", soak: "1h" } }), []);
  });

  it("has the settings also without the overlays of tenants, and no other part", () => {
    const settings = (overlay: string, ...tenants: string[]) => {
      const file = { "stacks/staging/tenants/team-a.yaml": overlay };
      const parts = withTree({ ...tree, ...file }, (folder) => readContent(folder, spec));
      assert.ok(parts.every(({ kind, without }) => (kind === "settings") === (without !== undefined)));
      return parts.flatMap(({ without }) => without?.(tenants) ?? []).join();
    };
    const other = "sync: {interval: 2m}\n";
    assert.equal(settings("{}\n"), values().settings);
    assert.notEqual(settings(other), settings("{}\n"));
    assert.equal(settings(other, "team-a"), settings("{}\n", "team-a"));
    assert.notEqual(settings(other, "team-b"), settings("{}\n", "team-b"));
  });

  it("changes with a tenant of which the stack only creates the repositories, apart from its own settings", () => {
    assert.deepEqual(changed({}, { ...spec, tenantsElsewhere: [tenantSpec("team-b")] }), ["elsewhere"]);
    const other = { ...spec, github: { ...spec.github, ownsRepositories: false } };
    assert.ok(!Object.hasOwn(values({}, other), "elsewhere"));
  });

  it("names each part in words", () => {
    const parts = withTree(tree, (folder) => readContent(folder, spec));
    assert.deepEqual(parts.map(describePart), [
      "Flux v2.9.2 as flux.lock.json pins it",
      "this version of the program",
      "this base file of the tenant team-a",
      "HelmRelease platform/proxy with the chart ingress-nginx 4.11.3",
      "the settings, defaults and overlays of the stack",
      "the repositories of tenants that only other stacks run",
    ]);
  });
});
