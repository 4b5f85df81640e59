import { isPlainObject, type PlainObject, type PlainValue } from "../../../lib/data/merge.js";
import { didYouMean, nearMatches } from "../../../lib/diagnostics/near-match.js";
import type { Problem } from "../../../lib/diagnostics/problem.js";
import { fileThatSays, type Member, placed, valueAt } from "../../files/declared-tenant.js";
import { namespacesOf } from "../namespaces/clashes.js";

/** One of a tenant's syncs, before it is known to be valid. */
export interface NamedSync {
  readonly name: string;
  /** Where it is in the tenant. */
  readonly place: readonly string[];
  readonly repository: PlainValue | undefined;
  readonly namespace: PlainValue | undefined;
  readonly said: PlainObject;
}

/**
 * What is wrong between a tenant's syncs, and between them and its repositories and namespaces. What is wrong in itself
 * is passed over: whoever reads the files has said so.
 */
export function syncProblems(member: Member): Problem[] {
  const syncs = syncsOf(member);
  return [
    ...syncs.flatMap((sync) => [...placeProblems(member, sync), ...dependencyProblems(member, sync, syncs)]),
    ...doubles(member, syncs),
    ...circles(member, syncs),
  ];
}

/** A tenant's syncs, the first one first. */
export function syncsOf({ name, merged }: Member): NamedSync[] {
  const first: NamedSync = {
    name,
    place: ["sync"],
    repository: valueAt(merged, ["repository", "name"]),
    namespace: valueAt(merged, ["namespace", "name"]),
    said: objectAt(merged.sync),
  };
  const further = Object.entries(objectAt(merged.syncs)).map(([sync, value]) => {
    const said = objectAt(value);
    return { name: sync, place: ["syncs", sync], repository: said.repository, namespace: said.namespace, said };
  });
  return [first, ...further];
}

function placeProblems(member: Member, sync: NamedSync): Problem[] {
  if (sync.place[0] === "sync") return [];
  const { merged } = member;
  const repositories = [valueAt(merged, ["repository", "name"]), ...Object.keys(objectAt(merged.repositories))].filter(
    (repository) => typeof repository === "string",
  );
  const namespaces = namespacesOf(member).map(({ name }) => name);
  return [
    ...unknownName(member, sync, { field: "repository", names: repositories, what: "repository" }),
    ...unknownName(member, sync, { field: "namespace", names: namespaces, what: "namespace" }),
    ...(sync.name === member.name
      ? [
          problem(member, sync.place, {
            message: `${JSON.stringify(sync.name)} is the name of the tenant's first sync`,
            fix: "Choose another name, or set it under sync",
          }),
        ]
      : []),
  ];
}

function unknownName(
  member: Member,
  sync: NamedSync,
  {
    field,
    names,
    what,
  }: { readonly field: "repository" | "namespace"; readonly names: readonly string[]; readonly what: string },
): Problem[] {
  const value = sync[field];
  if (typeof value !== "string" || names.includes(value)) return [];
  const message = `${JSON.stringify(value)} is no ${what} of the tenant ${member.name}`;
  const fix = didYouMean(nearMatches(value, names), `Name one of: ${names.join(", ")}`);
  return [problem(member, [...sync.place, field], { message, fix })];
}

function dependencyProblems(member: Member, sync: NamedSync, syncs: readonly NamedSync[]): Problem[] {
  return dependencies(sync).flatMap((name, index) => {
    const at = [...sync.place, "dependsOn"];
    const other = syncs.find((one) => one.name === name);
    if (other === undefined) {
      const names = syncs.map((one) => one.name).filter((one) => one !== sync.name);
      const fix = didYouMean(nearMatches(name, names), "Name another sync of this tenant");
      return [
        problem(member, at, { message: `${JSON.stringify(name)} is no sync of the tenant ${member.name}`, fix }, index),
      ];
    }
    if (other.namespace === sync.namespace) return [];
    const message = `${name} is in the namespace ${String(other.namespace)}, and a sync may depend on those of its own only`;
    return [problem(member, at, { message, fix: "Remove it, or apply both in one namespace" }, index)];
  });
}

/** Two syncs of one folder to one namespace would undo each other's changes for ever. */
function doubles(member: Member, syncs: readonly NamedSync[]): Problem[] {
  const seen = new Map<string, string>();
  return syncs.flatMap((sync) => {
    const { path } = sync.said;
    const key = JSON.stringify([sync.repository, sync.namespace, path]);
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, sync.name);
      return [];
    }
    const message = `${String(path)} of ${String(sync.repository)} is applied to ${String(sync.namespace)} by the sync ${first} already`;
    return [problem(member, [...sync.place, "path"], { message, fix: "Give each sync a folder of its own" })];
  });
}

/** Syncs that wait for each other never run. */
function circles(member: Member, syncs: readonly NamedSync[]): Problem[] {
  const byName = new Map(syncs.map((sync) => [sync.name, sync]));
  const reaches = (from: string, to: string, seen: Set<string>): boolean =>
    dependencies(byName.get(from)).some((next) => {
      if (next === to) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, to, seen);
    });
  return syncs
    .filter(({ name }) => reaches(name, name, new Set()))
    .map((sync) =>
      problem(member, [...sync.place, "dependsOn"], {
        message: `${sync.name} waits for itself in the end`,
        fix: "Break the circle",
      }),
    );
}

function dependencies(sync: NamedSync | undefined): string[] {
  const list = sync?.said.dependsOn;
  return Array.isArray(list) ? list.filter((name) => typeof name === "string") : [];
}

function problem(
  member: Member,
  place: readonly string[],
  what: Pick<Problem, "message" | "fix">,
  ...rest: readonly number[]
): Problem {
  return { ...placed(fileThatSays(member, place), [...place, ...rest]), ...what };
}

function objectAt(value: PlainValue | undefined): PlainObject {
  return isPlainObject(value) ? value : {};
}
