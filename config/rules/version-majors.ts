/** Major versions from one to another, both included. */
export interface Majors {
  readonly least: number;
  /** Infinity where there is no end. */
  readonly most: number;
}

const number = "([0-9]+|[xX*])";
const preRelease = "[0-9A-Za-z.-]+";
const version = `v?${number}(?:\\.${number})?(?:\\.${number})?(?:-(${preRelease}))?(?:\\+${preRelease})?`;
const comparison = `(?:(!=|>=|=>|<=|=<|~>|[=<>~^])\\s*)?${version}`;
const group = new RegExp(`^${comparison}(?:(?:\\s*,\\s*|\\s+)${comparison})*$`);

/** `1.2 - 1.4`, which stands for two comparisons. Beside others, Flux reads some of these and refuses others. */
const hyphenated = new RegExp(`^\\s*(${version})\\s+-\\s+(${version})\\s*$`);

/**
 * Which major versions a range can match: one stretch for each of the alternatives joined by `||`, without those that
 * can match nothing. It may name a major that has no match after all (`>1.9 <1.2`), and never leaves one out.
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

function groupMajors(text: string): Majors | undefined {
  if (!group.test(text.trim())) return undefined;
  const comparisons = [...text.matchAll(new RegExp(comparison, "g"))].map(readComparison);
  // Beyond this, numbers would be compared wrongly.
  if (!comparisons.every(({ parts }) => parts.every(Number.isSafeInteger))) return undefined;
  const preReleases = comparisons.some((one) => one.preRelease !== undefined);
  return comparisons
    .map((one) => comparisonMajors(one, preReleases))
    .reduce((all, one) => ({ least: Math.max(all.least, one.least), most: Math.min(all.most, one.most) }), from(0));
}

type Comparison = ReturnType<typeof readComparison>;

/** A comparison; its parts are major, minor and patch, up to the first that may be any. */
function readComparison([, operator = "=", major, minor, patch, preRelease]: RegExpExecArray) {
  const written = [major, minor, patch];
  const end = written.findIndex((part) => part === undefined || /^[xX*]$/.test(part));
  return { operator, parts: (end < 0 ? written : written.slice(0, end)).map(Number), preRelease };
}

function comparisonMajors({ operator, parts, preRelease }: Comparison, preReleases: boolean): Majors {
  const [major = 0, minor = 0, patch = 0] = parts;
  switch (operator) {
    case "!=":
      return from(0);
    case ">":
      // >1 begins with 2, while >1.4 begins within 1.
      return from(parts.length === 1 ? major + 1 : major);
    case ">=":
    case "=>":
      return from(major);
    case "<": {
      // Less than X.0.0 lets in pre-releases of X.0.0, of which none comes before X.0.0-0.
      const reaches = minor > 0 || patch > 0 || (preReleases && preRelease !== "0");
      return { least: 0, most: reaches ? major : major - 1 };
    }
    case "<=":
    case "=<":
      return { least: 0, most: major };
    case "^":
      return { least: major, most: major };
    default: {
      // To Masterminds ~0.0.0 is every version, as * is; =0.0.0 is one version like any other.
      const isAny =
        parts.length === 0 || (operator.startsWith("~") && parts.length === 3 && parts.every((part) => part === 0));
      return isAny ? from(0) : { least: major, most: major };
    }
  }
}

function from(least: number): Majors {
  return { least, most: Number.POSITIVE_INFINITY };
}
