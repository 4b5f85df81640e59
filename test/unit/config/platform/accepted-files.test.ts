import assert from "node:assert/strict";
import {
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

describe("the platform's files are accepted", () => {
  it("when nothing is missing", () => {
    assert.deepEqual(problemLines(), []);
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
    it(`although a variable without value ${what}`, () => assert.deepEqual(problemLines({ [info]: text }), []));
  }

  it("although a kustomization may turn substitution off for what it takes in", () => {
    const annotated = `${resources("info.yaml")}commonAnnotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}\n`;
    assert.deepEqual(problemLines({ [base]: annotated, [info]: configMap("a: @{zone}") }), []);
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
      assert.deepEqual(problemLines(changes), []);
    });
  }

  it("without variables, while these are wrong themselves", () => {
    assert.deepEqual(problemLines({ [info]: configMap("a: @{zone}") }, "wrong"), []);
  });

  it("whatever they say of other clusters, other repositories and other folders", () => {
    assert.deepEqual(
      problemLines({
        "fleet/clusters/staging/broken.yaml": "a: @{zone}\n",
        "fleet/clusters/prod-us/more.yaml": `${fluxSync("./nowhere", "{}", "other")}---\n${fluxSync("./charts/own")}`,
        [cluster]: resources("infrastructure.yaml", "more.yaml", "../../../charts/more"),
      }),
      [],
    );
  });

  it("although a patch gives a sync its folder", () => {
    const patched = `${resources("infrastructure.yaml")}patches:\n  - patch: "[{op: replace, path: /spec/path, value: ./fleet/infrastructure/base}]"\n    target: {kind: Kustomization}\n`;
    assert.deepEqual(problemLines({ [cluster]: patched, [sync]: fluxSync("./fleet/placeholder") }), []);
  });

  it("although syncs name each other in a circle", () => {
    const again = { "fleet/infrastructure/base/again.yaml": fluxSync("fleet/clusters/prod-us") };
    assert.deepEqual(problemLines({ ...again, [own]: resources("../base", "../base/again.yaml") }), []);
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
    for (const kustomization of refused) assert.deepEqual(problemLines({ [own]: kustomization }), [], kustomization);
    assert.deepEqual(problemLines({ [base]: resources("info.yaml", "../prod-us") }), []);
  });

  it("although two kustomizations include one folder", () => {
    const twice = { "fleet/infrastructure/other/kustomization.yaml": "namePrefix: b-\nresources: [../base]\n" };
    assert.deepEqual(problemLines({ ...twice, [own]: resources("../base", "../other") }), []);
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
    assert.deepEqual(problemLines({ ...files, [own]: kustomization }), []);
  });
});
