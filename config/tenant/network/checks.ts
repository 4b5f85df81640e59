import { isPlainObject, type PlainValue } from "../../../lib/data/merge.js";
import { didYouMean, nearMatches } from "../../../lib/diagnostics/near-match.js";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { fileThatSays, type Member, placed, valueAt } from "../../files/declared-tenant.js";
import { namespacesOf } from "../namespaces/clashes.js";

interface NetworkArgs {
  readonly members: readonly Member[];
  readonly stack: string;
  readonly ingressNamespaces: readonly string[] | undefined;
}

/**
 * What is wrong between the network rules of a tenant and the stack. Rules that are wrong in themselves are passed over:
 * whoever reads the files has said so.
 */
export function networkProblems(args: NetworkArgs): Problem[] {
  return args.members.flatMap((member) => [...ingressProblems(member, args), ...ownNamespaceProblems(member, args)]);
}

/** An ingress is the platform's to offer: whoever is let in by one tenant could be anybody. */
function ingressProblems(member: Member, { ingressNamespaces, stack }: NetworkArgs): Problem[] {
  if (ingressNamespaces === undefined) return [];
  return entries(member, "ingress").flatMap(({ entry, at }) => {
    const namespace = textIn(entry, "namespace");
    if (namespace === undefined || ingressNamespaces.includes(namespace)) return [];
    const listed = ingressNamespaces.length === 0 ? "which lists none" : `which lists ${ingressNamespaces.join(", ")}`;
    const message = `${quote(namespace)} is not in fleet:ingressNamespaces of Pulumi.${stack}.yaml, ${listed}`;
    const otherwise = "Name one that is listed; for another tenant, write exports";
    return [{ ...at("namespace"), message, fix: didYouMean(nearMatches(namespace, ingressNamespaces), otherwise) }];
  });
}

/** What every tenant may let in must not be a tenant's. */
function ownNamespaceProblems(member: Member, { ingressNamespaces = [], stack }: NetworkArgs): Problem[] {
  return namespacesOf(member)
    .filter(({ name }) => ingressNamespaces.includes(name))
    .map(({ name, place }) => ({
      ...placed(fileThatSays(member, place), place),
      message: `${quote(name)} is the platform's: fleet:ingressNamespaces of Pulumi.${stack}.yaml lists it`,
      fix: "Choose another namespace, or take it out of that list",
    }));
}

/** The entries of one of a tenant's lists, each with its place in the file that has the last word. */
function entries(member: Member, list: string) {
  const place = ["network", list];
  const value = valueAt(member.merged, place);
  const file = fileThatSays(member, place);
  const items: readonly PlainValue[] = Array.isArray(value) ? value : [];
  return items.map((entry, index) => ({
    entry,
    at: (...inner: readonly string[]) => placed(file, [...place, index, ...inner]),
  }));
}

function textIn(entry: PlainValue, key: string): string | undefined {
  const value = isPlainObject(entry) ? entry[key] : undefined;
  return typeof value === "string" ? value : undefined;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
