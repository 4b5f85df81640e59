import { FleetError, type Problem } from "../../lib/diagnostics/problem.js";
import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { DEFAULT_CONTROLLERS } from "../release/controllers.js";

const versionLabel = "app.kubernetes.io/version";
const asReleased = "Use the file install.yaml of the release, as it was released";

/**
 * Refuses a manifest that is not Flux, or not this version: the digest of a wrong file would only prove that it is
 * still the same wrong file.
 * @throws FleetError naming everything that does not fit
 */
export function checkFlux(
  objects: readonly KubernetesObject[],
  { version, place }: { readonly version: string; readonly place: string },
): void {
  const problem = (path: string, message: string): Problem => ({ file: place, path, message, fix: asReleased });
  const deployments = objects.filter(({ kind }) => kind === "Deployment").map(({ metadata }) => metadata.name);
  const missing = DEFAULT_CONTROLLERS.filter((name) => !deployments.includes(name));
  const names = objects.map(objectName);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  const problems = [
    ...(missing.length > 0 ? [problem("", `is not Flux: it has no Deployment ${missing.join(", ")}`)] : []),
    ...[...twice].map((name) => problem(name, "is there more than once")),
    // Only the output of `flux install --export` has this label, and not the release's file.
    ...objects.flatMap((object) => {
      const labelled = object.metadata.labels?.[versionLabel];
      if (object.kind !== "Deployment" || labelled === undefined || labelled === version) return [];
      return [problem(objectName(object), `is labelled as Flux ${labelled} and not ${version}`)];
    }),
  ];
  if (problems.length > 0) throw new FleetError(problems);
}
