import { fluxSources, helmReleases, kustomizations } from "../kinds.js";
import { type PolicyRule, readVerbs } from "./reconciler.js";

/** Name of the service account of a tenant's pipelines, in every tenant's primary namespace. */
export const robotAccount = "ci-robot";
/** Name of the Secret with that account's token, where a tenant file asks for one. */
export const robotToken = `${robotAccount}-token`;
/** Name of the ClusterRole of such an account; bound within the tenant's namespaces only. */
export const robotRole = "fleet-tenant-robot";

/**
 * The rules of a tenant's robot: read and patch, as `flux reconcile`, `flux suspend` and `flux resume` do. RBAC cannot
 * restrict fields; the admission policy `fleet-robots` limits patches to `spec.suspend` and reconcile requests.
 */
export const robotRules: readonly PolicyRule[] = [kustomizations, helmReleases, fluxSources].map((kinds) => ({
  ...kinds,
  verbs: [...readVerbs, "patch"],
}));
