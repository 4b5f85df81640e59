import { type BuiltPlatform, type Fault, isSync, objectId } from "./built-platform.js";
import { ROOT_SYNC, type Wait, waitsOf } from "./dependencies.js";
import type { PlatformRule } from "./platform-rule.js";

/** The order of the platform's syncs. */
export const order: PlatformRule = {
  name: "platform-order",
  level: "mandatory",
  title: "syncs of the platform depend on syncs of fleet/ alone, and never in a circle",
  reason: "the sync would wait without end, and a tenant's object would decide on all tenants' infrastructure",
  fix: "remove the entry of dependsOn, or name a sync of fleet/ that comes before",
  violations: (platform) => [...foreignDependencies(platform), ...circles(waitsOf(platform))],
};

function foreignDependencies(platform: BuiltPlatform): Fault[] {
  const known = new Set([ROOT_SYNC, ...platform.objects.filter(isSync).map(objectId)]);
  return waitsOf(platform)
    .filter(({ to }) => !known.has(to))
    .map(({ from, to, namespace, place }) => {
      const owner = platform.tenantNamespaces.has(namespace)
        ? "which belongs to a tenant"
        : "which fleet/ does not have";
      return { resource: from, place, message: `${from} depends on ${to}, ${owner}` };
    });
}

/** Each circle once, at the first of its entries in `dependsOn`. */
function circles(waits: readonly Wait[]): Fault[] {
  const found = new Map<string, Fault>();
  for (const wait of waits) {
    const way = wait.reason === "depends on" ? shortestWay(waits, wait.to, wait.from) : undefined;
    if (way === undefined) continue;
    const circle = [wait, ...way];
    const key = JSON.stringify(circle.map(({ from }) => from).sort());
    if (found.has(key)) continue;
    const words = circle.map(({ reason, to }) => `${reason} ${to}`).join(", which ");
    found.set(key, { resource: wait.from, place: wait.place, message: `${wait.from} ${words}` });
  }
  return [...found.values()];
}

/** The fewest waits that lead from one sync to another; none if both are the same. Undefined if none lead there. */
function shortestWay(waits: readonly Wait[], start: string, end: string): readonly Wait[] | undefined {
  const ways = new Map<string, readonly Wait[]>([[start, []]]);
  for (const [sync, way] of ways) {
    if (sync === end) return way;
    for (const wait of waits) {
      if (wait.from === sync && !ways.has(wait.to)) ways.set(wait.to, [...way, wait]);
    }
  }
  return undefined;
}
