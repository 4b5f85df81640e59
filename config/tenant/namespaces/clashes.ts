import { isPlainObject } from "../../../lib/data/merge.js";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { fileThatSays, type Member, placed, textAt, valueAt } from "../../files/declared-tenant.js";
import { tenantNamespace } from "../../rules/names.js";

/** A namespace that a tenant's files give it. */
export interface NamedNamespace {
  readonly name: string;
  /** Where it is in the tenant. */
  readonly place: readonly string[];
}

/** The namespaces of a tenant, the first one first. */
export function namespacesOf({ merged }: Member): NamedNamespace[] {
  const first = valueAt(merged, ["namespace", "name"]);
  const { namespaces } = merged;
  const further = isPlainObject(namespaces) ? Object.keys(namespaces) : [];
  return [
    ...(typeof first === "string" ? [{ name: first, place: ["namespace", "name"] }] : []),
    ...further.map((name) => ({ name, place: ["namespaces", name] })),
  ];
}

/** Namespaces that two tenants would have, or that nobody can have. */
export function namespaceClashes(members: readonly Member[]): Problem[] {
  const takenBy = new Map<string, Member>();
  return members.flatMap((member) =>
    namespacesOf(member).flatMap((namespace) => {
      const where = placed(fileThatSays(member, namespace.place), namespace.place);
      const derived = derivedName(member, namespace);
      if (derived) return [{ ...where, ...derived }];
      const other = takenBy.get(namespace.name);
      if (!other) {
        takenBy.set(namespace.name, member);
        return [];
      }
      const message = `${JSON.stringify(namespace.name)} is the namespace of ${other.name} (${other.base.file}) already`;
      return [{ ...where, message, fix: "Give each tenant a namespace of its own" }];
    }),
  );
}

/** A name that is written down has been checked where it is written; one that follows from the tenant's has not. */
function derivedName(
  { base, overlay }: Member,
  { name, place }: NamedNamespace,
): Pick<Problem, "message" | "fix"> | undefined {
  if (place[0] !== "namespace" || [overlay, base].some((file) => textAt(file, place) !== undefined)) return undefined;
  const violation = tenantNamespace.check(name);
  return (
    violation && {
      message: `the tenant's name is also its namespace's, and ${JSON.stringify(name)} ${violation.message}`,
      fix: "Set namespace.name to another name",
    }
  );
}
