import type { PlannedResource } from "../../../../../review/planned-resource.js";
import { onGitHub, planned } from "../../../../support/unit/plans.js";

/** The API of roles. */
export const rbac = "rbac.authorization.k8s.io/v1";
const admission = "admissionregistration.k8s.io/v1";
/** The metadata of an object in the tenant's namespace. */
export const inSearch = { name: "tenant", namespace: "search" };
/** A service account as a subject of a binding. */
export const account = (namespace: string, name: string) => ({ kind: "ServiceAccount", namespace, name });
/** A binding of a ClusterRole, in a namespace or in the whole cluster. */
export const bound = (role: string, subject: object, namespace?: string) =>
  planned(
    `${rbac}:${namespace === undefined ? "ClusterRoleBinding" : "RoleBinding"}`,
    { name: "b", ...(namespace === undefined ? {} : { namespace }) },
    { roleRef: { kind: "ClusterRole", name: role }, subjects: [subject] },
  );
/** A ClusterRole with one rule. */
export const role = (verbs: string[], resources = ["secrets"]) =>
  planned(`${rbac}:ClusterRole`, { name: "r" }, { rules: [{ apiGroups: [""], resources, verbs }] });
/** The network policy of the tenant. */
export const network = (egress: object[], policyTypes = ["Ingress", "Egress"]) =>
  planned("networking.k8s.io/v1:NetworkPolicy", inSearch, { spec: { podSelector: {}, policyTypes, egress } });
/** A rule of egress to a range of addresses. */
export const toNet = {
  to: [{ ipBlock: { cidr: "10.0.0.0/8", except: ["10.1.0.0/16"] } }],
  ports: [{ protocol: "TCP", port: 5432 }],
};
/** The tenant's namespace with a level of Pod Security. */
export const namespace = (level: string, annotations = {}) =>
  planned("core/v1:Namespace", {
    name: "search",
    labels: { "pod-security.kubernetes.io/enforce": level },
    annotations,
  });
/** The tenant's quota. */
export const quota = (hard: object) => planned("core/v1:ResourceQuota", inSearch, { spec: { hard } });
/** An admission policy with one validation. */
export const policy = (expression: string) =>
  planned(`${admission}:ValidatingAdmissionPolicy`, { name: "p" }, { spec: { validations: [{ expression }] } });
/** An admission policy of an add-on that lets tenants share objects. */
export const sharing = (shared: string) =>
  planned(`${admission}:ValidatingAdmissionPolicy`, { name: "p", annotations: { "fleet.dev/shared": shared } });
/** The binding of an admission policy. */
export const inForce = (validationActions: string[], further = {}) =>
  planned(
    `${admission}:ValidatingAdmissionPolicyBinding`,
    { name: "p" },
    { spec: { policyName: "p", validationActions, ...further } },
  );
/** The tenant's team on GitHub. */
export const team = onGitHub("Team", "search-team", { name: "team-search" });
/** A right of the team to the repository. */
export const right = (permission: string) =>
  onGitHub("TeamRepository", "grant", { teamId: "search-team-id", repository: "apps", permission });
/** A deploy key of the repository. */
export const key = (readOnly: boolean) =>
  onGitHub("RepositoryDeployKey", "key", { repository: "apps", title: "fleet/eu", readOnly });
/** A ruleset of the repository. */
export const ruleset = (rules: object, bypassActors: object[] = []) =>
  onGitHub("RepositoryRuleset", "rules", {
    name: "fleet",
    repository: "apps",
    enforcement: "active",
    rules,
    bypassActors,
  });
/** The tenant's repository. */
export const repository = (visibility: string, options = {}) =>
  onGitHub("Repository", "repo", { name: "apps", visibility }, options);
/** The tenant's sync, which prunes. */
export const sync = (spec: object) =>
  planned(
    "kustomize.toolkit.fluxcd.io/v1:Kustomization",
    { name: "s", namespace: "search" },
    { spec: { prune: true, ...spec } },
  );
/** The sync with an exception that has an end. */
export const withEnd = (annotation: string, lastDay: string, spec: object) =>
  planned(
    "kustomize.toolkit.fluxcd.io/v1:Kustomization",
    { name: "s", namespace: "search", annotations: { [`fleet.dev/${annotation}`]: lastDay } },
    { spec: { prune: true, ...spec } },
  );
/** A frozen sync. */
export const frozen = (lastDay: string, reason: string) =>
  planned(
    "kustomize.toolkit.fluxcd.io/v1:Kustomization",
    {
      name: "s",
      namespace: "search",
      annotations: { "fleet.dev/frozen-until": lastDay, "fleet.dev/freeze-reason": reason },
    },
    { spec: { prune: true } },
  );
/** A controller of Flux with arguments. */
export const controller = (args: string[]) =>
  planned(
    "apps/v1:Deployment",
    { name: "kustomize-controller", namespace: "flux-system" },
    { spec: { template: { spec: { containers: [{ name: "manager", args }] } } } },
  );

/** A resource with further inputs. */
export function withInputs(resource: PlannedResource, further: object): PlannedResource {
  return { ...resource, inputs: { ...resource.inputs, ...further } };
}
