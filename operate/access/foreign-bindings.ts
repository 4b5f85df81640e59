import type { LiveObject } from "../../lib/kubernetes/live-object.js";
import { shellWord } from "../../lib/process/shell-word.js";
import { type Finding, finding } from "../verify/finding.js";
import { objectText } from "../verify/planned-objects.js";
import {
  type Binding,
  isByHand,
  isForeignBinding,
  type LiveRule,
  type TenantNamespaces,
  tenantSubjects,
} from "./bindings.js";
import { areHarmless } from "./harmless-rules.js";

/** The bindings and roles of a cluster. */
export interface LiveAccess {
  readonly bindings: readonly (Binding & { readonly identity: string })[];
  /** Rules by `ClusterRole/NAME` or `Role/NAMESPACE/NAME`. */
  readonly rules: ReadonlyMap<string, readonly LiveRule[]>;
}

/**
 * The bindings that no file asks for and that give accounts of tenants rights outside of their own namespaces, or that give
 * others rights in a tenant's namespace. RBAC only adds rights, so all bindings together are everything that RBAC grants.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#api-overview
 */
export function foreignBindings(
  { bindings, rules }: LiveAccess,
  tenants: TenantNamespaces,
  planned: ReadonlySet<string>,
): LiveAccess["bindings"] {
  return bindings
    .filter((one) => !planned.has(one.identity))
    .filter((one) => {
      const isForeign = isForeignBinding(one, tenants) && !areHarmless(rules.get(roleKey(one)));
      return isForeign || isByHand(one, tenants);
    });
}

/** The rights that a foreign binding gives, in words. */
export function grantText(one: Binding, { rules }: Pick<LiveAccess, "rules">, tenants: TenantNamespaces): string {
  const places = [...new Set(tenantSubjects(one, tenants))].sort();
  const whose = places.map((place) => (place === "*" ? "every tenant" : `the namespace ${place}`)).join(", ");
  const role = `${one.roleRef.kind} ${one.roleRef.name}`;
  return `gives ${whose === "" ? subjectsText(one) : `accounts of ${whose}`} the ${role}: ${rulesText(rules.get(roleKey(one)))}`;
}

/** The findings about {@link foreignBindings}. */
export function findForeignBindings(
  access: LiveAccess,
  tenants: TenantNamespaces,
  planned: ReadonlySet<string>,
): Finding[] {
  return foreignBindings(access, tenants, planned).map((one) => {
    const { kind, metadata } = one;
    const [first] = [...new Set(tenantSubjects(one, tenants))].sort();
    const place = metadata.namespace === undefined ? "" : ` --namespace ${shellWord(metadata.namespace)}`;
    return finding("binding-foreign", {
      object: objectText({ kind, metadata }),
      owner: { file: "none: made by hand", tenant: tenants.get(first ?? metadata.namespace ?? "") },
      difference: grantText(one, access, tenants),
      fix: `kubectl delete ${shellWord(`${kind.toLowerCase()}/${metadata.name}`)}${place}`,
    });
  });
}

function subjectsText({ subjects = [] }: Binding): string {
  return subjects.map(({ kind, name }) => `the ${kind} ${name}`).join(", ") || "no subject";
}

/** The key of a binding's role in {@link LiveAccess}. */
export function roleKey({ roleRef, metadata }: Pick<Binding, "roleRef" | "metadata">): string {
  return roleRef.kind === "ClusterRole" ? `ClusterRole/${roleRef.name}` : `Role/${metadata.namespace}/${roleRef.name}`;
}

function rulesText(rules: readonly LiveRule[] | undefined): string {
  if (rules === undefined) return "that role does not exist yet";
  const texts = rules.map(({ verbs, resources = [], nonResourceURLs = [] }) => {
    return `${verbs.join(", ")} ${[...resources, ...nonResourceURLs].join(", ")}`;
  });
  const [first = "no rights"] = texts;
  return texts.length > 1 ? `${first}, and ${texts.length - 1} more rules` : first;
}

/** A binding in an answer of the API server. */
export function bindingOf(kind: Binding["kind"], identity: string, object: LiveObject): LiveAccess["bindings"][number] {
  const { roleRef, subjects } = object as unknown as Pick<Binding, "roleRef" | "subjects">;
  const { name, namespace, labels } = object.metadata;
  return { kind, identity, metadata: { name, namespace, labels }, roleRef, ...(subjects && { subjects }) };
}
