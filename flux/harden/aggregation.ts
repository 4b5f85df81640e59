import { objectName } from "../../lib/kubernetes/object.js";
import { objectsOf } from "../release/typed-kind.js";
import { clusterRoles, readVerbs } from "./rbac.js";
import type { Step } from "./step.js";

/** Roles with such a label are merged into Kubernetes' own `admin`, `edit` and `view`. */
const aggregationLabel = /^rbac\.authorization\.k8s\.io\/aggregate-to-/;

/**
 * Removes the aggregation of Flux's writing role into Kubernetes' `edit` and `admin`.
 *
 * The author of a Kustomization or HelmRelease chooses the service account that applies it, so a role that writes is for
 * explicit bindings only. `flux-view`, which reads, stays merged: tenants need the state and errors of their own syncs,
 * and these objects hold names of Secrets and no secrets.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
 */
export const removeAggregation: Step = (objects, { unexpected }) => {
  const found = { writing: 0, reading: 0 };
  const result = clusterRoles.map(objects, (role) => {
    const labels = Object.entries(role.metadata.labels ?? {});
    const others = labels.filter(([key]) => !aggregationLabel.test(key));
    if (others.length === labels.length) return role;
    const kind = role.rules.every(({ verbs }) => verbs.every((verb) => readVerbs.includes(verb)))
      ? "reading"
      : "writing";
    found[kind] += 1;
    if (kind === "reading") return role;
    return { ...role, metadata: { ...role.metadata, labels: Object.fromEntries(others) } };
  });
  for (const [kind, count] of Object.entries(found)) {
    if (count === 1) continue;
    const names = objectsOf(objects, "ClusterRole").map(objectName).join(", ");
    const expected = `expected one ${kind} role that is merged into admin, edit or view`;
    throw unexpected("ClusterRole", `${expected}, and found ${count} among ${names}`);
  }
  return result;
};
