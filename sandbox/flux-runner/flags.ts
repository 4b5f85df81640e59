/** The value of a flag, or `undefined` when it is not given; given twice, the last one counts, as in pflag. */
export function flagValue(args: readonly string[], name: string): string | undefined {
  return occurrences(args, name).at(-1)?.value;
}

/** The arguments with one `--NAME=VALUE` in place of all former values of the flag. */
export function setFlag(args: readonly string[], name: string, value: string): string[] {
  return [...dropFlag(args, name), `--${name}=${value}`];
}

/**
 * The arguments without a flag.
 * @param options.boolean the flag stands alone, so the argument after it is none of its own. @default false
 */
export function dropFlag(
  args: readonly string[],
  name: string,
  options: { readonly boolean?: boolean } = {},
): string[] {
  const gone = new Set(occurrences(args, name, options.boolean).flatMap(({ at, length }) => indexes(at, length)));
  return args.filter((_, index) => !gone.has(index));
}

interface Occurrence {
  readonly at: number;
  /** 2 when the value is an argument of its own. */
  readonly length: number;
  readonly value: string;
}

function occurrences(args: readonly string[], name: string, boolean = false): Occurrence[] {
  const found: Occurrence[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? "";
    // The arguments after `--` are no flags.
    if (arg === "--") break;
    if (arg.startsWith(`--${name}=`)) {
      found.push({ at, length: 1, value: arg.slice(name.length + 3) });
    } else if (arg === `--${name}`) {
      const length = boolean ? 1 : 2;
      found.push({ at, length, value: boolean ? "true" : (args[at + 1] ?? "") });
      at += length - 1;
    }
  }
  return found;
}

function indexes(at: number, length: number): number[] {
  return Array.from({ length }, (_, offset) => at + offset);
}
