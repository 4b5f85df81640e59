import { didYouMean, nearMatches } from "../../lib/diagnostics/near-match.js";
import type { Problem } from "../../lib/diagnostics/problem.js";
import type { Manifest } from "./manifest-file.js";

/** Names under which kustomize looks for what a folder builds. */
export const KUSTOMIZATION_FILES = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

type Kind = "list" | "map" | "text";

const lists = [
  "bases",
  "buildMetadata",
  "components",
  "configMapGenerator",
  "configurations",
  "crds",
  "generators",
  "imageTags",
  "images",
  "labels",
  "patches",
  "patchesJson6902",
  "patchesStrategicMerge",
  "replacements",
  "replicas",
  "resources",
  "secretGenerator",
  "transformers",
  "validators",
  "vars",
];
const maps = ["commonAnnotations", "commonLabels", "generatorOptions", "metadata", "openapi", "sortOptions"];
const texts = ["apiVersion", "kind", "namePrefix", "nameSuffix", "namespace"];

/** Fields that need Helm in kustomize, which Flux leaves off. */
const helm = ["helmChartInflationGenerator", "helmCharts", "helmGlobals"];

/**
 * Every field of a kustomization. Kustomize refuses any other.
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 */
const fields: ReadonlyMap<string, Kind> = new Map([
  ...lists.map((name) => [name, "list"] as const),
  ...maps.map((name) => [name, "map"] as const),
  ...texts.map((name) => [name, "text"] as const),
]);

const versions: Readonly<Record<string, string>> = {
  Kustomization: "kustomize.config.k8s.io/v1beta1",
  Component: "kustomize.config.k8s.io/v1alpha1",
};

/**
 * The problems of a kustomization's form, for which kustomize would build nothing.
 * @param documents the documents of the file, read without problems
 */
export function kustomizationProblems(file: string, documents: readonly Manifest[]): Problem[] {
  const [kustomization, second] = documents;
  if (kustomization === undefined) {
    return [{ file, path: "", message: "is empty, which kustomize refuses", fix: "Write resources: []" }];
  }
  if (second !== undefined) {
    const message = "has more than one YAML document, of which a kustomization has one";
    return [{ ...second.placeOf([]), message, fix: "Keep one of them" }];
  }
  const { data, placeOf } = kustomization;
  const declared = Object.entries(data).filter(([, value]) => value !== null);
  const problems = declared.flatMap(([name, value]): Problem[] => {
    const fault = fieldFault(name, value);
    return fault === undefined ? [] : [{ ...placeOf([name]), ...fault }];
  });
  if (declared.every(([name]) => name === "apiVersion" || name === "kind")) {
    problems.push({ ...placeOf([]), message: "is empty, which kustomize refuses", fix: "Write resources: []" });
  }
  return [...problems, ...versionProblems(kustomization)];
}

function fieldFault(name: string, value: unknown): Pick<Problem, "message" | "fix"> | undefined {
  if (helm.includes(name)) {
    return { message: "needs Helm, which Flux's kustomize does not run", fix: "Write a HelmRelease instead" };
  }
  const kind = fields.get(name);
  if (kind === undefined) {
    const fix = didYouMean(nearMatches(name, fields.keys()), "Remove it, or move it to a manifest of its own");
    return { message: "is no field of a kustomization, and kustomize refuses it", fix };
  }
  if (kindOf(value) === kind) return undefined;
  return { message: `must be a ${kind}, but is a ${kindOf(value)}`, fix: "Correct it" };
}

/** Both may be left out, each by itself. */
function versionProblems({ data, placeOf }: Manifest): Problem[] {
  const { kind = "Kustomization", apiVersion } = data;
  const version = typeof kind === "string" && Object.hasOwn(versions, kind) ? versions[kind] : undefined;
  if (version === undefined) {
    const message = "must be Kustomization or Component";
    return [{ ...placeOf(["kind"]), message, fix: "Rename the file if it has another object" }];
  }
  if (apiVersion === undefined || apiVersion === null || apiVersion === "" || apiVersion === version) return [];
  const message = `is not that of kustomize's ${String(kind)}`;
  return [
    { ...placeOf(["apiVersion"]), message, fix: `Write ${version}, or rename the file if it has another object` },
  ];
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "list";
  if (typeof value === "object") return "map";
  return typeof value === "string" ? "text" : typeof value;
}
