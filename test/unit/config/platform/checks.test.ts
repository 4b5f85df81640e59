import assert from "node:assert/strict";
import { filesOfCluster, platformProblems } from "../../../../config/platform/checks.js";
import { compareProblems, problemLine } from "../../../../lib/diagnostics/problem.js";

/** `@{` stands for a dollar and a brace, which a linter would take for a template that lost its quotes. */
const dollars = (text: string) => text.replaceAll("@{", "\u0024{");

const cluster = "fleet/clusters/prod-us/kustomization.yaml";
const sync = "fleet/clusters/prod-us/infrastructure.yaml";
const own = "fleet/infrastructure/prod-us/kustomization.yaml";
const base = "fleet/infrastructure/base/kustomization.yaml";
const info = "fleet/infrastructure/base/info.yaml";

const fluxSync = (
  path: string,
  postBuild = "{substituteFrom: [{kind: ConfigMap, name: cluster-vars}]}",
  source = "platform",
) =>
  [
    "apiVersion: kustomize.toolkit.fluxcd.io/v1",
    "kind: Kustomization",
    "metadata: {name: infrastructure, namespace: flux-system}",
    "spec:",
    `  sourceRef: {kind: GitRepository, name: ${source}}`,
    `  path: ${path}`,
    `  postBuild: ${postBuild}`,
    "",
  ].join("\n");
const resources = (...entries: string[]) => `resources: ${JSON.stringify(entries)}\n`;
const configMap = (...data: string[]) =>
  [
    "apiVersion: v1",
    "kind: ConfigMap",
    "metadata:",
    "  name: info",
    "data:",
    ...data.map((line) => `  ${line}`),
    "",
  ].join("\n");

/** A cluster that has nothing but what this repository begins every cluster with. */
const sound: Readonly<Record<string, string>> = {
  "fleet/README.md": "Write @{region}, or anything.\n",
  [cluster]: resources("infrastructure.yaml"),
  [sync]: fluxSync("./fleet/infrastructure/prod-us"),
  [own]: resources("../base"),
  [base]: resources("info.yaml"),
  [info]: configMap("region: @{region}", "cluster: @{cluster_name}"),
};

/** Lines of the problems of a checkout with these changes; undefined takes a file away. */
function lines(
  changes: Readonly<Record<string, string | undefined>> = {},
  variables: Readonly<Record<string, string>> | "wrong" = { region: "us-east-1", cluster_name: "us-1" },
): string[] {
  const files = Object.fromEntries(
    Object.entries({ ...sound, ...changes }).flatMap(([file, text]) =>
      text === undefined ? [] : [[file, dollars(text)]],
    ),
  );
  return platformProblems({
    files,
    stack: "prod-us",
    stacks: ["prod-us", "staging"],
    variables: variables === "wrong" ? undefined : variables,
  })
    .sort(compareProblems)
    .map(problemLine);
}

function assertLines(actual: readonly string[], ...expected: readonly RegExp[]): void {
  assert.equal(actual.length, expected.length, `expected ${expected.length} problems:\n${actual.join("\n")}`);
  for (const [index, pattern] of expected.entries()) assert.match(actual[index] ?? "", pattern);
}

describe("the platform's files are refused", () => {
  describe("for what is missing", () => {
    it("when the stack has no folder, naming one that is like it should be", () => {
      const others = {
        [cluster]: undefined,
        [sync]: undefined,
        "fleet/clusters/staging/kustomization.yaml": resources(),
      };
      assertLines(
        lines(others),
        /^fleet\/clusters\/prod-us\/kustomization\.yaml: does not exist, so Flux would have nothing to start from on the cluster of prod-us\. Create it, like fleet\/clusters\/staging\/kustomization\.yaml\.$/,
      );
    });

    it("when the folder's name was mistyped", () => {
      const other = {
        [cluster]: undefined,
        [sync]: undefined,
        "fleet/clusters/prod-uk/kustomization.yaml": resources(),
      };
      assertLines(lines(other), /Did you mean prod-uk\? If not, create it, like/);
    });

    it("when there is no file at all", () => {
      assertLines(
        platformProblems({ files: {}, stack: "prod-us", stacks: ["prod-us", "staging"], variables: {} }).map(
          problemLine,
        ),
        /Create it\.$/,
      );
    });

    it("when a kustomization takes in what is not there", () => {
      assertLines(
        lines({
          [own]: [
            "resources:",
            "  - ../base",
            "  - ingress.yaml",
            "  - https://example.com/crds.yaml",
            "patches:",
            "  - path: more.yaml",
            "configMapGenerator:",
            "  - files: [b=c.txt]",
            "",
          ].join("\n"),
        }),
        /prod-us\/kustomization\.yaml:3: resources\[1\]: "ingress\.yaml" does not exist\. Create fleet\/infrastructure\/prod-us\/ingress\.yaml, or/,
        /prod-us\/kustomization\.yaml:6: patches\[0\]\.path: "more\.yaml" does not exist\./,
        /prod-us\/kustomization\.yaml:8: configMapGenerator\[0\]\.files\[0\]: "c\.txt" does not exist\./,
      );
    });

    it("when a sync applies a folder that is not there, wherever the stack's name comes from", () => {
      assertLines(
        lines({ [own]: undefined }),
        /^fleet\/clusters\/prod-us\/infrastructure\.yaml:6: spec\.path: ".\/fleet\/infrastructure\/prod-us" does not exist\. Create fleet\/infrastructure\/prod-us\/kustomization\.yaml, or/,
      );
      assertLines(
        lines({ [sync]: fluxSync("./fleet/infrastructure/@{cluster_name}/") }),
        /"\.\/fleet\/infrastructure\/\u0024\{cluster_name\}\/" does not exist\. Create fleet\/infrastructure\/us-1\//,
      );
    });

    it("also while the variables themselves are wrong", () => {
      assertLines(lines({ [own]: undefined }, "wrong"), /spec\.path: /);
    });
  });

  describe("for variables", () => {
    it("without a value, once for each place, saying where to give one", () => {
      assertLines(
        lines(
          { [info]: configMap("region: @{region}", "both: |", "  one", "  @{region}-@{zone}") },
          { cluster_name: "us-1" },
        ),
        /^fleet\/infrastructure\/base\/info\.yaml:6: data\.region: \u0024\{region\} has no value on this cluster, so the build of the kustomization would fail\. Set region in fleet:variables of Pulumi\.prod-us\.yaml, write a default \(\u0024\{region:=VALUE\}\), or \$\u0024\{region\} where/,
        /info\.yaml:9: data\.both: \u0024\{region\} has no value/,
        /info\.yaml:9: data\.both: \u0024\{zone\} has no value/,
      );
    });

    it("whose name was mistyped", () => {
      assertLines(
        lines({ [info]: configMap("region: @{reigon}") }),
        /\u0024\{reigon\} has no value .* Did you mean \u0024\{region\}\?$/,
      );
    });

    it("in keys, lists, patches, and further documents of a file", () => {
      const list = "---\nkind: List\nitems:\n  - name: a\n  - name: @{in_list}\n    tags: [one, '@{in_tags}']\n";
      const patch = "patches:\n  - patch: |-\n      - op: add\n        value: @{in_patch}\n";
      assertLines(
        lines({ [info]: `${configMap('"@{in_key}": x')}${list}`, [base]: `${resources("info.yaml")}${patch}` }),
        /info\.yaml:6: data\["\u0024\{in_key\}"\]: \u0024\{in_key\} has/,
        /info\.yaml:11: items\[1\]\.name: \u0024\{in_list\} has/,
        /info\.yaml:12: items\[1\]\.tags\[1\]: \u0024\{in_tags\} has/,
        /base\/kustomization\.yaml:5: patches\[0\]\.patch: \u0024\{in_patch\} has/,
      );
    });

    it("that Flux cannot read", () => {
      assertLines(
        lines({ [info]: configMap("script: echo @{a.b}") }),
        /info\.yaml:6: data\.script: "\u0024\{a\.b\}" is no variable that Flux can read.*Write \$\u0024\{ where/,
      );
    });

    it("that only another sync has", () => {
      const inline = fluxSync("./fleet/infrastructure/prod-us", "{substitute: {region: us-east-1}}");
      assertLines(lines({ [sync]: inline }), /data\.cluster: \u0024\{cluster_name\} has no value/);
    });
  });

  describe("for texts of generators", () => {
    it("a variable without value in a file of a ConfigMap's generator, and none in one of a Secret's", () => {
      const generators = "configMapGenerator: [{files: [app.conf]}]\nsecretGenerator: [{files: [app.conf]}]\n";
      assertLines(
        lines({ [own]: generators, "fleet/infrastructure/prod-us/app.conf": "one\ntwo @{zone}\n" }),
        /^fleet\/infrastructure\/prod-us\/app\.conf:2: \u0024\{zone\} has no value/,
      );
      const secret = "secretGenerator: [{files: [app.conf]}]\n";
      assert.deepEqual(lines({ [own]: secret, "fleet/infrastructure/prod-us/app.conf": "@{zone}\n" }), []);
    });
  });

  it("when their YAML would end the process", () => {
    const rows = Array.from({ length: 12 }, (_, row) => {
      return `a${row + 1}: &a${row + 1} [${Array(10).fill(`*a${row}`).join(", ")}]`;
    });
    assertLines(
      lines({ [info]: `a0: &a0 [x]\n${rows.join("\n")}\n` }),
      /^fleet\/infrastructure\/base\/info\.yaml:1: has aliases that stand for more than 100 values/,
    );
    assertLines(
      lines({ [info]: `a: ${"[".repeat(20_000)}${"]".repeat(20_000)}\n` }),
      /info\.yaml: nests deeper than 200 levels/,
    );
  });

  it("when one is no text, which the platform repository would get wrongly", () => {
    const image = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]).toString("utf8");
    assertLines(lines({ "fleet/logo.png": image }), /^fleet\/logo\.png: is not UTF-8 text/);
  });

  it("when a host with a wildcard has no quotes", () => {
    assertLines(
      lines({ [info]: "kind: Ingress\nhost: *.example.com\n" }),
      /info\.yaml:2: has the text \*\.example\.com without quotes, .*Put it in quotes: "\*\.example\.com"\.$/,
    );
  });

  it("for variables with the names of what every object has", () => {
    assertLines(
      lines({ [info]: configMap("a: @{constructor}", "b: @{toString}", "c: @{__proto__}") }),
      /\{constructor\} has no value/,
      /\{toString\} has no value/,
      /\{__proto__\} has no value/,
    );
    assertLines(
      lines({ [sync]: fluxSync("./fleet/@{constructor}") }),
      /spec\.path: \u0024\{constructor\} has no value/,
    );
  });

  it("when they are no YAML", () => {
    assertLines(lines({ [info]: "a: [1\n" }), /^fleet\/infrastructure\/base\/info\.yaml:2: is not YAML: /);
    assertLines(
      lines({ [info]: "kind: ConfigMap\na: *b\n" }),
      /^fleet\/infrastructure\/base\/info\.yaml:2: is not YAML: the anchor of \*b does not stand before it/,
    );
    assert.deepEqual(lines({ [info]: "a: &b {c: 1}\nd: *b\n" }), []);
  });

  it("below a folder without kustomization.yaml, of which Flux takes every manifest", () => {
    const plain = { [cluster]: undefined, [info]: configMap("zone: @{zone}") };
    assertLines(lines(plain), /\u0024\{zone\} has/);
    const generated = { [own]: undefined, "fleet/infrastructure/prod-us/deep/er/a.yaml": configMap("zone: @{zone}") };
    assertLines(lines(generated), /prod-us\/deep\/er\/a\.yaml:6: data\.zone: /);
  });
});

describe("the platform's files are accepted", () => {
  it("when nothing is missing", () => {
    assert.deepEqual(lines(), []);
  });

  for (const [what, text] of [
    ["has a default", configMap("region: @{zone:=a}")],
    ["is escaped", configMap("script: echo $@{zone}")],
    ["stands in a comment", `# @{zone}\n${configMap("a: b # @{zone}")}`],
    [
      "is in an object whose annotation turns that off",
      configMap("a: @{zone}").replace(
        "  name: info",
        "  name: info\n  annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}",
      ),
    ],
    [
      "is in an object whose label turns that off",
      configMap("a: @{z.z}").replace(
        "  name: info",
        "  name: info\n  labels: {kustomize.toolkit.fluxcd.io/substitute: disabled}",
      ),
    ],
  ] as const) {
    it(`although a variable without value ${what}`, () => assert.deepEqual(lines({ [info]: text }), []));
  }

  it("although a kustomization may turn substitution off for what it takes in", () => {
    const annotated = `${resources("info.yaml")}commonAnnotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}\n`;
    assert.deepEqual(lines({ [base]: annotated, [info]: configMap("a: @{zone}") }), []);
  });

  for (const [what, postBuild] of [
    ["replaces none", "{}"],
    [
      "has values from elsewhere",
      "{substituteFrom: [{kind: ConfigMap, name: cluster-vars}, {kind: Secret, name: more}]}",
    ],
    ["has values of its own", "{substitute: {zone: a}}"],
  ] as const) {
    it(`although a sync ${what}`, () => {
      const changes = {
        [sync]: fluxSync("./fleet/infrastructure/prod-us", postBuild),
        [info]: configMap("a: @{zone}"),
      };
      assert.deepEqual(lines(changes), []);
    });
  }

  it("without variables, while these are wrong themselves", () => {
    assert.deepEqual(lines({ [info]: configMap("a: @{zone}") }, "wrong"), []);
  });

  it("whatever they say of other clusters, other repositories and other folders", () => {
    assert.deepEqual(
      lines({
        "fleet/clusters/staging/broken.yaml": "a: @{zone}\n",
        "fleet/clusters/prod-us/more.yaml": `${fluxSync("./nowhere", "{}", "other")}---\n${fluxSync("./charts/own")}`,
        [cluster]: resources("infrastructure.yaml", "more.yaml", "../../../charts/more"),
      }),
      [],
    );
  });

  it("although a patch gives a sync its folder", () => {
    const patched = `${resources("infrastructure.yaml")}patches:\n  - patch: "[{op: replace, path: /spec/path, value: ./fleet/infrastructure/base}]"\n    target: {kind: Kustomization}\n`;
    assert.deepEqual(lines({ [cluster]: patched, [sync]: fluxSync("./fleet/placeholder") }), []);
  });

  it("although syncs name each other in a circle", () => {
    const again = { "fleet/infrastructure/base/again.yaml": fluxSync("fleet/clusters/prod-us") };
    assert.deepEqual(lines({ ...again, [own]: resources("../base", "../base/again.yaml") }), []);
  });

  it("although kustomize refuses some, which a review tells, and which must not end the check", () => {
    const refused = [
      "resource: [../base]\n",
      "resources: ../base\n",
      "# later\n",
      "kind: ConfigMap\nresources: []\n",
      "resources: [../base, ../base/]\n",
      "resources: [.., ../prod-us]\n",
      "resources: [/etc, ../../../../x, https://example.com/a, 'me@git.example.com:acme/x']\n",
      "patches: [{path: ../base}]\n",
    ];
    for (const kustomization of refused) assert.deepEqual(lines({ [own]: kustomization }), [], kustomization);
    assert.deepEqual(lines({ [base]: resources("info.yaml", "../prod-us") }), []);
  });

  it("although two kustomizations include one folder", () => {
    const twice = { "fleet/infrastructure/other/kustomization.yaml": "namePrefix: b-\nresources: [../base]\n" };
    assert.deepEqual(lines({ ...twice, [own]: resources("../base", "../other") }), []);
  });

  it("with every field of kustomize, and every way to name a file", () => {
    const kustomization = [
      "apiVersion: kustomize.config.k8s.io/v1beta1",
      "kind: Kustomization",
      "metadata: {name: x}",
      "resources: [../base]",
      "namespace:",
      "patches:",
      "  - path: patch.yaml",
      "  - patch: |-",
      "      - {op: remove, path: /a}",
      "patchesStrategicMerge:",
      "  - |-",
      "    kind: ConfigMap",
      "replacements: [{path: values.env}]",
      "configMapGenerator:",
      "  - {name: a, files: [values.env, b=values.env], envs: [values.env], env: values.env, literals: [c=d]}",
      "openapi: {path: values.env}",
      "",
    ].join("\n");
    const files = {
      "fleet/infrastructure/prod-us/patch.yaml": "- {op: add, path: /a, value: b}\n",
      "fleet/infrastructure/prod-us/values.env": "a=@{region}\n",
    };
    assert.deepEqual(lines({ ...files, [own]: kustomization }), []);
  });
});

describe("The files that a cluster needs", () => {
  const variables = { region: "us-east-1", cluster_name: "us-1" };
  const needed = (changes: Readonly<Record<string, string>> = {}) => {
    const files = { ...sound, ...changes };
    const found = filesOfCluster({ files, stack: "prod-us", stacks: ["prod-us", "staging"], variables });
    return found && [...found].filter((file) => Object.hasOwn(files, file)).sort();
  };
  const all = [own, base, info, cluster, sync].sort();
  const other = "fleet/clusters/staging/kustomization.yaml";
  const patch = 'patches: [{patch: "[]", target: {kind: Kustomization}}]\n';

  it("are unknown when a patch or a variable without a value decides on the folder of a sync", () => {
    assert.equal(needed({ [cluster]: `${resources("infrastructure.yaml")}${patch}` }), undefined);
    assert.equal(needed({ [sync]: fluxSync(dollars("./fleet/infrastructure/@{zone}")) }), undefined);
  });

  it("are those of its folder and of the syncs in it, and neither other clusters nor texts beside them", () => {
    assert.deepEqual(needed({ [other]: resources() }), all);
    assert.deepEqual(needed({ [own]: `${resources("../base")}${patch}` }), all);
    const config = "configMapGenerator: [{name: a, files: [values.env]}]\n";
    const values = "fleet/infrastructure/prod-us/values.env";
    const generated = { [own]: `${resources("../base")}${config}`, [values]: "a=b" };
    assert.deepEqual(needed(generated), [...all, values].sort());
  });

  it("are those of another cluster that it includes", () => {
    assert.deepEqual(
      needed({ [other]: resources(), [cluster]: resources("infrastructure.yaml", "../staging") }),
      [other, ...all].sort(),
    );
  });
});
