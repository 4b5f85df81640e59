import assert from "node:assert/strict";
import { platformProblems } from "../../../../config/platform/checks.js";
import { problemLine } from "../../../../lib/diagnostics/problem.js";
import {
  assertLines,
  base,
  cluster,
  configMap,
  fluxSync,
  info,
  own,
  problemLines,
  resources,
  sync,
} from "../../../support/unit/platform-files.js";

describe("the platform's files are refused", () => {
  describe("for what is missing", () => {
    it("when the stack has no folder, naming one that is like it should be", () => {
      const others = {
        [cluster]: undefined,
        [sync]: undefined,
        "fleet/clusters/staging/kustomization.yaml": resources(),
      };
      assertLines(
        problemLines(others),
        /^fleet\/clusters\/prod-us\/kustomization\.yaml: does not exist, so Flux would have nothing to start from on the cluster of prod-us\. Create it, like fleet\/clusters\/staging\/kustomization\.yaml\.$/,
      );
    });

    it("when the folder's name was mistyped", () => {
      const other = {
        [cluster]: undefined,
        [sync]: undefined,
        "fleet/clusters/prod-uk/kustomization.yaml": resources(),
      };
      assertLines(problemLines(other), /Did you mean prod-uk\? If not, create it, like/);
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
        problemLines({
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
        problemLines({ [own]: undefined }),
        /^fleet\/clusters\/prod-us\/infrastructure\.yaml:6: spec\.path: ".\/fleet\/infrastructure\/prod-us" does not exist\. Create fleet\/infrastructure\/prod-us\/kustomization\.yaml, or/,
      );
      assertLines(
        problemLines({ [sync]: fluxSync("./fleet/infrastructure/@{cluster_name}/") }),
        /"\.\/fleet\/infrastructure\/\u0024\{cluster_name\}\/" does not exist\. Create fleet\/infrastructure\/us-1\//,
      );
    });

    it("also while the variables themselves are wrong", () => {
      assertLines(problemLines({ [own]: undefined }, "wrong"), /spec\.path: /);
    });
  });

  describe("for variables", () => {
    it("without a value, once for each place, saying where to give one", () => {
      assertLines(
        problemLines(
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
        problemLines({ [info]: configMap("region: @{reigon}") }),
        /\u0024\{reigon\} has no value .* Did you mean \u0024\{region\}\?$/,
      );
    });

    it("in keys, lists, patches, and further documents of a file", () => {
      const list = "---\nkind: List\nitems:\n  - name: a\n  - name: @{in_list}\n    tags: [one, '@{in_tags}']\n";
      const patch = "patches:\n  - patch: |-\n      - op: add\n        value: @{in_patch}\n";
      assertLines(
        problemLines({ [info]: `${configMap('"@{in_key}": x')}${list}`, [base]: `${resources("info.yaml")}${patch}` }),
        /info\.yaml:6: data\["\u0024\{in_key\}"\]: \u0024\{in_key\} has/,
        /info\.yaml:11: items\[1\]\.name: \u0024\{in_list\} has/,
        /info\.yaml:12: items\[1\]\.tags\[1\]: \u0024\{in_tags\} has/,
        /base\/kustomization\.yaml:5: patches\[0\]\.patch: \u0024\{in_patch\} has/,
      );
    });

    it("that Flux cannot read", () => {
      assertLines(
        problemLines({ [info]: configMap("script: echo @{a.b}") }),
        /info\.yaml:6: data\.script: "\u0024\{a\.b\}" is no variable that Flux can read.*Write \$\u0024\{ where/,
      );
    });

    it("that only another sync has", () => {
      const inline = fluxSync("./fleet/infrastructure/prod-us", "{substitute: {region: us-east-1}}");
      assertLines(problemLines({ [sync]: inline }), /data\.cluster: \u0024\{cluster_name\} has no value/);
    });
  });

  describe("for texts of generators", () => {
    it("a variable without value in a file of a ConfigMap's generator, and none in one of a Secret's", () => {
      const generators = "configMapGenerator: [{files: [app.conf]}]\nsecretGenerator: [{files: [app.conf]}]\n";
      assertLines(
        problemLines({ [own]: generators, "fleet/infrastructure/prod-us/app.conf": "one\ntwo @{zone}\n" }),
        /^fleet\/infrastructure\/prod-us\/app\.conf:2: \u0024\{zone\} has no value/,
      );
      const secret = "secretGenerator: [{files: [app.conf]}]\n";
      assert.deepEqual(problemLines({ [own]: secret, "fleet/infrastructure/prod-us/app.conf": "@{zone}\n" }), []);
    });
  });

  it("when their YAML would end the process", () => {
    const rows = Array.from({ length: 12 }, (_, row) => {
      return `a${row + 1}: &a${row + 1} [${Array(10).fill(`*a${row}`).join(", ")}]`;
    });
    assertLines(
      problemLines({ [info]: `a0: &a0 [x]\n${rows.join("\n")}\n` }),
      /^fleet\/infrastructure\/base\/info\.yaml:1: has aliases that stand for more than 100 values/,
    );
    assertLines(
      problemLines({ [info]: `a: ${"[".repeat(20_000)}${"]".repeat(20_000)}\n` }),
      /info\.yaml: nests deeper than 200 levels/,
    );
  });

  it("when one is no text, which the platform repository would get wrongly", () => {
    const image = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]).toString("utf8");
    assertLines(problemLines({ "fleet/logo.png": image }), /^fleet\/logo\.png: is not UTF-8 text/);
  });

  it("when a host with a wildcard has no quotes", () => {
    assertLines(
      problemLines({ [info]: "kind: Ingress\nhost: *.example.com\n" }),
      /info\.yaml:2: has the text \*\.example\.com without quotes, .*Put it in quotes: "\*\.example\.com"\.$/,
    );
  });

  it("for variables with the names of what every object has", () => {
    assertLines(
      problemLines({ [info]: configMap("a: @{constructor}", "b: @{toString}", "c: @{__proto__}") }),
      /\{constructor\} has no value/,
      /\{toString\} has no value/,
      /\{__proto__\} has no value/,
    );
    assertLines(
      problemLines({ [sync]: fluxSync("./fleet/@{constructor}") }),
      /spec\.path: \u0024\{constructor\} has no value/,
    );
  });

  for (const [what, text] of [
    ["a list", "- ../base\n- info.yaml\n"],
    ["a single value", "../base\n"],
  ] as const) {
    it(`when a kustomization is ${what} at its root, which kustomize would find on the cluster only`, () => {
      const [problem, ...others] = problemLines({ [own]: text });
      assert.match(
        problem ?? "",
        new RegExp(
          `prod-us/kustomization\\.yaml:1: is ${what} where a map with apiVersion and kind belongs\\. Write one map`,
        ),
      );
      assert.deepEqual(others, []);
    });
  }

  it("when they are no YAML", () => {
    assertLines(problemLines({ [info]: "a: [1\n" }), /^fleet\/infrastructure\/base\/info\.yaml:2: is not YAML: /);
    assertLines(
      problemLines({ [info]: "kind: ConfigMap\na: *b\n" }),
      /^fleet\/infrastructure\/base\/info\.yaml:2: is not YAML: the anchor of \*b does not stand before it/,
    );
    assert.deepEqual(problemLines({ [info]: "a: &b {c: 1}\nd: *b\n" }), []);
  });

  it("when each of many folders takes in the next one twice, which would fill the memory", () => {
    const folder = (index: number) => `fleet/infrastructure/l${index}/kustomization.yaml`;
    const levels = Array.from({ length: 40 }, (_, index) => {
      const next = index === 39 ? "../base" : `../l${index + 1}`;
      return [folder(index), resources(next, next)];
    });
    const lines = problemLines({ ...Object.fromEntries(levels), [own]: resources("../l0") });
    assertLines(
      lines,
      /is taken in too often: more than 10000 objects come a second time\. Include each folder once\.$/,
    );
  });

  it("below a folder without kustomization.yaml, of which Flux takes every manifest", () => {
    const plain = { [cluster]: undefined, [info]: configMap("zone: @{zone}") };
    assertLines(problemLines(plain), /\u0024\{zone\} has/);
    const generated = { [own]: undefined, "fleet/infrastructure/prod-us/deep/er/a.yaml": configMap("zone: @{zone}") };
    assertLines(problemLines(generated), /prod-us\/deep\/er\/a\.yaml:6: data\.zone: /);
  });
});
