/**
 * The difference between two texts by lines, as diffs show it: `-` for lines that go, `+` for lines that come, and up to
 * two lines around them.
 */
export function lineDifference(file: string, before: string, after: string): string {
  const [old, now] = [linesOf(before), linesOf(after)];
  const script = editScript(old, now);
  const context = 2;
  const isNear = (index: number) =>
    script.slice(Math.max(0, index - context), index + context + 1).some(({ mark }) => mark !== " ");
  const shown = script.filter((_, index) => isNear(index)).map(({ mark, line }) => `${mark}${line}`);
  return [`--- ${file}`, `+++ ${file}`, ...shown, ""].join("\n");
}

function linesOf(text: string): readonly string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

interface Step {
  readonly mark: " " | "-" | "+";
  readonly line: string;
}

/** The shortest list of steps, by the longest common subsequence. Files of a checkout have a few hundred lines at most. */
function editScript(old: readonly string[], now: readonly string[]): readonly Step[] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row) row[j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const steps: Step[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [gone, come] = [old[i], now[j]];
    if (gone !== undefined && gone === come) {
      steps.push({ mark: " ", line: gone });
      i += 1;
      j += 1;
    } else if (gone !== undefined && (come === undefined || at(i + 1, j) >= at(i, j + 1))) {
      steps.push({ mark: "-", line: gone });
      i += 1;
    } else if (come !== undefined) {
      steps.push({ mark: "+", line: come });
      j += 1;
    }
  }
  return steps;
}
