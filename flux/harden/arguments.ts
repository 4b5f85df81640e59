/** One argument of a controller: `--name=value`, or `--name` alone. */
interface Flag {
  readonly name: string;
  readonly value?: string;
}

/**
 * Parses one argument.
 * @returns undefined for anything but `--name` and `--name=value`: a separate value, a single dash, or no flag at all
 */
export function parseFlag(argument: string): Flag | undefined {
  const match = /^--([a-zA-Z][a-zA-Z0-9-]*)(?:=(.*))?$/s.exec(argument);
  const [, name, value] = match ?? [];
  if (name === undefined) return undefined;
  return value === undefined ? { name } : { name, value };
}

/** The names of all flags among `args`, in their order, repeated when they are. */
export function flagNames(args: readonly string[]): string[] {
  return args.flatMap((argument) => parseFlag(argument)?.name ?? []);
}

/** The values of a flag, in order: pflag would take the last one. A flag without a value counts as `true`. */
export function flagValues(args: readonly string[], name: string): string[] {
  return args.flatMap((argument) => {
    const flag = parseFlag(argument);
    return flag?.name === name ? [flag.value ?? "true"] : [];
  });
}

/** `args` with the flag at `value`, exactly once: in its place when it was there, else at the end. */
export function setFlag(args: readonly string[], name: string, value: string): string[] {
  const wanted = `--${name}=${value}`;
  const index = args.findIndex((argument) => parseFlag(argument)?.name === name);
  const others = removeFlag(args, name);
  if (index === -1) return [...others, wanted];
  return [...others.slice(0, index), wanted, ...others.slice(index)];
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

/** `args` with one feature gate at `true` or `false`, in the flag that is there or in one at the end. */
export function setFeatureGate(args: readonly string[], gate: string, state: string): string[] {
  const gates = { ...featureGates(args), [gate]: state };
  return setFlag(
    args,
    "feature-gates",
    Object.entries(gates)
      .map(([name, state]) => `${name}=${state}`)
      .join(","),
  );
}

/** `args` without one feature gate; the flag goes when no gate is left. */
export function removeFeatureGate(args: readonly string[], gate: string): string[] {
  const gates = featureGates(args);
  if (!Object.hasOwn(gates, gate)) return [...args];
  const left = Object.entries(gates).filter(([name]) => name !== gate);
  if (left.length === 0) return removeFlag(args, "feature-gates");
  return setFlag(args, "feature-gates", left.map(([name, state]) => `${name}=${state}`).join(","));
}
