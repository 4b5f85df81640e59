import { shellWord } from "../../lib/process/shell-word.js";
import { type Finding, finding, type Owner } from "../verify/finding.js";
import type { PlannedObject } from "../verify/planned-objects.js";

/** A right that a review asks about. */
export interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** @default - every namespace, or none */
  readonly namespace?: string;
}

/** A SubjectAccessReview, and the answer that the files of the stack ask for. */
export interface AccessReview {
  readonly user: string;
  readonly groups: readonly string[];
  readonly right: Right;
  readonly expected: boolean;
  readonly owner: Owner;
}

/** Rights in a namespace that is not the account's own: its secrets, and pods in it. */
const foreignRights = [
  { verb: "get", group: "", resource: "secrets" },
  { verb: "create", group: "", resource: "pods" },
] as const;

/** Rights that hold in the whole cluster. */
const clusterRights: readonly Right[] = [
  { verb: "list", group: "", resource: "secrets" },
  { verb: "impersonate", group: "", resource: "serviceaccounts" },
  { verb: "bind", group: "rbac.authorization.k8s.io", resource: "clusterroles" },
];

/** A right that a reconciler has in its own namespaces. */
const ownRight = { verb: "create", group: "apps", resource: "deployments" } as const;

/** The rights of the access matrix. */
export const matrixRights: readonly Right[] = [...foreignRights, ownRight, ...clusterRights];

/** An account of a tenant. */
export interface TenantAccount {
  readonly namespace: string;
  readonly name: string;
  readonly owner: Owner;
}

/** The accounts of a plan's tenants: those that the program registers, and `default` of each namespace. */
export function tenantAccounts(planned: readonly PlannedObject[]): TenantAccount[] {
  const found = planned.flatMap(({ kind, metadata, owner }): TenantAccount[] => {
    if (owner.tenant === undefined) return [];
    if (kind === "Namespace") return [{ namespace: metadata.name, name: "default", owner }];
    const { namespace } = metadata;
    return kind === "ServiceAccount" && namespace !== undefined ? [{ namespace, name: metadata.name, owner }] : [];
  });
  const distinct = new Map(found.map((one) => [`${one.namespace}/${one.name}`, one]));
  return [...distinct].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/**
 * The reviews of a stack's accounts: a constant number for each. RBAC only adds rights, and every binding is read and
 * judged beside these, so no pair of namespaces needs a review of its own. The reviews show what another authorizer than
 * RBAC adds: each account is asked about a namespace of another tenant, Flux's, and the cluster.
 */
export function plannedReviews(accounts: readonly TenantAccount[], fluxNamespace: string): AccessReview[] {
  return accounts.flatMap(({ namespace, name, owner }, index) => {
    const common = {
      user: `system:serviceaccount:${namespace}:${name}`,
      groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
      owner,
    };
    const review = (right: Right, expected = false): AccessReview => ({ ...common, right, expected });
    const foreign = foreignNamespace(accounts, index);
    const own: Right = { ...ownRight, namespace };
    return [
      ...(name === "reconciler" ? [review(own, true)] : []),
      ...(foreign === undefined ? [] : foreignRights.map((right) => review({ ...right, namespace: foreign }))),
      review({ verb: "get", group: "", resource: "secrets", namespace: fluxNamespace }),
      ...clusterRights.map((right) => review(right)),
    ];
  });
}

/** The next namespace of another tenant. The first one follows the last. */
function foreignNamespace(accounts: readonly TenantAccount[], index: number): string | undefined {
  const tenant = accounts[index]?.owner.tenant;
  for (let step = 1; step < accounts.length; step += 1) {
    const other = accounts[(index + step) % accounts.length];
    if (other !== undefined && other.owner.tenant !== tenant) return other.namespace;
  }
  return undefined;
}

/** The findings of reviews whose answer is not the expected one. @param answers in the order of the reviews */
export function judgeReviews(reviews: readonly AccessReview[], answers: readonly boolean[]): Finding[] {
  return reviews.flatMap(({ user, right, expected, owner }, index) => {
    if (answers[index] === undefined || answers[index] === expected) return [];
    const { verb, group, resource, namespace } = right;
    const place = namespace === undefined ? "in the whole cluster" : `in the namespace ${namespace}`;
    const kind = group === "" ? resource : `${resource}.${group}`;
    const difference = `${expected ? "may not" : "may"} ${verb} ${kind} ${place}`;
    const fix = expected
      ? "pulumi up --refresh"
      : `find the binding, or the authorizer beside RBAC: kubectl auth can-i ${shellWord(verb)} ${shellWord(kind)} --as ${shellWord(user)}${namespace === undefined ? " --all-namespaces" : ` --namespace ${shellWord(namespace)}`}`;
    return [finding("access-open", { object: `account ${user}`, owner, difference, fix })];
  });
}
