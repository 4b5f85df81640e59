import assert from "node:assert/strict";
import { platformProblems } from "../../../config/platform/checks.js";
import { compareProblems, problemLine } from "../../../lib/diagnostics/problem.js";

/** `@{` stands for a dollar and a brace, which a linter would take for a template that lost its quotes. */
export const dollars = (text: string) => text.replaceAll("@{", "\u0024{");

/** The kustomization that the cluster of prod-us starts from. */
export const cluster = "fleet/clusters/prod-us/kustomization.yaml";
/** The sync of the infrastructure. */
export const sync = "fleet/clusters/prod-us/infrastructure.yaml";
/** The kustomization of the cluster's own infrastructure. */
export const own = "fleet/infrastructure/prod-us/kustomization.yaml";
/** The kustomization of the infrastructure that clusters share. */
export const base = "fleet/infrastructure/base/kustomization.yaml";
/** A ConfigMap of the shared infrastructure, with variables. */
export const info = "fleet/infrastructure/base/info.yaml";

/** A sync of Flux. */
export const fluxSync = (
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
/** A kustomization that takes in these files and folders. */
export const resources = (...entries: string[]) => `resources: ${JSON.stringify(entries)}\n`;
/** A ConfigMap whose first line of data is line 6. */
export const configMap = (...data: string[]) =>
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
export const sound: Readonly<Record<string, string>> = {
  "fleet/README.md": "Write @{region}, or anything.\n",
  [cluster]: resources("infrastructure.yaml"),
  [sync]: fluxSync("./fleet/infrastructure/prod-us"),
  [own]: resources("../base"),
  [base]: resources("info.yaml"),
  [info]: configMap("region: @{region}", "cluster: @{cluster_name}"),
};

/** Lines of the problems of a checkout with these changes; undefined takes a file away. */
export function problemLines(
  changes: Readonly<Record<string, string | undefined>> = {},
  variables: Readonly<Record<string, string>> | "wrong" = { region: "us-east-1", cluster_name: "us-1" },
): string[] {
  const files = Object.fromEntries(
    Object.entries({ ...sound, ...changes }).flatMap(([file, text]) =>
      text === undefined ? [] : [[file, dollars(text)]],
    ),
  );
  const problems = platformProblems({
    files,
    stack: "prod-us",
    stacks: ["prod-us", "staging"],
    variables: variables === "wrong" ? undefined : variables,
  });
  return problems.sort(compareProblems).map(problemLine);
}

/** Expects these lines and no others, so that no test passes for another reason than its own. */
export function assertLines(actual: readonly string[], ...expected: readonly RegExp[]): void {
  assert.equal(actual.length, expected.length, `expected ${expected.length} problems:\n${actual.join("\n")}`);
  for (const [index, pattern] of expected.entries()) assert.match(actual[index] ?? "", pattern);
}
