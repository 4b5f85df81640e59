/**
 * Parses one argument of a controller: `--name=value`, or `--name` alone.
 * @returns undefined for anything else: a separate value, a single dash, or no flag at all
 */
export function parseFlag(argument: string): { readonly name: string; readonly value: string | undefined } | undefined {
  const [, name, value] = /^--([a-zA-Z][a-zA-Z0-9-]*)(?:=(.*))?$/s.exec(argument) ?? [];
  return name === undefined ? undefined : { name, value };
}

/** The names of all flags among `args`, in their order, repeated when they are. */
export function flagNames(args: readonly string[]): string[] {
  return args.flatMap((argument) => parseFlag(argument)?.name ?? []);
}

/** The values of a flag, in order: pflag would take the last one. A flag without a value counts as `true`. */
export function flagValues(args: readonly string[], name: string): string[] {
  const flags = args.flatMap((argument) => parseFlag(argument) ?? []);
  return flags.filter((flag) => flag.name === name).map(({ value = "true" }) => value);
}

/** `args` with the flag at `value`, exactly once: in its place when it was there, else at the end. */
export function setFlag(args: readonly string[], name: string, value: string): string[] {
  const index = args.findIndex((argument) => parseFlag(argument)?.name === name);
  const others = removeFlag(args, name);
  return others.toSpliced(index === -1 ? others.length : index, 0, `--${name}=${value}`);
}

/** `args` without the flag. */
export function removeFlag(args: readonly string[], name: string): string[] {
  return args.filter((argument) => parseFlag(argument)?.name !== name);
}

/** Feature gates in `args`: gate → `true` or `false`. Repeated flags add up, and of one gate the last counts. */
export function featureGates(args: readonly string[]): Record<string, string> {
  const pairs = flagValues(args, "feature-gates")
    .flatMap((value) => value.split(","))
    .filter((pair) => pair.trim() !== "");
  return Object.fromEntries(
    pairs.map((pair) => {
      const [gate = "", state = "true"] = pair.split("=").map((part) => part.trim());
      return [gate, state.toLowerCase()];
    }),
  );
}

/** `args` with these feature gates, in the flag that is there or in one at the end; undefined removes a gate. */
export function setFeatureGates(
  args: readonly string[],
  changes: Readonly<Record<string, string | undefined>>,
): string[] {
  const before = featureGates(args);
  if (Object.keys(changes).every((gate) => changes[gate] === undefined && !Object.hasOwn(before, gate)))
    return [...args];
  const gates = Object.entries({ ...before, ...changes }).filter(([, state]) => state !== undefined);
  if (gates.length === 0) return removeFlag(args, "feature-gates");
  return setFlag(args, "feature-gates", gates.map((pair) => pair.join("=")).join(","));
}
