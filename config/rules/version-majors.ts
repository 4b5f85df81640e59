/** Major versions from one to another, both included. */
export interface Majors {
  readonly least: number;
  /** Infinity where there is no end. */
  readonly most: number;
}

const number = "[0-9]+|[xX*]";
const version = `v?(${number})(?:\\.(${number}))?(?:\\.(${number}))?(?:-([0-9A-Za-z.-]+))?(?:\\+[0-9A-Za-z.-]+)?`;
const operator = "!=|>=|=>|<=|=<|~>|[=<>~^]";

/** `1.2 - 1.4`, which stands for two comparisons. Beside others, Flux reads some of these and refuses others. */
const hyphenated = new RegExp(`^\\s*(${version})\\s+-\\s+(${version})\\s*$`);
const comparison = new RegExp(`(${operator})?\\s*${version}`, "y");
const separator = /\s*,\s*|\s+/y;

/**
 * Which major versions a range can match: one stretch for each of the alternatives joined by `||`, without those that
 * can match nothing. It may name a major that has no match after all (`>1.9 <1.2`), and never leaves one out.
 *
 * Flux reads ranges by Masterminds' library, and npm's reads some of them more narrowly, just where it matters here:
 * to Flux `~0.0.0` is every version, and in a group that mentions one pre-release, `<2.0.0` lets in `2.0.0-rc.1`.
 * So the rules are written out here.
 * @returns undefined when it is not a range
 * @see https://github.com/Masterminds/semver/blob/v3.5.0/constraints.go
 */
export function majorsOf(range: string): Majors[] | undefined {
  const stretches = range.replace(hyphenated, ">=$1, <=$6").split("||").map(groupMajors);
  if (!stretches.every((stretch) => stretch !== undefined)) return undefined;
  return stretches.filter(({ least, most }) => least <= most);
}

/** Whether a range can match versions of more than one major; undefined when it is not a range. */
export function crossesMajors(range: string): boolean | undefined {
  const stretches = majorsOf(range);
  if (stretches === undefined) return undefined;
  const least = Math.min(...stretches.map((stretch) => stretch.least));
  return stretches.some(({ most }) => most > least);
}

/** The range that satisfies all comparisons. */
function groupMajors(group: string): Majors | undefined {
  const comparisons = comparisonsOf(group.trim());
  if (comparisons === undefined) return undefined;
  const preReleases = comparisons.some(({ preRelease }) => preRelease !== undefined);
  return comparisons
    .map((one) => comparisonMajors(one, preReleases))
    .reduce((all, one) => ({ least: Math.max(all.least, one.least), most: Math.min(all.most, one.most) }), from(0));
}

interface Comparison {
  readonly operator: string;
  /** Undefined where any will do. */
  readonly major: number | undefined;
  readonly minor: number | undefined;
  readonly patch: number | undefined;
  readonly preRelease: string | undefined;
}

function comparisonsOf(group: string): Comparison[] | undefined {
  const found: Comparison[] = [];
  let at = 0;
  while (found.length === 0 || at < group.length) {
    const gap = found.length === 0 ? "" : matchAt(separator, group, at)?.[0];
    if (gap === undefined) return undefined;
    const match = matchAt(comparison, group, at + gap.length);
    if (match === undefined) return undefined;
    at += gap.length + match[0].length;
    const [, sign = "=", major, minor, patch, preRelease] = match;
    const one = { operator: sign, ...numbers(major, minor, patch), preRelease };
    // Beyond this, numbers would be compared wrongly.
    if ([one.major, one.minor, one.patch].some((part) => part !== undefined && !Number.isSafeInteger(part))) {
      return undefined;
    }
    found.push(one);
  }
  return found;
}

/** The parts after an "x" are ignored. */
function numbers(...parts: readonly (string | undefined)[]): Pick<Comparison, "major" | "minor" | "patch"> {
  const values = parts.map((part) => (part === undefined || /^[xX*]$/.test(part) ? undefined : Number(part)));
  const end = values.indexOf(undefined);
  const [major, minor, patch] = end < 0 ? values : values.slice(0, end);
  return { major, minor, patch };
}

function comparisonMajors(one: Comparison, preReleases: boolean): Majors {
  const { major = 0, minor = 0, patch = 0 } = one;
  switch (one.operator) {
    case "!=":
      return from(0);
    case ">":
      // >1 begins with 2, while >1.4 begins within 1.
      return from(one.major !== undefined && one.minor === undefined ? major + 1 : major);
    case ">=":
    case "=>":
      return from(major);
    case "<":
      return { least: 0, most: minor > 0 || patch > 0 || letsInPreReleases(one, preReleases) ? major : major - 1 };
    case "<=":
    case "=<":
      return { least: 0, most: major };
    case "^":
      return { least: major, most: major };
    default:
      return isAny(one) ? from(0) : { least: major, most: major };
  }
}

/** Whether less than X.0.0 lets in pre-releases of X.0.0. None comes before X.0.0-0. */
function letsInPreReleases({ preRelease }: Comparison, preReleases: boolean): boolean {
  return preReleases && preRelease !== "0";
}

/** `*`, and `~0.0.0`, which Masterminds takes for the same; `=0.0.0` is one version like any other. */
function isAny({ operator, major, minor, patch }: Comparison): boolean {
  if (major === undefined) return true;
  return operator.startsWith("~") && major === 0 && minor === 0 && patch === 0;
}

function from(least: number): Majors {
  return { least, most: Number.POSITIVE_INFINITY };
}

function matchAt(expression: RegExp, text: string, at: number): RegExpExecArray | undefined {
  const own = new RegExp(expression);
  own.lastIndex = at;
  return own.exec(text) ?? undefined;
}
