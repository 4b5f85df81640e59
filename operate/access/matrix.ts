import { RBAC_GROUP } from "../../lib/kubernetes/role-binding.js";
import { accountKeys, permits, subjectKey } from "../audit/grants.js";
import { objectText, type PlannedObject } from "../verify/planned-objects.js";
import type { Binding, LiveRule, Subject, TenantNamespaces } from "./bindings.js";
import { type LiveAccess, roleKey } from "./foreign-bindings.js";
import { type AccessReview, matrixRights, type Right, type TenantAccount } from "./reviews.js";

/**
 * A cell of the access matrix: one right of one account, in one namespace or in the whole cluster, which is every
 * namespace.
 */
export interface MatrixCell {
  /** `get secrets` */
  readonly right: string;
  /** @default - the whole cluster */
  readonly namespace?: string | undefined;
  /** Whether the plan gives the right. @default - the tenant decides, in a namespace of its own */
  readonly expected?: boolean | undefined;
  /** Whether a binding gives it, or a review allowed it. */
  readonly found: boolean;
  /** The bindings on the cluster that give it. */
  readonly bindings: readonly string[];
  /** The answer to a SubjectAccessReview. @default - none was sent: the bindings decide */
  readonly review?: boolean | undefined;
}

/** The rights of an account. A cell that is left out is denied, as expected: no binding gives it. */
export interface AccountRights {
  /** `payments/reconciler` */
  readonly account: string;
  readonly tenant: string;
  readonly cells: readonly MatrixCell[];
}

/** The facts that a matrix is made of. */
export interface MatrixFacts {
  readonly accounts: readonly TenantAccount[];
  readonly planned: readonly PlannedObject[];
  /** All bindings and roles of the cluster. */
  readonly live: LiveAccess;
  readonly tenants: TenantNamespaces;
  readonly reviews: readonly AccessReview[];
  /** In the order of the reviews. */
  readonly answers: readonly boolean[];
}

/**
 * The access matrix of a stack: for each account the cells that the plan, a binding or a review says something about. It
 * grows with the accounts, and not with their pairs.
 */
export function accessMatrix({ accounts, planned, live, tenants, reviews, answers }: MatrixFacts): AccountRights[] {
  const [wanted, found] = [grantsBySubject(plannedAccess(planned, live)), grantsBySubject(live)];
  const asked = new Map<string, ReviewedRight[]>();
  for (const [index, { user, right, expected }] of reviews.entries()) {
    const answer = answers[index];
    if (answer !== undefined) asked.set(user, [...(asked.get(user) ?? []), { right, expected, answer }]);
  }
  return accounts.map((account) => {
    const { namespace, name, owner } = account;
    const isOwn = (place: string | undefined) => place !== undefined && tenants.get(place) === owner.tenant;
    const of = { wanted: rightsOf(account, wanted), found: rightsOf(account, found) };
    const own = asked.get(`system:serviceaccount:${namespace}:${name}`) ?? [];
    return { account: `${namespace}/${name}`, tenant: owner.tenant ?? "", cells: cellsOf(of, own, isOwn) };
  });
}

/** Whether a cell is not as the plan says: its bindings, or the answer of its review. */
export function isDeviation({ expected, found, review }: MatrixCell): boolean {
  return expected !== undefined && (found !== expected || (review !== undefined && review !== expected));
}

interface ReviewedRight {
  readonly right: Right;
  readonly expected: boolean;
  readonly answer: boolean;
}

/** Texts of bindings, by the key of the cell that they give. */
type GivenRights = ReadonlyMap<string, readonly string[]>;

function cellsOf(
  { wanted, found }: Readonly<Record<"wanted" | "found", GivenRights>>,
  reviews: readonly ReviewedRight[],
  isOwn: (namespace: string | undefined) => boolean,
): MatrixCell[] {
  const asked = new Map(reviews.map((one) => [cellKey(one.right), one]));
  const keys = [...new Set([...wanted.keys(), ...found.keys(), ...asked.keys()])].sort();
  return keys.map((key): MatrixCell => {
    const [namespace = "", right = ""] = key.split("\n");
    const bindings = found.get(key) ?? [];
    const review = asked.get(key);
    const isPlanned = review?.expected ?? wanted.has(key);
    return {
      right,
      ...(namespace === "" ? {} : { namespace }),
      ...(!isPlanned && review === undefined && isOwn(namespace) ? {} : { expected: isPlanned }),
      found: bindings.length > 0 || review?.answer === true,
      bindings,
      ...(review && { review: review.answer }),
    };
  });
}

/** `get secrets`, `create deployments.apps` */
export function rightText({ verb, group, resource }: Right): string {
  return `${verb} ${resource}${group === "" ? "" : `.${group}`}`;
}

/** The key of a cell. The whole cluster has no namespace. */
function cellKey(right: Right): string {
  return `${right.namespace ?? ""}\n${rightText(right)}`;
}

interface Grant {
  readonly binding: Binding;
  readonly rules: readonly LiveRule[];
}

/** Grants by the keys of their subjects: {@link subjectKey}. */
function grantsBySubject({ bindings, rules }: LiveAccess): ReadonlyMap<string, readonly Grant[]> {
  const grants = new Map<string, Grant[]>();
  for (const binding of bindings) {
    const grant = { binding, rules: rules.get(roleKey(binding)) ?? [] };
    const { namespace = "" } = binding.metadata;
    for (const subject of binding.subjects ?? []) {
      const key = subjectKey({ namespace, ...subject });
      grants.set(key, [...(grants.get(key) ?? []), grant]);
    }
  }
  return grants;
}

/** A request without a token is anyone's, and so is a tenant's. */
const anyone = ["User system:anonymous", "Group system:unauthenticated"];

/** The rights of the matrix that grants give to an account. A rule that names objects counts: it gives these. */
function rightsOf(account: TenantAccount, grants: ReadonlyMap<string, readonly Grant[]>): GivenRights {
  const own = new Set([...accountKeys(account), ...anyone].flatMap((key) => grants.get(key) ?? []));
  const given = new Map<string, string[]>();
  for (const { binding, rules } of own) {
    const anyName = rules.map(({ resourceNames: _, ...rule }) => rule);
    for (const right of matrixRights) {
      const asked = { verbs: [right.verb], group: right.group, resource: right.resource };
      if (!anyName.some((rule) => permits(rule, asked))) continue;
      const { namespace } = binding.metadata;
      const key = cellKey({ ...right, ...(namespace === undefined ? {} : { namespace }) });
      given.set(key, [...(given.get(key) ?? []), objectText(binding)].sort());
    }
  }
  return given;
}

/** The bindings of a plan. A role that the plan does not have, such as Kubernetes' own `view`, is the cluster's. */
function plannedAccess(planned: readonly PlannedObject[], live: LiveAccess): LiveAccess {
  const rbac = planned.filter(({ group }) => group === RBAC_GROUP);
  const roles = rbac.flatMap(({ kind, metadata: { name, namespace }, fields }): [string, readonly LiveRule[]][] => {
    if (kind !== "ClusterRole" && kind !== "Role") return [];
    const key = kind === "ClusterRole" ? `ClusterRole/${name}` : `Role/${namespace}/${name}`;
    return [[key, (fields.rules ?? []) as readonly LiveRule[]]];
  });
  const bindings = rbac.flatMap(({ kind, identity, metadata, fields }): LiveAccess["bindings"][number][] => {
    if (kind !== "RoleBinding" && kind !== "ClusterRoleBinding") return [];
    const subjects = (fields.subjects ?? []) as readonly Subject[];
    const roleRef = fields.roleRef as Binding["roleRef"];
    return [{ kind, identity, metadata: { ...metadata, labels: {} }, roleRef, subjects }];
  });
  return { bindings, rules: new Map([...live.rules, ...roles]) };
}
