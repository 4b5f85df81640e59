/** A resource, and everything that it needs. */
interface Dependent {
  readonly urn: string;
  /** URNs. @default none */
  readonly dependencies?: readonly string[] | undefined;
  /** URN. @default none */
  readonly parent?: string | undefined;
}

/**
 * All dependencies of each resource, by URN: its own, and those of the components around it. Pulumi registers a child only
 * after its component, which waits for the dependencies of the component.
 * @param resources of the state, with components
 */
export function allDependencies(resources: readonly Dependent[]): Map<string, readonly string[]> {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const around = (resource: Dependent | undefined): readonly string[] =>
    resource === undefined ? [] : [...(resource.dependencies ?? []), ...around(byUrn.get(resource.parent ?? ""))];
  return new Map(resources.map((resource) => [resource.urn, around(resource)]));
}

/**
 * The direct dependencies of each resource, by URN: without those that follow from others, as a person would write
 * `depends_on`. The state lists all of them.
 * @param resources in the order of the state: dependencies come before the resources that need them
 */
export function directDependencies(resources: readonly Dependent[]): Map<string, readonly string[]> {
  const all = new Map<string, ReadonlySet<string>>();
  const direct = new Map<string, readonly string[]>();
  for (const { urn, dependencies = [] } of resources) {
    const named = [...new Set(dependencies)].filter((one) => all.has(one));
    const indirect = new Set(named.flatMap((one) => [...(all.get(one) ?? [])]));
    direct.set(
      urn,
      named.filter((one) => !indirect.has(one)),
    );
    all.set(urn, new Set([...named, ...indirect]));
  }
  return direct;
}
