import { type Report, reportSchema } from "./report.js";
import { withSafeTexts } from "./safe-texts.js";

/** The id of the element that holds a page's data. */
export const DATA_ID = "fleet-report";

const start = `<script type="application/json" id="${DATA_ID}">`;
const end = "</script>";

/** A report as the text of a script element: no `<`, so nothing in it ends the element or begins a comment. */
export function dataText(report: Report): string {
  return JSON.stringify(report).replaceAll("<", "\\u003c");
}

/** The report that a page holds, or why it holds none. */
export type ReadPage = { readonly report: Report } | { readonly problem: string };

/** Reads the report that a page holds. The page may be any file, so its texts may be anyone's. */
export function reportInPage(page: string): ReadPage {
  const from = page.indexOf(start);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) return { problem: "is no page of fleet report" };
  const parsed = reportSchema.safeParse(parsedJson(page.slice(from + start.length, to)));
  if (parsed.success) return { report: withSafeTexts(parsed.data) };
  return { problem: "is a page of fleet report whose data this version cannot read" };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
