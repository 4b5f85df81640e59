import type { LiveRule, Subject } from "../access/bindings.js";
import type { Right } from "../access/reviews.js";
import type { PlannedObject } from "../verify/planned-objects.js";
import { type AppliedObject, appliedText } from "./inventory.js";

/** The names of kinds in the API's paths, by {@link kindKey}. */
export type KnownResources = ReadonlyMap<string, { readonly plural: string; readonly isNamespaced: boolean }>;

/** Identifies a kind in a version of its group. */
export function kindKey({ group, version, kind }: Pick<AppliedObject, "group" | "version" | "kind">): string {
  return `${group}/${version}/${kind}`;
}

/** Verbs that a controller needs on what it applies: it reads, applies and prunes. */
const appliersVerbs = ["get", "create", "patch", "delete"];
/** Verbs that helm-controller needs on the Secrets of its releases. */
const storageVerbs = ["get", "list", "create", "update", "delete"];

/** A right that a sync needs, with the objects that need it. */
export interface NeededRight extends Right {
  readonly objects: readonly string[];
}

/** The rights that a sync needs, each once. @param storage namespace of a release's Secrets @default - no release */
export function neededRights(
  objects: readonly AppliedObject[],
  resources: KnownResources,
  storage?: string,
): NeededRight[] {
  const found = new Map<string, NeededRight>();
  const need = (right: Right, object: string) => {
    const key = [right.verb, right.group, right.resource, right.namespace].join(" ");
    found.set(key, { ...right, objects: [...(found.get(key)?.objects ?? []), object] });
  };
  for (const object of objects) {
    const known = resources.get(kindKey(object));
    if (known === undefined) continue;
    const { group, namespace } = object;
    const place = namespace !== undefined && known.isNamespaced ? { namespace } : {};
    for (const verb of appliersVerbs) need({ verb, group, resource: known.plural, ...place }, appliedText(object));
  }
  if (storage !== undefined) {
    const place = { group: "", resource: "secrets", namespace: storage };
    for (const verb of storageVerbs) need({ verb, ...place }, `the Secrets of the release in ${storage}`);
  }
  return [...found.values()];
}

/** Says whether an account will have a right by the bindings of a plan. */
export function plannedAccess(planned: readonly PlannedObject[], namespace: string, account: string) {
  const rules = (binding: PlannedObject): readonly LiveRule[] => {
    const { kind, name } = binding.fields.roleRef as { readonly kind: string; readonly name: string };
    const place = kind === "Role" ? binding.metadata.namespace : undefined;
    const role = planned.find((one) => {
      return one.kind === kind && one.metadata.name === name && one.metadata.namespace === place;
    });
    // Kubernetes itself has this role.
    if (role === undefined) return name === "cluster-admin" ? allRules : [];
    return (role.fields.rules ?? []) as readonly LiveRule[];
  };
  const bindings = planned.filter(({ kind, fields }) => {
    const isBinding = kind === "RoleBinding" || kind === "ClusterRoleBinding";
    return isBinding && ((fields.subjects ?? []) as readonly Subject[]).some(isAccount);
  });
  function isAccount(subject: Subject): boolean {
    return subject.kind === "ServiceAccount" && subject.name === account && subject.namespace === namespace;
  }
  return (right: Right): boolean => {
    return bindings.some((binding) => {
      const isHere = binding.kind === "ClusterRoleBinding" || binding.metadata.namespace === right.namespace;
      return isHere && rules(binding).some((rule) => covers(rule, right));
    });
  };
}

const allRules: readonly LiveRule[] = [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }];

/** Rules for named objects are left out: they cover no object of another name. */
function covers({ apiGroups = [], resources = [], verbs, resourceNames = [] }: LiveRule, right: Right): boolean {
  const has = (list: readonly string[], value: string) => list.includes(value) || list.includes("*");
  const isKind = has(apiGroups, right.group) && has(resources, right.resource);
  return isKind && has(verbs, right.verb) && resourceNames.length === 0;
}
