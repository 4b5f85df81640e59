import { chartProblems } from "../../../../config/platform/chart-problems.js";
import { compareProblems, problemLine } from "../../../../lib/diagnostics/problem.js";
import {
  assertLines,
  base,
  cluster,
  dollars,
  fluxSync,
  own,
  resources,
  sync,
} from "../../../support/unit/platform-files.js";

const charts = "fleet/infrastructure/base/charts.yaml";
const digest = `sha256:${"1".repeat(64)}`;

/** An artifact whose `ref` is on line 6. */
const artifact = (ref: string, name = "a") =>
  `apiVersion: source.toolkit.fluxcd.io/v1\nkind: OCIRepository\nmetadata: {name: ${name}}\nspec:\n  url: oci://ghcr.io/acme/${name}\n  ref: ${ref}\n`;
const [open, locked] = [artifact("{tag: 1.2.3}"), artifact(`{tag: 1.2.3, digest: '${digest}'}`)];
const release = (version: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: metrics}\nspec:\n  chart:\n    spec:\n      chart: metrics\n      sourceRef: {kind: HelmRepository, name: all}\n${version}`;
const patch = (target: string, text: string) => `patches: [{target: ${target}, patch: "${text}"}]\n`;

/** Problems of a cluster that applies an open chart, with these files in place of the usual ones. */
function lines(files: Readonly<Record<string, string>>, required = true): string[] {
  const usual = {
    [cluster]: resources("infrastructure.yaml"),
    [sync]: fluxSync("./fleet/infrastructure/prod-us"),
    [own]: resources("../base"),
    [base]: resources("charts.yaml"),
    [charts]: open,
  };
  const all = Object.entries({ ...usual, ...files }).map(([file, text]) => [file, dollars(text)]);
  const stacks = ["prod-us", "staging"];
  const platform = {
    files: Object.fromEntries(all) as Record<string, string>,
    stack: "prod-us",
    stacks,
    variables: {},
  };
  return chartProblems({ charts: platform, required }).sort(compareProblems).map(problemLine);
}
const names = /OCIRepository a names no digest/;

describe("the charts of fleet/ are found", () => {
  const listed = resources("infrastructure.yaml");

  it("below a sync that patches of the cluster change elsewhere, or remove", () => {
    const interval = patch("{kind: Kustomization}", "[{op: add, path: /spec/interval, value: 1h}]");
    assertLines(lines({ [cluster]: listed + interval }), names);
    const removed = patch("{kind: Kustomization}", "{$patch: delete, kind: Kustomization, metadata: {name: any}}");
    assertLines(lines({ [cluster]: listed + removed }));
  });

  for (const [title, more, words] of [
    [
      "a patch of its path",
      patch("{kind: Kustomization}", "[{op: replace, path: /spec/path, value: ./fleet/other}]"),
      /prod-us\/kustomization\.yaml:2: patches\[0\]: decides on the folder or the content of a sync, so the charts that the sync infrastructure applies/,
    ],
    [
      "a patch of its whole specification",
      patch("{kind: Kust.*}", "[{op: add, path: /spec, value: {}}]"),
      /decides on/,
    ],
    ["a copy", patch("{kind: Kustomization}", "[{op: copy, from: /spec/x, path: /spec/path}]"), /decides on/],
    [
      "replacements",
      "replacements: [{path: r.yaml}]\n",
      /:2: replacements: may change versions and folders .* not checked/,
    ],
    ["transformers", "transformers: [t.yaml]\n", /:2: transformers: may change/],
  ] as const) {
    it(`not below a sync that is changed by ${title}, which is refused where digests count`, () => {
      assertLines(lines({ [cluster]: listed + more }), words);
      assertLines(lines({ [cluster]: listed + more }, false));
      // The digest of a chart beside the sync counts as well.
      const beside = { [cluster]: resources("infrastructure.yaml", "own.yaml") + more };
      assertLines(
        lines({ ...beside, "fleet/clusters/prod-us/own.yaml": artifact(`{digest: '${digest}'}`) }, false),
        words,
      );
    });
  }

  it("not below a sync whose folder an unknown variable names, or which adds components", () => {
    const unknown = fluxSync("./fleet/@{where}");
    assertLines(
      lines({ [sync]: unknown }),
      /infrastructure\.yaml:6: spec\.path: depends on a variable without a known value/,
    );
    assertLines(
      lines({ [sync]: `${fluxSync("./fleet/infrastructure/prod-us")}  components: [../x]\n` }),
      /:8: spec\.comp/,
    );
  });

  it("not surely below replacements, and where a patch copies a field", () => {
    assertLines(
      lines({ [charts]: locked, [own]: `${resources("../base")}replacements: [{path: r.yaml}]\n` }),
      /infrastructure\/prod-us\/kustomization\.yaml:2: replacements: may change versions/,
    );
    const copy = patch("{kind: OCIRepository}", "[{op: copy, from: /x, path: /spec/ref/digest}]");
    assertLines(lines({ [charts]: locked, [own]: resources("../base") + copy }), /changes OCIRepository a in a way/);
  });

  it("in a List, and by the patches of the sync itself", () => {
    const item = open.replaceAll("\n", "\n    ").trimEnd();
    const list = `apiVersion: v1\nkind: List\nitems:\n  - ${item}\n`;
    assertLines(lines({ [charts]: list }), /charts\.yaml:9: spec\.ref\.digest: OCIRepository a names no digest/);
    const inner = fluxSync("./fleet/infrastructure/prod-us").replaceAll("\n", "\n    ").trimEnd();
    assertLines(lines({ [sync]: `apiVersion: v1\nkind: List\nitems:\n  - ${inner}\n` }), names);
    const patched = `${fluxSync("./fleet/infrastructure/prod-us")}  patches:\n    - {target: {kind: OCIRepository}, patch: "[{op: replace, path: /spec/ref, value: {tag: latest}}]"}\n`;
    assertLines(
      lines({ [sync]: patched, [charts]: locked }, false),
      /infrastructure\.yaml:9: spec\.patches\[0\]: .*"latest"/,
    );
  });

  it("each with the patches of the kustomizations above it, and of components beside it, alone", () => {
    const moves = patch("{kind: OCIRepository}", "[{op: replace, path: /spec/ref/tag, value: latest}]");
    const pins = patch("{kind: OCIRepository}", "[{op: replace, path: /spec/ref/tag, value: 1.2.3}]");
    const other = "fleet/infrastructure/other/kustomization.yaml";
    // A patch of another folder neither moves a tag nor pins it.
    const both = { [own]: resources("../base", "../other") };
    assertLines(lines({ ...both, [other]: moves }, false));
    assertLines(
      lines({ ...both, [other]: pins, [charts]: artifact("{tag: latest}") }, false),
      /follows the tag "latest"/,
    );
    const component = {
      [own]: `${resources("../base")}components: [../other]\n`,
      [other]: `kind: Component\n${moves}`,
    };
    assertLines(lines(component, false), /other\/kustomization\.yaml:2: patches\[0\]: .*"latest"/);
    // A folder that two kustomizations take in is changed by each of them.
    const twice = {
      [own]: resources("../one", "../other"),
      [other]: `${resources("../base")}namePrefix: b-\n${moves}`,
    };
    assertLines(
      lines({ ...twice, "fleet/infrastructure/one/kustomization.yaml": resources("../base") }, false),
      /other\/kustomization\.yaml:3: patches\[0\]: .*"latest"/,
    );
  });

  it("without those that a patch removes, if it is sure to", () => {
    const text = "{$patch: delete, kind: OCIRepository, metadata: {name: a}}";
    assertLines(lines({ [own]: resources("../base") + patch("{kind: OCIRepository, name: a}", text) }));
    const selected = patch("{kind: OCIRepository, labelSelector: a=b}", text);
    assertLines(lines({ [own]: resources("../base") + selected, [charts]: locked }), /labels of what it removes/);
  });

  it("by a version of a patch, a tag for a version with a plus sign, and values that only the cluster knows", () => {
    const version = release("      version: 3.0.0\n");
    const merged = {
      [own]: `${resources("../base")}patches: [{path: v.yaml}]\n`,
      "fleet/infrastructure/prod-us/v.yaml": version,
    };
    assertLines(lines({ ...merged, [charts]: release("") }, false));
    assertLines(lines({ [charts]: release("") }, false), /metrics names no version/);
    assertLines(lines({ [charts]: artifact("{tag: 104.1.0_up0.14.0}") }, false));
    const variable = { [charts]: artifact("{tag: '@{version}'}") };
    const from = (kind: string) => `{substituteFrom: [{kind: ${kind}, name: versions}]}`;
    for (const kind of ["ConfigMap", "Secret"]) {
      const elsewhere = { [sync]: fluxSync("./fleet/infrastructure/prod-us", from(kind)) };
      assertLines(lines({ ...variable, ...elsewhere }, false));
      assertLines(lines({ ...variable, ...elsewhere }), names);
    }
    assertLines(lines(variable, false), /follows the tag/);
    assertLines(
      lines({ ...variable, [sync]: fluxSync("./fleet/infrastructure/prod-us", "{}") }, false),
      /follows the tag/,
    );
  });
});
