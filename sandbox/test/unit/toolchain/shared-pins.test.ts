import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { recipes } from "../../../toolchain/recipes.js";

const folder = join(import.meta.dirname, "../../../toolchain");

/** Folders whose programs have the Kubernetes libraries of the API server, and those that compile with older ones only. */
const kubernetes = [
  ["kubernetes", "flux", "cert-manager"],
  ["providers", "flagger"],
];

/** Only a test builds it, and charts compiles nothing. */
const apart = ["flux-next", "charts"];

/** Modules that folders need in different versions, with the reason. Their packages are compiled for each. */
const different: Readonly<Record<string, string>> = {
  "github.com/atotto/clipboard": "Pulumi replaces it in its command line only",
  "github.com/fluxcd/cli-utils": "it belongs to the Kubernetes libraries, and the Kubernetes plugin has older ones",
  "github.com/fluxcd/pkg/ssa": "likewise",
  "github.com/google/cel-go": "Flux evaluates health checks by a newer one than the API server evaluates policies",
  "github.com/pulumi/pulumi/pkg/v3": "the Terraform bridge has an older engine's packages",
  "github.com/pulumi/pulumi/sdk/v3": "the engine, the plugins and the language host each have their own",
};

/**
 * Go compiles a package once for several folders only where each of its dependencies is the same in all of them: the
 * required version, which is part of the sources' names, and what replaces it.
 */
describe("the pins of the module folders", () => {
  it("agree on each module that two folders need", async () => {
    const folders = [...new Set(recipes.map(({ module }) => module))].filter((name) => !apart.includes(name));
    const pins = await Promise.all(
      folders.map(async (name) => [name, pinned(await readFile(join(folder, name, "go.mod"), "utf8"))] as const),
    );
    const disagreeing = new Map<string, Record<string, string>>();
    for (const module of new Set(pins.flatMap(([, pins]) => [...pins.keys()]))) {
      const groups = isKubernetes(module) ? kubernetes : [folders];
      for (const group of groups) {
        const versions = Object.fromEntries(
          pins.flatMap(([name, pins]) => {
            const version = group.includes(name) ? pins.get(module) : undefined;
            return version === undefined ? [] : [[name, version] as const];
          }),
        );
        if (new Set(Object.values(versions)).size > 1) disagreeing.set(module, versions);
      }
    }
    assert.deepEqual(
      [...disagreeing].filter(([module]) => !(module in different)),
      [],
    );
    assert.deepEqual([...disagreeing.keys()].sort(), Object.keys(different));
  });

  it("hold what the API server decides by at its release's versions, wherever it is compiled", async () => {
    const held = async (name: string) =>
      [...pinned(await readFile(join(folder, name, "go.mod"), "utf8"))].filter(
        ([module, version]) => / => /.test(version) && /cel-go|structured-merge|kube-openapi|gnostic/.test(module),
      );
    const own = await held("kubernetes");
    assert.equal(own.length, 4);
    assert.deepEqual(await held("cert-manager"), own);
    for (const name of ["flux", "flux-next"]) {
      assert.deepEqual(
        await held(name),
        own.filter(([module]) => !module.endsWith("/cel-go")),
        name,
      );
    }
  });

  it("are read with their replacements", () => {
    const text =
      "require a.b/c v1.0.0 // indirect\nrequire (\n\ta.b/d v2.0.0\n)\nreplace a.b/d => a.b/e v3.0.0\nreplace a.b/c => a.b/c v1.0.0\n";
    assert.deepEqual(
      [...pinned(text)],
      [
        ["a.b/c", "v1.0.0"],
        ["a.b/d", "v2.0.0 => a.b/e v3.0.0"],
      ],
    );
  });
});

function isKubernetes(module: string): boolean {
  return /^(sigs\.)?k8s\.io\/|\/gnostic-models$/.test(module);
}

/** The version of each module that go.mod requires, and what replaces it, unless that is the same. */
function pinned(text: string): Map<string, string> {
  const replacements = new Map(
    [...text.matchAll(/^\s*(?:replace )?(\S+)(?: v\S+)? => (\S+(?: v\S+)?)$/gm)].map(
      ([, module = "", replacement = ""]) => [module, replacement] as const,
    ),
  );
  const required = [...text.matchAll(/^\s*(?:require )?(\S+) (v\S+)(?: \/\/ indirect)?$/gm)];
  return new Map(
    required.map(([, module = "", version = ""]) => {
      const replacement = replacements.get(module) ?? `${module} ${version}`;
      return [module, replacement === `${module} ${version}` ? version : `${version} => ${replacement}`] as const;
    }),
  );
}
