import { chartProblems } from "../../../../config/platform/chart-problems.js";
import { compareProblems, problemLine } from "../../../../lib/diagnostics/problem.js";
import { assertLines, base, cluster, fluxSync, own, resources, sync } from "../../../support/unit/platform-files.js";

const charts = "fleet/infrastructure/base/charts.yaml";
const [one, two] = ["1", "2"].map((digit) => `sha256:${digit.repeat(64)}`);

/** An artifact whose `ref` is on line 6. */
const artifact = (name: string, ref: string, url = `oci://ghcr.io/acme/${name}`) =>
  `apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {name: ${name}}\nspec:\n  url: ${url}\n  ref: ${ref}\n`;
/** A release whose version is on line 9. */
const release = (version: string, annotations = "{}", source = "HelmRepository") =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: metrics, annotations: ${annotations}}\nspec:\n  chart:\n    spec:\n      chart: metrics\n      sourceRef: {kind: ${source}, name: all}\n      version: ${version}\n`;
const noted = (version: string) => `{fleet.dev/chart-digest: '${version}@${one}'}`;

/** Problems of a cluster that applies these charts, with further fields of its own kustomization. */
function lines(text: string, { more = "", required = false, variables = {}, files = {} } = {}): string[] {
  const platform = {
    [cluster]: resources("infrastructure.yaml"),
    [sync]: fluxSync("./fleet/infrastructure/prod-us"),
    [own]: `${resources("../base")}${more}`,
    [base]: resources("charts.yaml"),
    [charts]: text,
    ...files,
  };
  const stacks = ["prod-us", "staging"];
  const problems = chartProblems({ charts: { files: platform, stack: "prod-us", stacks, variables }, required });
  return problems.sort(compareProblems).map(problemLine);
}

describe("the charts of fleet/", () => {
  describe("are refused", () => {
    for (const [name, ref, words] of [
      [
        "by a tag that moves",
        "{tag: latest}",
        /:6: spec\.ref\.tag: OCIRepository a follows the tag "latest"\. .*npx fleet lock charts\.$/,
      ],
      ["by a range", "{semver: '>=1.0.0'}", /:6: spec\.ref\.semver: OCIRepository a follows the semver ">=1\.0\.0"/],
      ["without a version", "{}", /: spec\.ref\.digest: OCIRepository a names no digest/],
      [
        "by a digest that is none",
        "{tag: 1.2.3, digest: sha256:12}",
        /:6: spec\.ref\.digest: .*has no digest, but "sha256:12"/,
      ],
    ] as const) {
      it(name, () => assertLines(lines(artifact("a", ref)), words));
    }

    it("by a range of a chart in a repository", () => {
      assertLines(
        lines(release("3.x")),
        /charts\.yaml:9: spec\.chart\.spec\.version: HelmRelease metrics follows the version "3\.x"/,
      );
    });

    it("by a version that a variable or a patch decides on, at the place of the patch", () => {
      const ref = "{tag: '$" + "{version}'}";
      assertLines(lines(artifact("a", ref), { variables: { version: "latest" } }), /follows the tag/);
      const json =
        "patches:\n  - target: {kind: OCIRepository}\n    patch: '[{op: replace, path: /spec/ref/tag, value: latest}]'\n";
      assertLines(
        lines(artifact("a", "{tag: 1.2.3}"), { more: json }),
        /prod-us\/kustomization\.yaml:3: patches\[0\]: .*"latest"/,
      );
      const path = "fleet/infrastructure/prod-us/patch.yaml";
      const merge = { more: "patches: [{path: patch.yaml}]\n", files: { [path]: artifact("a", "{tag: latest}") } };
      assertLines(
        lines(artifact("a", "{tag: 1.2.3}"), merge),
        /prod-us\/kustomization\.yaml:2: patches\[0\]: .*"latest"/,
      );
    });

    it("without a digest where another chart has one, or the stack demands it", () => {
      const [locked, open] = [artifact("a", `{tag: 1.2.3, digest: '${one}'}`), artifact("b", "{tag: 1.2.3}")];
      assertLines(
        lines(`${locked}---\n${open}`),
        /spec\.ref\.digest: OCIRepository b names no digest, and other charts of this stack have one\. Run npx fleet lock charts\.$/,
      );
      assertLines(lines(open, { required: true }), /b names no digest, and fleet:chartDigests demands one/);
      assertLines(
        lines(release("3.0.0"), { required: true }),
        /:9: .*metrics has no digest of its chart in the annotation fleet\.dev\/chart-digest/,
      );
    });

    it("with a digest that a patch removes where the stack demands it, at the patch", () => {
      const more =
        "patches:\n  - target: {kind: OCIRepository}\n    patch: |\n      kind: OCIRepository\n      metadata: {name: every}\n      spec: {ref: {digest: null}}\n";
      const locked = artifact("a", `{tag: 1.2.3, digest: '${one}'}`);
      assertLines(lines(locked, { more }));
      assertLines(
        lines(locked, { more, required: true }),
        /prod-us\/kustomization\.yaml:3: spec\.ref\.digest: .*demands one/,
      );
    });

    it("with a tag that a patch sets without its digest, which Flux would not follow", () => {
      const locked = artifact("a", `{tag: 1.2.3, digest: '${one}'}`);
      const patch = (ref: string) =>
        `patches:\n  - patch: |\n      kind: OCIRepository\n      metadata: {name: a}\n      spec: {ref: ${ref}}\n`;
      assertLines(
        lines(locked, { more: patch("{tag: 1.2.4}") }),
        /prod-us\/kustomization\.yaml:3: patches\[0\]: OCIRepository a has the tag 1\.2\.4 and the digest from different places/,
      );
      assertLines(
        lines(locked, { more: patch(`{digest: '${two}'}`) }),
        /:3: .*has the tag 1\.2\.3 and the digest from/,
      );
      assertLines(lines(locked, { more: patch(`{tag: 1.2.4, digest: '${two}'}`) }));
    });

    it("with the digest of another version, or two for one", () => {
      const named = (name: string, tag: string, digest = "") =>
        artifact(name, `{tag: ${tag}, digest: '${digest}'}`, "oci://ghcr.io/acme/app");
      const other = [named("a", "1.2.3", one), named("b", "1.2.4", one)].join("---\n");
      assertLines(
        lines(other),
        /charts\.yaml:13: spec\.ref\.digest: OCIRepository b has the digest of 1\.2\.3 for 1\.2\.4 \(OCIRepository a, .*charts\.yaml:6\)/,
      );
      const twice = [named("a", "1.2.3", one), named("b", "1.2.3", two)].join("---\n");
      assertLines(lines(twice), /b has another digest for 1\.2\.3 than OCIRepository a/);
      assertLines(
        lines(release("3.0.1", noted("3.0.0"))),
        /names the chart's version 3\.0\.1, and the digest of 3\.0\.0/,
      );
    });
  });

  it("pass by exact versions, by digests, and by versions that patches and variables make exact", () => {
    const ref = "{tag: '$" + "{version:=1.2.3}'}";
    assertLines(lines(artifact("a", ref)));
    assertLines(lines(artifact("a", "{tag: 1.2.3}")));
    assertLines(lines(`${artifact("a", `{tag: latest, digest: '${one}'}`)}---\n${release("3.0.0")}`));
    assertLines(lines(release("3.0.0", noted("3.0.0")), { required: true }));
    // The version of a chart in a Git repository is that of the repository.
    assertLines(lines(release("'*'", "{}", "GitRepository"), { required: true }));
    const more = "patches:\n  - {path: patch.yaml, target: {kind: OCIRepository, name: a.*}}\n";
    const files = { "fleet/infrastructure/prod-us/patch.yaml": "- {op: add, path: /spec/ref/tag, value: 1.2.3}\n" };
    assertLines(lines(artifact("ab", "{tag: latest}"), { more, files }));
  });
});
