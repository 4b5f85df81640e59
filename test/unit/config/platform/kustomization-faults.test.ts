import assert from "node:assert/strict";
import { buildFolderByKustomize } from "../../../../cli/platform/build-folder.js";
import { kustomizationFaults } from "../../../../config/platform/kustomization-faults.js";
import { compareProblems, problemLine } from "../../../../lib/diagnostics/problem.js";
import { kustomizeFor } from "../../../support/unit/kustomize.js";
import { assertLines, base, configMap, info, own, resources } from "../../../support/unit/platform-files.js";

type Changes = Readonly<Record<string, string>>;

const [folder, other] = ["fleet/infrastructure/prod-us", "fleet/infrastructure/other/kustomization.yaml"];
const sound: Changes = { [own]: resources("../base"), [base]: resources("info.yaml"), [info]: configMap("a: b") };

function lines(changes: Changes): string[] {
  return kustomizationFaults({ ...sound, ...changes })
    .sort(compareProblems)
    .map(problemLine);
}

/** Kustomizations that kustomize refuses, each with all lines about it. */
const broken: readonly (readonly [title: string, changes: Changes, ...lines: RegExp[]])[] = [
  [
    "a misspelt field",
    { [base]: "namespace: a\nresource: [info.yaml]\n" },
    /base\/kustomization\.yaml:2: resource: resource is no field of kustomize\. Did you mean resources\?$/,
  ],
  ["an unknown field", { [base]: `${resources("info.yaml")}colour: blue\n` }, /:2: colour: .*kustomize\. Remove it\.$/],
  ["a list at the root", { [base]: "- info.yaml\n" }, /base\/kustomization\.yaml:1: is a list where a map/],
  ["a text for a list", { [base]: "resources: info.yaml\n" }, /:1: resources: is not a list\. Write - before each/],
  ["another kind", { [base]: `kind: ConfigMap\n${resources("info.yaml")}` }, /:1: kind: is "ConfigMap", and not Kust/],
  [
    "a kind that is no text",
    { [base]: `kind: {toString: x}\n${resources("info.yaml")}` },
    /:1: kind: is \{"toString":"x"\}, and/,
  ],
  ["an empty file", { [base]: "# later\n" }, /base\/kustomization\.yaml: is empty, which kustomize refuses\./],
  [
    "a circle",
    { [base]: resources("info.yaml", "../prod-us") },
    /base\/kustomization\.yaml:1: resources\[1\]: "\.\.\/prod-us" leads in a circle: it takes in fleet\/infrastructure\/prod-us,/,
    /prod-us\/kustomization\.yaml:1: resources\[0\]: "\.\.\/base" leads in a circle: it takes in fleet\/infrastructure\/base,/,
  ],
  [
    "a circle through a folder above",
    { [base]: resources("info.yaml", "more"), "fleet/infrastructure/base/more/kustomization.yaml": resources("..") },
    /base\/kustomization\.yaml:1: resources\[1\]: "more" leads in a circle/,
    /base\/more\/kustomization\.yaml:1: resources\[0\]: "\.\." leads in a circle: it takes in fleet\/infrastructure\/base,/,
  ],
  ["itself", { [base]: resources("info.yaml", ".") }, /:1: resources\[1\]: "\." leads in a circle: it takes in fleet/],
  ["a path out of fleet/", { [base]: resources("../../../../x") }, /:1: resources\[0\]: .* leads out of fleet\//],
  ["an absolute path", { [base]: resources("/etc/hostname") }, /:1: resources\[0\]: .* is an absolute path/],
  [
    "a file that is named twice",
    { [base]: resources("info.yaml", "./info.yaml") },
    /base\/kustomization\.yaml:1: resources\[1\]: "\.\/info\.yaml" takes in fleet\/infrastructure\/base\/info\.yaml again, after "info\.yaml"\. Remove one/,
  ],
  [
    "a file that two folders bring",
    { [other]: "commonAnnotations: {a: b}\nresources: [../base]\n", [own]: resources("../base", "../other") },
    /prod-us\/kustomization\.yaml:1: resources\[1\]: "\.\.\/other" takes in fleet\/infrastructure\/base\/info\.yaml again, after "\.\.\/base"/,
  ],
  [
    "a folder without a kustomization",
    { [base]: resources("info.yaml", "more"), "fleet/infrastructure/base/more/a.yaml": configMap("c: d") },
    /:1: resources\[1\]: "more" is a folder without a kustomization\.yaml\. Create fleet\/infrastructure\/base\/more\//,
  ],
  [
    "a second kustomization of a folder",
    { "fleet/infrastructure/base/kustomization.yml": resources("info.yaml") },
    /base\/kustomization\.yml: stands beside fleet\/infrastructure\/base\/kustomization\.yaml, and/,
  ],
];

const accepted: readonly (readonly [title: string, changes: Changes])[] = [
  ["nothing else", {}],
  ["fields in another case", { [base]: `${resources("info.yaml")}NamePrefix: a-\n` }],
  ["every kind of it", { [base]: `kind: Kustomization\n${resources("info.yaml")}` }],
  ["an empty kind", { [base]: `kind:\n${resources("info.yaml")}`, [own]: `kind: ""\n${resources("../base")}` }],
  ["no entries", { [base]: "resources: []\nnamespace: a\n" }],
  [
    "one folder under two names",
    { [other]: "namePrefix: b-\nresources: [../base]\n", [own]: resources("../base", "../other") },
  ],
  [
    "one folder twice, where a patch gives it another name",
    {
      [other]: `resources: [../base]\npatches: [{patch: '[{"op":"replace","path":"/metadata/name","value":"c"}]', target: {kind: ConfigMap}}]\n`,
      [own]: resources("../base", "../other"),
    },
  ],
  [
    "a file without objects twice",
    {
      [base]: resources("info.yaml", "empty.yaml", "./empty.yaml"),
      "fleet/infrastructure/base/empty.yaml": "# later\n",
    },
  ],
];

describe("faults of kustomizations", () => {
  for (const [title, changes, ...expected] of broken) {
    it(`are found: ${title}`, () => assertLines(lines(changes), ...expected));
  }

  for (const [title, changes] of accepted) {
    it(`are not seen in a kustomization with ${title}`, () => assert.deepEqual(lines(changes), []));
  }

  it("are found in time where each of many folders takes the next one in twice", () => {
    const levels = Array.from({ length: 30 }, (_, index) => {
      const next = index === 29 ? "../base" : `../level-${index + 1}`;
      return [`fleet/infrastructure/level-${index}/kustomization.yaml`, resources(next, next)] as const;
    });
    const found = lines({ ...Object.fromEntries(levels), [own]: resources("../level-0") });
    assert.equal(found.length, levels.length);
    for (const line of found)
      assert.match(line, /: resources\[1\]: .* takes in fleet\/infrastructure\/base\/info\.yaml again, /);
  });

  describe("are those for which kustomize itself", () => {
    const build = async (context: Mocha.Context, changes: Changes) => {
      const program = await kustomizeFor(context);
      return buildFolderByKustomize({ files: { ...sound, ...changes }, folder, spec: {}, values: {}, program });
    };

    it("refuses a build", async function () {
      const built = broken.map(async ([title, changes]) => ["message" in (await build(this, changes)), title] as const);
      for (const [isRefused, title] of await Promise.all(built)) assert.ok(isRefused, title);
    });

    it("does not refuse one", async function () {
      for (const [title, changes] of accepted) {
        const built = await build(this, changes);
        assert.ok("objects" in built, `${title}: ${JSON.stringify(built)}`);
      }
    });
  });
});
