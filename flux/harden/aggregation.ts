import { type KubernetesObject, objectName } from "../../lib/kubernetes/object.js";
import { mapClusterRoles } from "./rbac.js";
import { type HardenContext, unexpectedManifest } from "./step.js";

const step = "aggregation";

/** Roles with such a label are merged into Kubernetes' own `admin`, `edit` and `view`. */
const aggregationLabel = /^rbac\.authorization\.k8s\.io\/aggregate-to-/;

const readingVerbs: ReadonlySet<string> = new Set(["get", "list", "watch"]);

/**
 * Nobody may write Flux's kinds merely because they hold Kubernetes' `edit` or `admin` in a namespace.
 *
 * The release merges `flux-edit` into those two. Whoever may create a Kustomization or HelmRelease chooses the service
 * account that it is applied with, and a change to a sync of the platform's reaches whatever that account may do. So a
 * role that writes is merged into nothing and stays for explicit bindings, while `flux-view`, which reads, stays
 * merged: seeing the state and the errors of one's own syncs is what a tenant needs most, and they hold no secrets,
 * only the names of Secrets.
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
