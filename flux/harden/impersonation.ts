import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { RBAC_GROUP, roleBinding } from "../../lib/kubernetes/role-binding.js";
import { CONTROLLER_TRAITS, isFluxController } from "../release/controllers.js";
import { clusterRoleBindings } from "./rbac.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "impersonation";

/** Name of the role that replaces cluster-admin, and of its binding. */
export const IMPERSONATOR = "flux-impersonator";

/**
 * Replaces cluster-admin of kustomize-controller and helm-controller by the right to impersonate service accounts.
 *
 * The release binds both to cluster-admin, and relies on flags alone that they do not use it. Under lockdown every apply
 * is impersonated, so that right and the controller's own role are enough: a sync that escapes the lockdown has no rights
 * of its own.
 *
 * A stack may keep the release's binding by `controllerRights`, for a cluster whose own syncs name no account yet. Only
 * the flags and the admission policies restrict tenants then.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
 */
export function replaceClusterAdmin(objects: readonly KubernetesObject[], context: HardenContext): KubernetesObject[] {
  const admins = clusterRoleBindings(objects).filter(({ roleRef }) => roleRef.name === "cluster-admin");
  const expected = context.selected.filter((name) => CONTROLLER_TRAITS[name].impersonates);
  const subjects = admins.flatMap((binding) => binding.subjects);
  const unexpected = subjects.find(({ name }) => !isFluxController(name) || !expected.includes(name));
  if (unexpected) {
    throw unexpectedManifest(
      context,
      step,
      "ClusterRoleBinding",
      `${unexpected.name} is bound to cluster-admin, and does not impersonate`,
    );
  }
  const missing = expected.find((name) => !subjects.some((subject) => subject.name === name));
  if (missing) {
    throw unexpectedManifest(context, step, "ClusterRoleBinding", `expected a binding of ${missing} to cluster-admin`);
  }
  const taken = objects.find(({ metadata }) => metadata.name === IMPERSONATOR);
  if (taken)
    throw unexpectedManifest(context, step, objectName(taken), "has the name that the hardening gives to its own role");

  if (context.settings.controllerRights === "cluster-admin") return [...objects];
  const apiVersion = `${RBAC_GROUP}/v1`;
  const metadata = { name: IMPERSONATOR };
  const replaced = new Set(admins.map(objectName));
  return [
    ...objects.filter((object) => !replaced.has(objectName(object))),
    {
      apiVersion,
      kind: "ClusterRole",
      metadata,
      rules: [{ apiGroups: [""], resources: ["serviceaccounts"], verbs: ["impersonate"] }],
    },
    { apiVersion, kind: "ClusterRoleBinding", ...roleBinding({ metadata, role: IMPERSONATOR, subjects }) },
  ];
}
