import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { loadFleetSpec } from "../../../config/load.js";
import { FleetError, type Problem } from "../../../lib/diagnostics/problem.js";
import { type Tree, writeTree } from "./tree-files.js";

/** Where Flux starts on the cluster of each stack: what is applied there is not what these tests are about. */
export const clusterFolders = (...stacks: readonly string[]): Tree =>
  Object.fromEntries(stacks.map((stack) => [`fleet/clusters/${stack}/kustomization.yaml`, "resources: []\n"]));

/** A checkout in which nothing is wrong: two stacks, one tenant on both of them. */
export const soundTree: Tree = {
  "config/load.ts": "export {};\n",
  "stacks/base/tenants/team-a.yaml": "name: team-a\n",
  "stacks/staging/tenants/team-a.yaml": "",
  "stacks/prod-eu/tenants/team-a.yaml": "{}\n",
  ...clusterFolders("staging", "prod-eu"),
};

/** The text of a `Pulumi.STACK.yaml` in which nothing is wrong. @param more settings, which begin in line 6 */
export function soundSettings(...more: readonly string[]): string {
  const lines = [
    'pulumi:disable-default-providers: ["*"]',
    "fleet:repositoryOwner: staging",
    "fleet:fluxVersion: v2.9.2",
    ...more,
  ];
  return `encryptionsalt: v1:made-up\nconfig:\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

/** Configuration in which nothing is wrong. */
export const soundConfig = { repositoryOwner: "staging", fluxVersion: "v2.9.2" } as const;

/** Environment in which nothing is wrong. */
export const soundEnvironment = {
  GITHUB_TOKEN: "a-token",
  GITHUB_OWNER: "acme",
  // As in a pod of the cluster: no test depends on a kubeconfig.
  KUBERNETES_SERVICE_HOST: "10.0.0.1",
} as const;

/** The setting of default providers in a sound stack's file, in the engine's form. */
export const noDefaultProviders = '["*"]';

/** The changes of a test to a sound checkout. */
export interface Changes {
  /** Files added or, when undefined, taken away. */
  readonly files?: Readonly<Record<string, string | Uint8Array | undefined>>;
  readonly stack?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  /** @default - as in a sound checkout; undefined stands for a file that does not say it */
  readonly disabledDefaultProviders?: string | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly additionalProblems?: readonly Problem[];
  readonly allowUnpinned?: boolean;
}

/** Where checkouts of tests are written: a thousand of them in memory cost a fifth of those on a disk. */
const folder = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** Runs an action with a checkout of its own, and always removes it. */
export function withTree<T>(tree: Changes["files"], action: (root: string) => T): T {
  const root = mkdtempSync(path.join(folder, "fleet-stacks-"));
  try {
    const present = Object.entries(tree ?? {}).filter(
      (entry): entry is [string, Tree[string]] => entry[1] !== undefined,
    );
    writeTree(root, Object.fromEntries(present));
    return action(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** The spec of a sound checkout with these changes. */
export function load({ files, stack = "staging", config, environment, ...rest }: Changes = {}): FleetSpec {
  const loaded = withTree({ ...soundTree, ...files }, (root) =>
    loadFleetSpec({
      root,
      stack,
      config: { ...soundConfig, ...config },
      disabledDefaultProviders: noDefaultProviders,
      environment: { ...soundEnvironment, ...environment },
      ...rest,
    }),
  );
  return loaded.spec;
}

/** The lines of the error that these changes lead to; none when they lead to none. */
export function problemLines(changes: Changes): string[] {
  try {
    load(changes);
  } catch (error) {
    if (error instanceof FleetError) return error.message.split("\n");
    throw error;
  }
  return [];
}

/** The problems of a configuration as one text. */
export function configProblems(config: Readonly<Record<string, unknown>>): string {
  return problemLines({ config }).join("\n");
}

/** Expects these problems and no others, so that no test passes for another reason than its own. */
export function assertProblems(changes: Changes, ...expected: readonly RegExp[]): void {
  const lines = problemLines(changes);
  assert.equal(lines.length, expected.length, `expected ${expected.length} problems:\n${lines.join("\n")}`);
  for (const [index, pattern] of expected.entries()) assert.match(lines[index] ?? "", pattern);
}
