import assert from "node:assert/strict";
import { readFolder } from "../../../../config/files/read-folder.js";
import type { Files } from "../../../../config/platform/kustomize-build.js";
import { fixtures } from "../../../support/fixtures.js";
import { stackSpec } from "../../../support/unit/stack-config.js";

/** The stack of the fixtures. */
export const spec = stackSpec(fixtures, "staging");
/** The files of `fleet/` of the fixtures, without a fault. */
export const sound = readFolder(fixtures, "fleet");
/** File with the sync of the stack's infrastructure. */
export const sync = "fleet/clusters/staging/infrastructure.yaml";
/** Kustomization of the stack's syncs. */
export const cluster = "fleet/clusters/staging/kustomization.yaml";
/** Kustomization of the stack's infrastructure. */
export const own = "fleet/infrastructure/staging/kustomization.yaml";
/** A file that cases add to it. */
export const parts = "fleet/infrastructure/staging/parts.yaml";

/** One file of the fixtures with an edit. Fails when the edit changes nothing. */
export const edited = (file: string, from: string | RegExp, to: string): Files => {
  const text = sound[file] ?? "";
  assert.notEqual(text.replace(from, to), text);
  return { [file]: text.replace(from, to) };
};
/** The files with these documents in {@link parts}. */
export const withParts = (...documents: readonly string[]): Files => ({
  [own]: "resources:\n  - ../base\n  - parts.yaml\n",
  [parts]: documents.join("---\n"),
});
/** A Gadget, whose schema is known, with these lines of its spec. */
export const gadget = (...spec: readonly string[]) =>
  [
    "apiVersion: tools.example.com/v1",
    "kind: Gadget",
    "metadata: {name: one, namespace: platform}",
    "spec:",
    ...spec,
    "",
  ].join("\n");
/** A ConfigMap with these lines of data. */
export const configMap = (...data: readonly string[]) =>
  ["apiVersion: v1", "kind: ConfigMap", "metadata: {name: a, namespace: platform}", "data:", ...data, ""].join("\n");

/** Title, changed files, and the start of each finding: of a build by kustomize, and without one if it finds that too. */
export const violations: readonly (readonly [
  title: string,
  changes: Files,
  findings: readonly RegExp[],
  builds?: "needed",
])[] = [
  [
    "a sync without serviceAccountName",
    edited(sync, /\n {2}serviceAccountName: .*/, ""),
    [/^fleet\/clusters\/staging\/infrastructure\.yaml:6: spec\.serviceAccountName: \[platform-accounts, mandatory\]/],
  ],
  [
    "a workload in fleet/clusters",
    {
      [cluster]: "resources:\n  - infrastructure.yaml\n  - proxy.yaml\n",
      "fleet/clusters/staging/proxy.yaml":
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: proxy, namespace: platform}\nspec: {}\n",
    },
    [/^fleet\/clusters\/staging\/proxy\.yaml:2: kind: \[platform-workloads, mandatory\] DaemonSet platform\/proxy/],
  ],
  [
    "a dependsOn to a tenant",
    edited(
      sync,
      "  prune: true",
      `  dependsOn: [{name: app, namespace: ${spec.tenants[0]?.namespaces[0].name}}]\n  prune: true`,
    ),
    [
      /^fleet\/clusters\/staging\/infrastructure\.yaml:\d+: spec\.dependsOn\[0\]: \[platform-order, mandatory\] .*, which belongs to a tenant/,
    ],
  ],
  [
    "a chart with a range",
    withParts(
      "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: proxy, namespace: flux-system}\nspec:\n  serviceAccountName: platform-reconciler\n  chart:\n    spec:\n      version: '>=1.0.0'\n",
    ),
    [
      /^fleet\/infrastructure\/staging\/parts\.yaml:8: spec\.chart\.spec\.version: \[platform-charts, mandatory\] HelmRelease flux-system\/proxy follows version >=1\.0\.0/,
    ],
  ],
  [
    "an object that its schema refuses",
    withParts(gadget("  size: big", "  intervall: 10m")),
    [
      /^fleet\/infrastructure\/staging\/parts\.yaml:5: spec\.size: \[platform-schemas, mandatory\] spec\.size of Gadget platform\/one must be integer/,
      /^fleet\/infrastructure\/staging\/parts\.yaml:6: spec\.intervall: \[platform-schemas, mandatory\] .* has no field intervall/,
    ],
  ],
  [
    "a patch that breaks a rule",
    {
      ...withParts(gadget("  size: 1")),
      [own]:
        "resources:\n  - ../base\n  - parts.yaml\npatches:\n  - patch: |-\n      - {op: replace, path: /spec/size, value: big}\n    target: {kind: Gadget}\n",
    },
    [/^fleet\/infrastructure\/staging\/parts\.yaml:5: spec\.size: \[platform-schemas, mandatory\]/],
    "needed",
  ],
  [
    "the image of a kustomization that follows latest",
    {
      ...withParts(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: proxy, namespace: platform}\nspec:\n  template:\n    spec:\n      containers:\n        - {name: main, image: 'proxy:1.2.3'}\n",
      ),
      [own]: "resources:\n  - parts.yaml\nimages:\n  - {name: proxy, newTag: latest}\n",
    },
    [
      /^fleet\/infrastructure\/staging\/parts\.yaml:8: .*\[platform-images, mandatory\] Deployment platform\/proxy runs proxy:latest/,
    ],
    "needed",
  ],
  [
    "a patch of a sync, which Flux adds to the kustomization",
    {
      ...withParts(gadget("  size: 1")),
      ...edited(
        sync,
        "  prune: true",
        "  patches:\n    - patch: |-\n        - {op: replace, path: /spec/size, value: big}\n      target: {kind: Gadget}\n  prune: true",
      ),
    },
    [/^fleet\/infrastructure\/staging\/parts\.yaml:5: spec\.size: \[platform-schemas, mandatory\]/],
    "needed",
  ],
];

/** Title, changed files, and the start of the only finding. */
export const refused: readonly (readonly [title: string, changes: Files, finding: RegExp])[] = [
  [
    "a mistyped field",
    { [own]: "resources:\n  - ../base\nresource:\n  - parts.yaml\n" },
    /^fleet\/infrastructure\/staging\/kustomization\.yaml:3: \[platform-builds, mandatory\] fleet\/infrastructure\/staging cannot be built: .*unknown field "resource"/,
  ],
  [
    "a file of another folder",
    { [own]: "resources:\n  - ../base\n  - ../base/namespace.yaml\n" },
    /^fleet\/infrastructure\/staging\/kustomization\.yaml:3: \[platform-builds, mandatory\]/,
  ],
  [
    "an object twice",
    withParts("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: platform\n"),
    /^fleet\/infrastructure\/staging\/parts\.yaml:4: \[platform-builds, mandatory\] .* already registered id/,
  ],
  [
    "a folder without kustomization.yaml",
    { [own]: "resources:\n  - ../base\n  - parts\n", "fleet/infrastructure/staging/parts/README.md": "Nothing yet.\n" },
    /^fleet\/infrastructure\/staging\/kustomization\.yaml:3: \[platform-builds, mandatory\]/,
  ],
  [
    "a circle of kustomizations",
    { [own]: "resources:\n  - ../base\n  - ../staging\n" },
    /^fleet\/infrastructure\/staging\/kustomization\.yaml:3: \[platform-builds, mandatory\] .*cycle/,
  ],
  [
    "broken YAML in a base",
    { "fleet/infrastructure/base/namespace.yaml": "kind: Namespace\nmetadata: [1\n" },
    /^fleet\/infrastructure\/base\/namespace\.yaml:\d+: \[platform-builds, mandatory\]/,
  ],
  [
    "a patch without a target",
    {
      [own]:
        "resources:\n  - ../base\npatches:\n  - patch: |-\n      kind: Namespace\n      apiVersion: v1\n      metadata: {name: none}\n",
    },
    /^fleet\/infrastructure\/staging\/kustomization\.yaml:\d+: \[platform-builds, mandatory\]/,
  ],
  [
    "a kind that a Secret decides on",
    {
      ...withParts(
        gadget("  size: 1").replace("tools.", "other.").replace("kind: Gadget", "kind: \u0024{kind:=HelmRelease}"),
      ),
      ...edited(sync, /substituteFrom:\n.*\n.*\n/, "substituteFrom: [{kind: Secret, name: hidden}]\n"),
    },
    /^fleet\/infrastructure\/staging\/parts\.yaml:2: kind: \[platform-builds, mandatory\] .* has a variable in kind whose value is not known/,
  ],
  [
    "a variable that makes a file no YAML",
    withParts(configMap("  a: \u0024{q:=[}")),
    /^fleet\/infrastructure\/staging\/kustomization\.yaml: \[platform-builds, mandatory\] .*with the values of its variables, it is not YAML/,
  ],
  [
    "variables that bring aliases, of which a few lines stand for millions of values",
    withParts(configMap("  a: \u0024{q:=&a [b]}", "  c: \u0024{q:=*a}")),
    /^fleet\/infrastructure\/staging\/kustomization\.yaml: \[platform-builds, mandatory\] .*bring aliases of YAML/,
  ],
  [
    "two kustomizations in a folder",
    { "fleet/infrastructure/staging/kustomization.yml": "resources: [../base]\n" },
    /^fleet\/infrastructure\/staging\/kustomization\.yaml:1: \[platform-builds, mandatory\]/,
  ],
];

/** Title, changed files, and the start of the only finding: kustomize never sees these. */
export const unsafe: readonly (readonly [title: string, changes: Files, finding: RegExp])[] = [
  ["an address", { [own]: "resources:\n  - https://example.com/a.yaml\n" }, /kustomization\.yaml:2: .*is elsewhere/],
  ["a repository", { [own]: "resources:\n  - github.com/acme/x//y?ref=v1\n" }, /kustomization\.yaml:2: .*is elsewhere/],
  [
    "a path out of fleet/",
    { [own]: "resources:\n  - ../../../stacks\n" },
    /kustomization\.yaml:2: .*leads out of fleet\//,
  ],
  [
    "a component of a sync",
    edited(sync, "  prune: true", "  components: [../../../stacks]\n  prune: true"),
    /staging\/kustomization\.yaml: components\[0\]: .*leads out of fleet\//,
  ],
  ["an absolute path", { [own]: "resources:\n  - /etc\n" }, /kustomization\.yaml:2: .*is an absolute path/],
  [
    "an address in a generator",
    { [own]: "configMapGenerator:\n  - name: a\n    files: [b=http://127.0.0.1/c]\n" },
    /kustomization\.yaml:3: .*is elsewhere/,
  ],
  [
    "an address in the configuration of a generator",
    {
      ...withParts("apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: a}\nfiles: [http://127.0.0.1/c]\n"),
      [own]: "generators: [parts.yaml]\n",
    },
    /parts\.yaml:4: .*is elsewhere/,
  ],
];
