import { groupBy } from "../../lib/data/group-by.js";
import type { Obstacle, RetrofitChange, RetrofitStep } from "../../operate/retrofit/step.js";
import { onOneLine, plainCharacters } from "../../review/document/plain-characters.js";
import type { DataForm } from "../output/output-option.js";
import { type DataTable, printData } from "../output/print-data.js";

/** The output of a look. Its fields are part of the command's interface (docs/operate/retrofit.md). */
export interface RetrofitOutput {
  readonly context: string;
  /** URL of the API server. */
  readonly server: string;
  readonly stack: string;
  /** Number of requests to it. */
  readonly requests: number;
  /** Numbers of the proof. */
  readonly proof: { readonly rights: number; readonly dryRuns: number; readonly isPredicted: boolean };
  readonly steps: readonly RetrofitStep[];
}

/** The text of a plan. In a terminal, commands and lines of YAML follow the tables, where they can be copied. */
export function retrofitText(look: RetrofitOutput, form: DataForm): string {
  const text = printData({ data: look, tables: [stepTable(look), ...look.steps.flatMap(detailTables)] }, form);
  if (form !== "table" && form !== "markdown") return text;
  const copied = look.steps.flatMap(copiedText);
  if (copied.length === 0) return text;
  return form === "table" ? `${text}\n${copied.join("\n")}` : `${text}\n\`\`\`\n${copied.join("\n")}\`\`\`\n`;
}

function stepTable({ steps, stack, proof }: RetrofitOutput): DataTable {
  const rows = steps.map(({ id, state, title, why, proof: before, undo }, index) => {
    return [String(index + 1), id, state, `${title}\n${why}`, before, undo];
  });
  const proven = proof.isPredicted
    ? `${proof.rights} rights compared with the rules of the plan; the accounts are not there yet`
    : `${proof.rights} rights asked for, ${proof.dryRuns} objects applied by dry run`;
  return {
    title: `Retrofit for the stack ${stack}: ${proven}`,
    head: ["No.", "Step", "State", "Content", "Proof before", "Way back"],
    rows,
  };
}

function detailTables({ id, changes, obstacles, warnings }: RetrofitStep): DataTable[] {
  const where = ({ inGit }: RetrofitChange) => (inGit === undefined ? "on the cluster" : `files of ${inGit.owner}`);
  return [
    ...(changes.length === 0
      ? []
      : [
          {
            title: `${id}: changes`,
            head: ["Object", "Change", "Where"],
            rows: changes.map((one) => [one.object, one.detail, where(one)]),
          },
        ]),
    ...(obstacles.length === 0
      ? []
      : [
          {
            title: `${id}: obstacles`,
            head: ["Object", "Obstacle", "Remedy"],
            rows: obstacles.map(({ object, message, fix }) => [object, message, fix]),
          },
        ]),
    ...(warnings.length === 0
      ? []
      : [
          {
            title: `${id}: check by hand`,
            head: ["Object", "Warning"],
            rows: warnings.map(({ object, message }) => [object, message]),
          },
        ]),
  ];
}

function copiedText({ id, changes, commands }: RetrofitStep): string[] {
  const files = gitText(changes.filter(({ inGit }) => inGit !== undefined));
  return [
    ...(files === "" ? [] : [`${id}: ${files}`]),
    ...(commands.length === 0 ? [] : [`${id}:\n${commands.map((one) => `  ${plainCharacters(one)}\n`).join("")}`]),
  ];
}

/** The patches for the files of Git, by the folder whose kustomization.yaml takes them. */
export function gitText(changes: readonly RetrofitChange[]): string {
  const places = changes.flatMap(({ inGit }) => inGit ?? []);
  const byFolder = groupBy(places, ({ owner, source, url = "", path }) => [owner, source, url, path].join("\n"));
  return [...byFolder.values()]
    .map((some) => {
      const [first] = some;
      const { owner = "", source = "", url, path = "" } = first ?? {};
      const place = `${owner}, from ${path || "its templates"} in ${source}${url === undefined ? "" : ` (${url})`}`;
      const lines = some.flatMap(({ patch }) => patch.trimEnd().split("\n")).map((line) => `    ${line}`);
      const head = `Files of ${place}. Change the object there, or add to its kustomization.yaml:`;
      return `${plainCharacters([head, "  patches:", ...lines].join("\n"))}\n`;
    })
    .join("\n");
}

/** Obstacles as lines, each with its remedy. Names and messages are texts of others, so each stays on its line. */
export function obstacleLines(obstacles: readonly Obstacle[]): string {
  return obstacles.map(({ object, message, fix }) => `  ${onOneLine(`${object}: ${message}. ${fix}.`)}\n`).join("");
}

/** A change as one line. Names of roles and bindings may have any character, those that move a cursor among them. */
export function changeLine(object: string, detail: string): string {
  return `${onOneLine(`${object}: ${detail}`)}\n`;
}
