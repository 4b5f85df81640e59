import type { AuditFinding } from "../../operate/audit/finding.js";
import { plainCharacters } from "../../review/document/plain-characters.js";
import type { DataForm } from "../output/output-option.js";
import { type DataTable, printData } from "../output/print-data.js";

/** A look at one cluster. */
export interface AuditLook {
  readonly context: string;
  /** URL of the API server. */
  readonly server: string;
  /** Number of requests to it. */
  readonly requests: number;
  /** Why the look is incomplete. */
  readonly problems: readonly string[];
  readonly findings: readonly AuditFinding[];
}

/**
 * The text of an audit: the findings, and the steps of each escalation. In a terminal, fixes follow the tables on lines of
 * their own: a command that a cell breaks into lines could not be copied.
 */
export function auditText(look: AuditLook, form: DataForm): string {
  const { findings } = look;
  const hasCells = form !== "table";
  const tables = findings.length === 0 ? [] : [findingTable(findings, hasCells), ...stepTables(findings)];
  const text = printData({ data: look, tables }, form);
  return hasCells || findings.length === 0 ? text : `${text}\nFixes:\n${findings.map(fixLine).join("")}`;
}

function findingTable(findings: readonly AuditFinding[], hasFix: boolean): DataTable {
  const head = ["No.", "Severity", "Rule", "Object", "Finding, and why it matters", ...(hasFix ? ["Fix"] : [])];
  const rows = findings.map(({ severity, rule, object, managedBy, detail, reason, fix }, index) => {
    const applier = managedBy === undefined ? "" : `\napplied by ${managedBy}`;
    return [String(index + 1), severity, rule, `${object}${applier}`, `${detail}\n${reason}`, ...(hasFix ? [fix] : [])];
  });
  return { head, rows };
}

function stepTables(findings: readonly AuditFinding[]): DataTable[] {
  return findings
    .filter(({ steps }) => steps.length > 0)
    .map(({ object, steps }) => ({
      title: `How ${object} leads to the whole cluster`,
      head: ["Step", "Right"],
      rows: steps.map((step, index) => [String(index + 1), step]),
    }));
}

function fixLine({ fix }: AuditFinding, index: number): string {
  const [first = "", ...others] = plainCharacters(fix).split("\n");
  return [`  ${index + 1}. ${first}`, ...others.map((line) => `     ${line}`), ""].join("\n");
}
