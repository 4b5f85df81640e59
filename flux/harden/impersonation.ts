import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { CONTROLLER_TRAITS, isFluxController } from "../release/controllers.js";
import { clusterRoleBindings } from "./rbac.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "impersonation";

/** Name of the role that replaces cluster-admin, and of its binding. */
export const IMPERSONATOR = "flux-impersonator";

/**
 * kustomize-controller and helm-controller act for others, and for nobody else than service accounts.
 *
 * The release binds both to cluster-admin, and relies on flags alone to not use it. Under lockdown every apply is
 * impersonated, so the right to impersonate service accounts is all that is used beside their own `crd-controller`
 * role: a sync that escapes the lockdown has nothing of its own to escape with.
 *
 * A stack may keep the release's binding, for a cluster whose own syncs do not name an account yet: `controllerRights`.
 * Tenants are then held by the flags and the admission policies alone.
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
  const replaced = new Set(admins.map(objectName));
  return [
    ...objects.filter((object) => !replaced.has(objectName(object))),
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: IMPERSONATOR },
      rules: [{ apiGroups: [""], resources: ["serviceaccounts"], verbs: ["impersonate"] }],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: IMPERSONATOR },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: IMPERSONATOR },
      subjects,
    },
  ];
}
