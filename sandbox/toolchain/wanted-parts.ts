import { chartRecipes } from "./chart-recipes.js";
import { ToolchainError } from "./error.js";
import { needed, type Part } from "./part.js";

/** The programs of a cluster (control-plane/), and kubectl: people use it, and Flux's manifests are made with it. */
const clusterParts = [
  "kubectl",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "etcd",
  "kwok",
] as const;

/** Pulumi's engine, its language host and its plugins: every `pulumi up` starts them. */
const engineParts = [
  "pulumi",
  "pulumi-language-nodejs-upstream",
  "pulumi-language-nodejs",
  "pulumi-resource-kubernetes",
  "pulumi-resource-github",
  "pulumi-resource-tls",
] as const;

/** Flux's manifest, and the controllers that every stack has. */
const fluxParts = [
  "source-controller",
  "kustomize-controller",
  "notification-controller",
  "helm-controller",
  "flux-manifests",
] as const;

/** The programs of the charts that fleet/ installs by default: the pods of these charts are processes, too. */
const infrastructureParts = [
  "cert-manager-controller",
  "cert-manager-webhook",
  "cert-manager-cainjector",
  "flagger",
] as const;

/** The charts that fleet/ can name. Each takes a second or two, so every environment has them all. */
const chartParts = chartRecipes.map(({ name }) => name);

/** Flux's controllers that a stack's settings can add: built before the stack is, or when a pod asks for them. */
export const furtherControllers: readonly string[] = [
  "image-reflector-controller",
  "image-automation-controller",
  "source-watcher",
];

/**
 * The parts that are built when something asks for them: the settings of a stack, a pod, or a person who runs `flux`.
 * All other parts are those of {@link environmentParts}; a test holds that no part is in both or in neither.
 */
export const partsOnDemand: readonly string[] = [...furtherControllers, "kustomize-controller-v1.9.4", "flux"];

/**
 * The parts that the sandbox starts for a stack, by name.
 * @param controllers those of {@link furtherControllers} that the stack has beside the usual four. @default none
 */
export function environmentParts(controllers: readonly string[] = []): readonly string[] {
  return [...clusterParts, ...engineParts, ...fluxParts, ...infrastructureParts, ...chartParts, ...controllers];
}

/**
 * The parts of these names, in the order of the table.
 * @param names @default all parts
 * @throws ToolchainError when there is no part of a name
 */
export function partsNamed(parts: readonly Part[], names?: readonly string[]): readonly Part[] {
  if (names === undefined) return parts;
  const known = parts.map(({ recipe }) => recipe.name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new ToolchainError(
      unknown[0] ?? "",
      `the sandbox has no part ${unknown.join(", ")}`,
      `name one of ${known.join(", ")}.`,
    );
  }
  return parts.filter(({ recipe }) => names.includes(recipe.name));
}

/**
 * The order of a build: what every environment needs comes first, so that a run that waits for these parts alone need
 * not wait for the others. Within both groups the table's order holds.
 */
export function buildOrder(parts: readonly Part[]): readonly Part[] {
  const isOnDemand = ({ recipe }: Part) => partsOnDemand.includes(recipe.name);
  return [...parts.filter((part) => !isOnDemand(part)), ...parts.filter(isOnDemand)];
}

/**
 * Some parts, and those that their build needs.
 * @param parts all parts
 * @param isMissing whether a part has to be built: what a finished part was built with is not needed any more
 */
export function withNeeds(
  parts: readonly Part[],
  wanted: readonly Part[],
  isMissing: (part: Part) => boolean,
): readonly Part[] {
  const byName = new Map(parts.map((part) => [part.recipe.name, part] as const));
  const found = new Set<Part>();
  const add = (part: Part): void => {
    if (found.has(part) || !isMissing(part)) return;
    found.add(part);
    const needs = part.supplied === undefined ? (part.recipe.needs ?? []) : [];
    for (const name of needs) add(needed(byName, part.recipe.name, name));
  };
  for (const part of wanted) add(part);
  return parts.filter((part) => found.has(part));
}
