import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { mapClusterRoles } from "./rbac.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "aggregation";

/** Roles with such a label are merged into Kubernetes' own `admin`, `edit` and `view`. */
const aggregationLabel = /^rbac\.authorization\.k8s\.io\/aggregate-to-/;

const readingVerbs: ReadonlySet<string> = new Set(["get", "list", "watch"]);

/**
 * Removes the aggregation of Flux's writing role into Kubernetes' `edit` and `admin`.
 *
 * The release merges `flux-edit` into those two. The author of a Kustomization or HelmRelease chooses the service
 * account that applies it, and a change to one of the platform's syncs reaches everything that account may do. So a
 * role that writes is for explicit bindings only. `flux-view`, which reads, stays merged: tenants need the state and
 * errors of their own syncs, and these objects hold names of Secrets and no secrets.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
 */
export function removeAggregation(objects: readonly KubernetesObject[], context: HardenContext): KubernetesObject[] {
  const found = { writing: 0, reading: 0 };
  const result = mapClusterRoles(objects, (role) => {
    const labels = role.metadata.labels ?? {};
    if (!Object.keys(labels).some((key) => aggregationLabel.test(key))) return role;
    if (role.rules.every(({ verbs }) => verbs.every((verb) => readingVerbs.has(verb)))) {
      found.reading += 1;
      return role;
    }
    found.writing += 1;
    const kept = Object.entries(labels).filter(([key]) => !aggregationLabel.test(key));
    return { ...role, metadata: { ...role.metadata, labels: Object.fromEntries(kept) } };
  });
  for (const [kind, count] of Object.entries(found)) {
    if (count === 1) continue;
    const names = objects.filter((object) => object.kind === "ClusterRole").map(objectName);
    throw unexpectedManifest(
      context,
      step,
      "ClusterRole",
      `expected one ${kind} role that is merged into admin, edit or view, and found ${count} among ${names.join(", ")}`,
    );
  }
  return result;
}
