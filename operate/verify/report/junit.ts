import { ownerText } from "../finding.js";
import type { Verification } from "../verification.js";

/**
 * A verification as JUnit XML: one suite for each check, with a failure for each finding.
 * @see https://github.com/testmoapp/junitxml
 */
export function junitOf({ stack, at, seconds, checks }: Verification): string {
  const suites = checks.map(({ name, title, findings, skipped }) => {
    const failed = findings.map(({ kind, object, owner, difference, reason, fix }) => {
      const text = [`${object} ${difference}`, reason, `Owner: ${ownerText(owner)}`, `Fix: ${fix}`].join("\n");
      const failure = `<failure type="${escaped(kind)}" message="${escaped(difference)}">${escaped(text)}</failure>`;
      return `    <testcase classname="${name}" name="${escaped(object)}" time="0">${failure}</testcase>\n`;
    });
    const state = skipped === undefined ? "/>" : `><skipped message="${escaped(skipped)}"/></testcase>`;
    const passed =
      failed.length > 0 ? [] : [`    <testcase classname="${name}" name="${escaped(title)}" time="0"${state}\n`];
    const cases = [...failed, ...passed];
    const counts = `tests="${cases.length}" failures="${failed.length}" errors="0" skipped="${skipped === undefined ? 0 : passed.length}"`;
    return `  <testsuite name="${name}" ${counts} time="0" timestamp="${at.slice(0, 19)}">\n${cases.join("")}  </testsuite>\n`;
  });
  const failures = checks.reduce((sum, { findings }) => sum + findings.length, 0);
  const tests = checks.reduce((sum, { findings }) => sum + Math.max(1, findings.length), 0);
  const head = `<testsuites name="fleet verify ${escaped(stack)}" tests="${tests}" failures="${failures}" time="${seconds}">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${suites.join("")}</testsuites>\n`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text for XML 1.0, which has no control characters. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
