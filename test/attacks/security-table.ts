import { type Attack, CATEGORIES } from "./attack.js";
import { BENCHMARKS, type BenchmarkId } from "./benchmarks.js";
import { attacks } from "./catalogue.js";
import { CONTROLS, type ControlId } from "./controls.js";
import { describeVector } from "./describe-vector.js";
import { outcomes } from "./legitimate/deployed.js";
import { legitimate } from "./legitimate.js";
import { placeholderTarget } from "./placeholder-target.js";

/** Path of the document with the suite's tables. */
export const SECURITY_DOCUMENT = "docs/security.md";

/** Tables of the document, each between two marks. */
const tables = [
  { mark: "attacks", write: attackTables },
  { mark: "controls", write: controlTable },
  { mark: "benchmarks", write: benchmarkTable },
  { mark: "legitimate", write: legitimateList },
];

/**
 * The document with its tables generated again from the suite's data.
 * @throws Error when it lacks the marks between which a table stands
 */
export function withSecurityTables(document: string): string {
  return tables.reduce((text, { mark, write }) => {
    const [start, end] = [`<!-- ${mark}: written by npm run security-table -->`, `<!-- /${mark} -->`];
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`${SECURITY_DOCUMENT} lacks the lines ${start} and ${end}`);
    return `${text.slice(0, from + start.length)}\n\n${write()}\n${text.slice(to)}`;
  }, document);
}

function attackTables(): string {
  const sections = CATEGORIES.map((category) => {
    const rows = attacks.filter((attack) => attack.category === category).map(attackRow);
    return `### ${category[0]?.toUpperCase()}${category.slice(1)}\n\n| The tenant … | With | Stopped by | Message |\n|---|---|---|---|\n${rows.join("")}`;
  });
  return `${attacks.length} attacks.\n\n${sections.join("\n")}`;
}

function attackRow(attack: Attack): string {
  const { title, stoppedBy, attempt } = attack;
  const controls = stoppedBy.map(({ control }) => CONTROLS[control].title).join("; behind it ");
  const [{ message }] = stoppedBy;
  return row(
    title,
    describeVector(attack, attempt(placeholderTarget)),
    controls,
    `\`${inTable(message.source.replaceAll("\\", ""))}\``,
  );
}

function controlTable(): string {
  const rows = (Object.keys(CONTROLS) as ControlId[]).map((id) => {
    const facts: { title: string; where: string; off?: string } = CONTROLS[id];
    const count = attacks.filter(({ stoppedBy }) => stoppedBy.some(({ control }) => control === id)).length;
    const where = facts.where.includes("/") ? `\`${facts.where}\`` : facts.where;
    return row(
      facts.title,
      where,
      String(count),
      facts.off ?? "built in, cannot be removed: the same request without the attack is accepted",
    );
  });
  return `| Control | Where | Attacks | How the suite removes it |\n|---|---|---|---|\n${rows.join("")}`;
}

function benchmarkTable(): string {
  const rows = (Object.keys(BENCHMARKS) as BenchmarkId[]).map((id) => {
    const { title, expects } = BENCHMARKS[id];
    const shown = [...attacks, ...legitimate].filter(({ benchmark }) => benchmark === id).map((one) => one.title);
    return row(title, expects, shown.join("; "));
  });
  return `| Check | Must be | Shown by |\n|---|---|---|\n${rows.join("")}`;
}

function legitimateList(): string {
  const list = (deployments: readonly { readonly title: string }[]) =>
    deployments.map(({ title }) => `- ${title}\n`).join("");
  return [
    `${legitimate.length} deployments.\n\n${list(legitimate)}`,
    `${outcomes.length} more, from a pushed application with a typical layout.\n\n${list(outcomes)}`,
  ].join("\n");
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |\n`;
}

/** Text that does not end its cell. */
function inTable(text: string): string {
  return text.replaceAll("|", "\\|");
}
