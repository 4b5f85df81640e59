import { role } from "../../support/objects/rbac.js";
import { allowed, type Case, type Place, refused } from "./cases.js";

const rule = (apiGroup: string, resources: readonly string[], ...verbs: readonly string[]) => ({
  apiGroups: [apiGroup],
  resources,
  verbs,
});

/** Policy fleet-roles. */
export function roleCases(place: Place): Case[] {
  const own = (...rules: readonly object[]) => role(place, ...rules);
  const harmless = rule("", ["configmaps"], "get", "update");
  return [
    ...refused(/your own Roles must not let an account deploy as your reconciler does: remove create, update/, {
      "a Role that creates syncs": own(rule("kustomize.toolkit.fluxcd.io", ["kustomizations"], "create")),
      "a Role that changes releases": own(rule("helm.toolkit.fluxcd.io", ["helmreleases"], "get", "patch")),
      "a Role that changes sources": own(rule("source.toolkit.fluxcd.io", ["gitrepositories"], "update")),
      "a Role that changes receivers": own(rule("notification.toolkit.fluxcd.io", ["receivers"], "update")),
      "a Role that grants rights": own(harmless, rule("rbac.authorization.k8s.io", ["rolebindings"], "create")),
      "a Role that changes Roles": own(rule("rbac.authorization.k8s.io", ["roles"], "update")),
    }),
    ...allowed({
      "a Role that reads what the tenant reads": own(
        rule("", ["pods", "secrets", "services"], "get", "list", "watch"),
        rule("kustomize.toolkit.fluxcd.io", ["kustomizations"], "get"),
        rule("rbac.authorization.k8s.io", ["roles"], "list"),
      ),
      "a Role for leader election": own(
        rule("coordination.k8s.io", ["leases"], "get", "create", "update", "patch", "delete"),
        harmless,
      ),
      "a Role that runs Jobs and pods": own(
        rule("batch", ["jobs"], "create", "delete"),
        rule("", ["pods", "persistentvolumeclaims", "secrets"], "create", "delete"),
      ),
      "a Role without rules": own(),
    }),
  ];
}
