import { duration } from "@fleet/sandbox/toolchain/progress";
import Table from "cli-table3";

/** The result of one check on one version of Node. */
export interface CheckResult {
  readonly version: string;
  /** Name of the check. */
  readonly check: string;
  readonly passed: boolean;
  readonly seconds: number;
  readonly output: string;
}

/** Lines that are shown of the output of a failed check. */
const shownLines = 150;

/**
 * The end of each failed check's output, the table of all checks, the warnings of Node; and alone on the last line how
 * many checks passed and failed.
 * @param checks names of the checks, in the order of the columns
 */
export function renderReport(results: readonly CheckResult[], checks: readonly string[]): string {
  const failed = results.filter(({ passed }) => !passed);
  return [
    "",
    ...failed.map(failureText),
    table(results, checks),
    ...results.flatMap(({ version, check, output }) =>
      nodeWarnings(output).map((warning) => `Node ${version}, ${check}: ${warning}`),
    ),
    "",
    `${results.length - failed.length} passed, ${failed.length} failed`,
    "",
  ].join("\n");
}

function failureText({ version, check, output }: CheckResult): string {
  const lines = output.trimEnd().split("\n");
  const left = Math.max(0, lines.length - shownLines);
  const notice = left === 0 ? [] : [`(${left} lines before these)`];
  const shown = [...notice, ...lines.slice(left)].map((line) => `  | ${line}`);
  return [`Node ${version} failed: ${check}`, ...shown, ""].join("\n");
}

/** Warnings that Node itself prints, such as those of deprecated functions, each once. */
export function nodeWarnings(output: string): readonly string[] {
  const warnings = [...output.matchAll(/\(node:\d+\) ((?:\[DEP\d+\] )?\w*Warning: .*)/g)].map(([, text = ""]) => text);
  return [...new Set(warnings)];
}

function table(results: readonly CheckResult[], checks: readonly string[]): string {
  const rows = new Table({ head: ["Node", ...checks], style: { head: [], border: [] } });
  for (const version of new Set(results.map((result) => result.version))) {
    const cells = checks.map((name) => cell(results.find((one) => one.version === version && one.check === name)));
    rows.push([version, ...cells]);
  }
  return rows.toString();
}

function cell(result: CheckResult | undefined): string {
  if (result === undefined) return "not run";
  return `${result.passed ? "passed" : "FAILED"}, ${duration(result.seconds)}`;
}
