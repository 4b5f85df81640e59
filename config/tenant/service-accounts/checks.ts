import { isPlainObject, type PlainObject, type PlainValue } from "../../../lib/data/merge.js";
import { didYouMean, nearMatches } from "../../../lib/diagnostics/near-match.js";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { fileThatSays, type Member, placed } from "../../files/declared-tenant.js";
import { namespacesOf } from "../namespaces/clashes.js";
import { IDENTITY_ANNOTATIONS } from "./schema.js";

/** Service accounts in namespaces that are not the tenant's, or with annotations that the stack does not let through. */
export function accountProblems(
  members: readonly Member[],
  args: { readonly identityAnnotations: readonly string[] | undefined; readonly stack: string },
): Problem[] {
  return members.flatMap((member) =>
    Object.entries(objectAt(member.merged.serviceAccounts)).flatMap(([name, said]) => [
      ...namespaceProblems(member, name, objectAt(said)),
      ...annotationProblems(member, name, objectAt(said), args),
    ]),
  );
}

function namespaceProblems(member: Member, account: string, { namespace }: PlainObject): Problem[] {
  const names = namespacesOf(member).map(({ name }) => name);
  if (typeof namespace !== "string" || names.includes(namespace)) return [];
  const place = ["serviceAccounts", account, "namespace"];
  return [
    {
      ...placed(fileThatSays(member, place), place),
      message: `${JSON.stringify(namespace)} is no namespace of the tenant ${member.name}`,
      fix: didYouMean(nearMatches(namespace, names), `Name one of: ${names.join(", ")}`),
    },
  ];
}

function annotationProblems(
  member: Member,
  account: string,
  { annotations }: PlainObject,
  {
    identityAnnotations,
    stack,
  }: { readonly identityAnnotations: readonly string[] | undefined; readonly stack: string },
): Problem[] {
  if (identityAnnotations === undefined) return [];
  const allowed = [...IDENTITY_ANNOTATIONS, ...identityAnnotations];
  return Object.keys(objectAt(annotations))
    .filter((key) => !allowed.includes(key))
    .map((key) => {
      const place = ["serviceAccounts", account, "annotations", key];
      return {
        ...placed(fileThatSays(member, place), place),
        message: `is no annotation of a cloud's identities that the stack knows (fleet:identityAnnotations of Pulumi.${stack}.yaml)`,
        fix: didYouMean(nearMatches(key, allowed), `Use one of: ${allowed.join(", ")}`),
      };
    });
}

function objectAt(value: PlainValue | undefined): PlainObject {
  return isPlainObject(value) ? value : {};
}
