import { objectName } from "../../lib/kubernetes/object.js";
import { hasTrait } from "../release/controllers.js";
import { boundRole, clusterRoleBindings, withRoles } from "./rbac.js";
import type { Step } from "./step.js";

/**
 * Replaces cluster-admin of kustomize-controller and helm-controller by the right to impersonate service accounts.
 *
 * The release relies on flags alone that they do not use cluster-admin. Under lockdown every apply is impersonated, so a
 * sync that escapes the lockdown has no rights of its own. A stack may keep the release's binding by `controllerRights`,
 * for a cluster whose own syncs name no account yet. Only the flags and the admission policies restrict tenants then.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 */
export const replaceClusterAdmin: Step = (objects, context) => {
  const admins = clusterRoleBindings.of(objects).filter(({ roleRef }) => roleRef.name === "cluster-admin");
  const subjects = admins.flatMap((binding) => binding.subjects);
  const bound = subjects.map(({ name }) => name);
  const expected: readonly string[] = context.selected.filter((name) => hasTrait(name, "impersonates"));
  const fail = (message: string) => context.unexpected("ClusterRoleBinding", message);
  const surplus = bound.find((name) => !expected.includes(name));
  if (surplus !== undefined) throw fail(`${surplus} is bound to cluster-admin, and does not impersonate`);
  const missing = expected.find((name) => !bound.includes(name));
  if (missing !== undefined) throw fail(`expected a binding of ${missing} to cluster-admin`);

  const rules = [{ apiGroups: [""], resources: ["serviceaccounts"], verbs: ["impersonate"] }];
  const added = withRoles(objects, boundRole({ name: "flux-impersonator", rules, subjects }), context);
  if (context.settings.controllerRights === "cluster-admin") return objects;
  const replaced = new Set(admins.map(objectName));
  return added.filter((object) => !replaced.has(objectName(object)));
};
