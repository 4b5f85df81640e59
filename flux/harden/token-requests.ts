import type { FluxController } from "../release/controllers.js";
import type { Manifest } from "../release/typed-kind.js";
import { featureGates } from "./arguments.js";
import { controllersOf } from "./controller.js";
import { clusterRoles, type PolicyRule } from "./rbac.js";
import type { HardenContext, Step } from "./step.js";

/**
 * Removes the right to create tokens of other service accounts.
 *
 * With that right, which the release gives to all, a compromised controller could act as any account. Only object-level
 * workload identity needs it, so the rule stays exactly when a controller is started with that feature gate.
 * @see https://fluxcd.io/flux/installation/configuration/workload-identity/
 */
export const removeTokenRequests: Step = (objects, context) => {
  if (tokenRequesters(objects, context).length > 0) return objects;
  let removed = 0;
  const result = clusterRoles.map(objects, (role) => {
    const granting = role.rules.filter(grantsTokenRequests);
    const mixed = granting.find(({ resources = [] }) => resources.length > 1);
    if (mixed) throw context.unexpected(role, `a rule grants ${mixed.resources?.join(", ")} together`);
    removed += granting.length;
    return { ...role, rules: role.rules.filter((rule) => !grantsTokenRequests(rule)) };
  });
  if (removed > 0) return result;
  throw context.unexpected("ClusterRole", "expected a rule that grants create on serviceaccounts/token");
};

/** The controllers that may create tokens: those with the feature gate by which an object names its own cloud identity. */
export function tokenRequesters(objects: Manifest, context: HardenContext): FluxController[] {
  return controllersOf(objects, context)
    .filter(({ args }) => featureGates(args).ObjectLevelWorkloadIdentity === "true")
    .map(({ name }) => name);
}

/** Whether a rule grants tokens of service accounts. */
export function grantsTokenRequests({ apiGroups = [], resources = [] }: PolicyRule): boolean {
  return apiGroups.includes("") && resources.includes("serviceaccounts/token");
}
