import type { Catalogue } from "./catalogue.js";
import { fileThatSays, type Member, placed, valueAt } from "./member.js";
import { isPlainObject, type PlainValue } from "./merge.js";
import { namespacesOf } from "./namespace-clashes.js";
import { didYouMean, nearMatches } from "./near-match.js";
import type { Problem } from "./problems.js";

interface NetworkArgs {
  readonly members: readonly Member[];
  readonly catalogue: Catalogue;
  readonly stack: string;
  readonly ingressNamespaces: readonly string[] | undefined;
}

/**
 * What is wrong between the network rules of one tenant and the stack, or those of another tenant. Rules that are wrong
 * in themselves are passed over: whoever reads the files has said so.
 */
export function networkProblems(args: NetworkArgs): Problem[] {
  return args.members.flatMap((member) => [
    ...ingressProblems(member, args),
    ...ownNamespaceProblems(member, args),
    ...importProblems(member, args),
    ...allowProblems(member, args),
  ]);
}

/** An ingress is the platform's to offer: whoever is let in by one tenant could be anybody. */
function ingressProblems(member: Member, { ingressNamespaces, stack }: NetworkArgs): Problem[] {
  if (ingressNamespaces === undefined) return [];
  return entries(member, "ingress").flatMap(({ entry, at }) => {
    const namespace = textIn(entry, "namespace");
    if (namespace === undefined || ingressNamespaces.includes(namespace)) return [];
    const listed = ingressNamespaces.length === 0 ? "which lists none" : `which lists ${ingressNamespaces.join(", ")}`;
    const message = `${quote(namespace)} is not in fleet:ingressNamespaces of Pulumi.${stack}.yaml, ${listed}`;
    const otherwise = "Name one that is listed; of another tenant, write network.allowFrom";
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

/** A way to another tenant needs the consent of both: this one's rule, and its name in the other one's list. */
function importProblems(member: Member, { members, catalogue, stack }: NetworkArgs): Problem[] {
  return entries(member, "tenants").flatMap(({ entry, at }) => {
    const other = textIn(entry, "tenant");
    if (other === undefined) return [];
    const wrong = nameProblem(member, other, catalogue);
    if (wrong) return [{ ...at("tenant"), ...wrong }];
    const exporter = members.find(({ name }) => name === other);
    if (exporter === undefined) {
      const message = `${other} is not on the stack ${stack}: there is no stacks/${stack}/tenants/${other}.yaml`;
      return [{ ...at("tenant"), message, fix: `Replace network.tenants in the overlay of ${member.name}` }];
    }
    if (entries(exporter, "allowFrom").some(({ entry: name }) => name === member.name)) return [];
    const { file } = fileThatSays(exporter, ["network", "allowFrom"]);
    return [
      {
        ...at("tenant"),
        message: `${other} does not list ${member.name} in network.allowFrom (${file})`,
        fix: `Have ${other} add it there, or remove the entry`,
      },
    ];
  });
}

function allowProblems(member: Member, { catalogue }: NetworkArgs): Problem[] {
  return entries(member, "allowFrom").flatMap(({ entry, at }) => {
    const wrong = typeof entry === "string" ? nameProblem(member, entry, catalogue) : undefined;
    return wrong ? [{ ...at(), ...wrong }] : [];
  });
}

/** Why a tenant cannot name this one as another tenant. */
function nameProblem(
  member: Member,
  other: string,
  catalogue: Catalogue,
): Pick<Problem, "message" | "fix"> | undefined {
  if (other === member.name) {
    return { message: "is the tenant itself, whose pods reach each other anyway", fix: "Remove it" };
  }
  if (catalogue.base.has(other)) return undefined;
  const fix = didYouMean(nearMatches(other, catalogue.base.keys()), "Name a tenant of stacks/base/tenants");
  return { message: `there is no tenant ${quote(other)}`, fix };
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
