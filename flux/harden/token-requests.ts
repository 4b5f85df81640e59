import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import type { FluxController } from "../release/controllers.js";
import { asDeployment } from "../release/deployment.js";
import { featureGates } from "./arguments.js";
import { managerOf } from "./deployment.js";
import { mapClusterRoles, type PolicyRule } from "./rbac.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "token-requests";

/** Feature gate with which an object names the service account whose cloud identity it uses. */
const gate = "ObjectLevelWorkloadIdentity";

/**
 * Removes the right to create tokens of other service accounts.
 *
 * The release lets every controller create tokens of every account on the cluster, so that a compromised controller
 * could act as any of them. Only object-level workload identity needs the right, so the rule stays exactly when a
 * controller is started with that feature gate. The step finds the rule by its content, because its position in Flux'
 * documentation is another rule since v2.7.
 * @see https://fluxcd.io/flux/installation/configuration/workload-identity/
 */
export function removeTokenRequests(
  objects: readonly KubernetesObject[],
  context: HardenContext,
): readonly KubernetesObject[] {
  const needed = context.selected.some((name) => mayRequestTokens(name, objects, context));
  if (needed) return objects;

  let removed = 0;
  const result = mapClusterRoles(objects, (role) => {
    const rules = role.rules.filter((rule) => {
      if (!grantsTokenRequests(rule)) return true;
      const { resources = [] } = rule;
      if (resources.length > 1) {
        throw unexpectedManifest(context, step, objectName(role), `a rule grants ${resources.join(", ")} together`);
      }
      removed += 1;
      return false;
    });
    return { ...role, rules };
  });
  if (removed === 0) {
    throw unexpectedManifest(
      context,
      step,
      "ClusterRole",
      "expected a rule that grants create on serviceaccounts/token",
    );
  }
  return result;
}

/** Whether a controller is started with the feature gate that needs tokens of other accounts. */
export function mayRequestTokens(
  name: FluxController,
  objects: readonly KubernetesObject[],
  context: HardenContext,
): boolean {
  return objects
    .filter(({ kind, metadata }) => kind === "Deployment" && metadata.name === name)
    .some(
      (object) => featureGates(managerOf(asDeployment(object), context, step).container.args ?? [])[gate] === "true",
    );
}

/** Whether a rule grants tokens of service accounts. */
export function grantsTokenRequests({ apiGroups = [], resources = [] }: PolicyRule): boolean {
  return apiGroups.includes("") && resources.includes("serviceaccounts/token");
}
