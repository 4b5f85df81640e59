import assert from "node:assert/strict";
import { unsafeReferences } from "../../../../config/platform/references.js";
import { problemLine } from "../../../../lib/diagnostics/problem.js";

const file = "fleet/infrastructure/base/kustomization.yaml";
const lines = (text: string, name = file) => unsafeReferences({ [name]: text }).map(problemLine);

describe("references that kustomize must not follow", () => {
  const unsafe: readonly (readonly [title: string, text: string, line: RegExp])[] = [
    ["an address", "resources: [a.yaml, https://example.com/a]\n", /:1: resources\[1\]: .* is elsewhere/],
    ["a repository without a scheme", "components:\n  - github.com/acme/x\n", /:2: components\[0\]: .* is elsewhere/],
    ["a repository by ssh", "bases: ['me@git.example.com:acme/x']\n", /bases\[0\]: .* is elsewhere/],
    ["a repository on this machine", "resources: ['file:///srv/x']\n", /resources\[0\]: .* is elsewhere/],
    ["an absolute path", "configurations: [/etc/passwd]\n", /configurations\[0\]: .* is an absolute path/],
    ["a path out of fleet/", "resources: [../../../stacks]\n", /resources\[0\]: .* leads out of fleet\//],
    ["a path through another folder", "resources: [a/../../../../x]\n", /resources\[0\]: .* leads out of fleet\//],
    ["a patch", "patches: [{path: ../../../x.yaml}]\n", /patches\[0\]\.path: .* leads out of fleet\//],
    ["a schema", "openapi: {path: http://127.0.0.1/x}\n", /openapi\.path: .* is elsewhere/],
    ["a file of a generator", "secretGenerator: [{files: [a=/etc/passwd]}]\n", /files\[0\]: .* is an absolute path/],
    [
      "a configuration that is written in the kustomization",
      "generators:\n  - |\n    apiVersion: builtin\n    kind: ConfigMapGenerator\n    files: [http://127.0.0.1/x]\n",
      /:2: generators\[0\]: .* is elsewhere/,
    ],
    [
      "a configuration with an escaped address",
      'transformers:\n  - |\n    apiVersion: builtin\n    kind: PatchTransformer\n    path: "http:\\/\\/127.0.0.1/x"\n',
      /:2: transformers\[0\]: .* is elsewhere/,
    ],
    [
      "a configuration with a list of patches",
      "transformers:\n  - |\n    apiVersion: builtin\n    paths: [http://127.0.0.1/x]\n",
      /:2: transformers\[0\]: .* is elsewhere/,
    ],
    ["a merged map", "<<: {resources: [http://127.0.0.1/x]}\n", /:1: merges maps by <</],
    ["a merged alias", "metadata: &a {resources: [/etc]}\n<<: *a\n", /:2: merges maps by <</],
    ["merges of YAML 1.1", "%YAML 1.1\n---\n<<: {resources: [/etc]}\n", /:3: has a directive for YAML 1\.1/],
    ["an encoded path", "resources: [!!binary L2V0Yw==]\n", /:1: has the tag tag:yaml\.org,2002:binary/],
    [
      "an address with a colon and a space",
      "resources: ['http://127.0.0.1/?a: b']\n",
      /resources\[0\]: .* is elsewhere/,
    ],
    ["a path with a colon and a space", "resources: ['/a: b']\n", /resources\[0\]: .* is an absolute path/],
    [
      "a patch with a colon and a space",
      "patchesStrategicMerge: ['http://127.0.0.1/?a: b']\n",
      /patchesStrategicMerge\[0\]: .* is elsewhere/,
    ],
    [
      "a field in capitals",
      "Resources: [/etc]\n",
      /:1: Resources: Resources is no field of kustomize\. Write resources/,
    ],
    [
      "a field with a letter that Go takes for an s",
      "re\u017fources: [/etc]\n",
      /is no field of kustomize\. Write resources/,
    ],
    ["a field of a generator in capitals", "configMapGenerator: [{Files: [/a]}]\n", /Files is no field of kustomize/],
    ["syntax that cannot be read", "resources: [a\n", /is not YAML/],
  ];
  for (const [title, text, line] of unsafe) {
    it(title, () => {
      const found = lines(text);
      assert.ok(found.length > 0);
      assert.match(found[0] ?? "", line);
      assert.ok(found[0]?.startsWith(file));
    });
  }

  it("an address in a configuration of its own", () => {
    const text = "apiVersion: builtin\nkind: ConfigMapGenerator\nenvs:\n  - http://127.0.0.1/x\n";
    assert.match(lines(text, "fleet/a.yaml").join(), /^fleet\/a\.yaml:4: envs\[0\]: .* is elsewhere/);
  });

  it("an address in a configuration of another name", () => {
    const files = {
      [file]: "generators: [config.json]\n",
      "fleet/infrastructure/base/config.json": '{"apiVersion": "builtin", "files": ["http://127.0.0.1/x"]}',
    };
    const [found = ""] = unsafeReferences(files).map(problemLine);
    assert.match(found, /^fleet\/infrastructure\/base\/config\.json:1: files\[0\]: .* is elsewhere/);
  });

  it("a folder of configurations, whose patches could set addresses", () => {
    const files = {
      [file]: "transformers: [../configs/]\n",
      "fleet/infrastructure/configs/kustomization.yaml": "{}\n",
    };
    assert.match(unsafeReferences(files).map(problemLine).join(), /:1: transformers\[0\]: .* is a folder/);
  });

  it("of the other names of a kustomization", () => {
    for (const name of ["fleet/a/kustomization.yml", "fleet/a/Kustomization"]) {
      assert.match(lines("resources: [/etc]\n", name).join(), /is an absolute path/);
    }
  });
});

describe("references that kustomize may follow", () => {
  const safe: readonly (readonly [title: string, text: string])[] = [
    ["files and folders of fleet/", "resources: [a.yaml, ../base, ../../infrastructure]\npatches: [{path: b.yaml}]\n"],
    [
      "patches that are written in the kustomization",
      "patches:\n  - patch: |-\n      - {op: add, path: /a, value: http://x}\n",
    ],
    ["aliases", "resources: &a [a.yaml]\ncomponents: *a\n"],
    ["configurations of files", "transformers: [labels.yaml]\n"],
    ["addresses that are values", "configMapGenerator: [{name: a, literals: [url=http://127.0.0.1/x]}]\n"],
  ];
  for (const [title, text] of safe) {
    it(title, () => assert.deepEqual(lines(text), []));
  }

  it("paths of other objects", () => {
    const route = "apiVersion: v1\nkind: Ingress\nspec: {rules: [{path: http://example.com}]}\n";
    assert.deepEqual(lines(route, "fleet/a.yaml"), []);
    assert.deepEqual(lines("resources: [/etc]\n", "fleet/notes.txt"), []);
  });
});
