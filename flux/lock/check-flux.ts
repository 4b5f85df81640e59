import { FleetError, type Problem } from "../../lib/diagnostics/problem.js";
import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { DEFAULT_CONTROLLERS } from "../release/controllers.js";

const versionLabel = "app.kubernetes.io/version";
const asReleased = "Use the file install.yaml of the release, as it was released";

/**
 * Refuses what is no manifest of Flux, or of another version: once it is locked, the digest would only prove that it
 * is still the same wrong file.
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
    // The release's file has no such label; what `flux install --export` writes has.
    ...objects.flatMap((object) => {
      const said = object.metadata.labels?.[versionLabel];
      if (object.kind !== "Deployment" || said === undefined || said === version) return [];
      return [problem(objectName(object), `says that it is Flux ${said} and not ${version}`)];
    }),
  ];
  if (problems.length > 0) throw new FleetError(problems);
}
