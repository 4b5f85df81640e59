import { FREE_PREFIXES, KNOWN_ANNOTATIONS } from "../../policies/admission/annotations/known-annotations.js";
import {
  POD_ANNOTATIONS,
  POD_DOMAINS,
  REFUSED_POD_ANNOTATIONS,
} from "../../policies/admission/annotations/pod-annotations.js";
import { KNOWN_LABELS, LABEL_PREFIXES, REFUSED_LABELS } from "../../policies/admission/labels/known-labels.js";
import { type Attack, CATEGORIES } from "./attack.js";
import { BENCHMARKS, type BenchmarkId } from "./benchmarks.js";
import { attacks } from "./catalogue.js";
import { CONTROLS, type ControlId } from "./controls.js";
import { describeVector } from "./describe-vector.js";
import { outcomes } from "./legitimate/deployed.js";
import { legitimate } from "./legitimate.js";
import { placeholderTarget } from "./placeholder-target.js";

/** A generated table, between the marks `<!-- MARK: written by npm run security-table -->` and `<!-- /MARK -->`. */
interface Table {
  readonly mark: string;
  readonly write: () => string;
}

/** The generated tables of each document, by its path. */
export const SECURITY_TABLES: Readonly<Record<string, readonly Table[]>> = {
  "docs/security/attacks.md": [{ mark: "attacks", write: attackTables }],
  "docs/security/controls.md": [
    { mark: "controls", write: controlTable },
    { mark: "benchmarks", write: benchmarkTable },
  ],
  "docs/security/allowed-deployments.md": [{ mark: "legitimate", write: legitimateList }],
  "docs/admission/annotations.md": [
    { mark: "annotations", write: annotationTable },
    { mark: "labels", write: labelList },
  ],
};

/**
 * A document with its tables generated again from the suite's data.
 *
 * @param file path of the document, one of {@link SECURITY_TABLES}
 * @throws Error when the document lacks the marks of a table
 */
export function withSecurityTables(file: string, document: string): string {
  return (SECURITY_TABLES[file] ?? []).reduce((text, { mark, write }) => {
    const [start, end] = [`<!-- ${mark}: written by npm run security-table -->`, `<!-- /${mark} -->`];
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`${file} lacks the lines ${start} and ${end}`);
    return `${text.slice(0, from + start.length)}\n\n${write()}\n${text.slice(to)}`;
  }, document);
}

/** The annotations that tenants may set, by their prefix and the form of their values. */
function annotationTable(): string {
  const rows = Object.entries(KNOWN_ANNOTATIONS).flatMap(([prefix, names]) =>
    Object.entries(names).map(([form, list]) =>
      row(
        `\`${prefix}\``,
        `\`${form}\``,
        list
          .split(" ")
          .map((name) => `\`${name}\``)
          .join(", "),
      ),
    ),
  );
  const onPods = POD_DOMAINS.filter((domain) => !FREE_PREFIXES.includes(domain));
  return `| Prefix | Form | Names |\n|---|---|---|\n${rows.join("")}\nFree are keys without a prefix, and all keys of these prefixes: ${quoted(FREE_PREFIXES)}.\n\nOn pods, free are keys without a prefix and a period, ${quoted(POD_ANNOTATIONS)}, all keys of the prefixes above, and all keys of these: ${quoted(onPods)}. Each stands for all prefixes that end in it, after a period. Refused nevertheless: ${quoted(REFUSED_POD_ANNOTATIONS)}.`;
}

/** The labels that tenants may set. */
function labelList(): string {
  const others = LABEL_PREFIXES.filter((prefix) => !FREE_PREFIXES.includes(prefix));
  return `Free are keys without a prefix and a period, all keys of the free prefixes above, all keys of these: ${quoted(others)}; and these keys: ${quoted(KNOWN_LABELS)}. Refused nevertheless: ${quoted(REFUSED_LABELS)}.`;
}

function quoted(keys: readonly string[]): string {
  return keys.map((key) => `\`${key}\``).join(", ");
}

function attackTables(): string {
  const sections = CATEGORIES.map((category) => {
    const rows = attacks.filter((attack) => attack.category === category).map(attackRow);
    return `## ${category[0]?.toUpperCase()}${category.slice(1)}\n\n| The tenant … | With | Stopped by | Message |\n|---|---|---|---|\n${rows.join("")}`;
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
