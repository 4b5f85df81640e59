/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import type { Changes } from "../changes.js";
import { DATA_ID, dataText } from "../page-data.js";
import type { Report } from "../report.js";
import { ChangeSection } from "./changes.js";
import { stackId } from "./parts.js";
import { script } from "./script.js";
import { StackSection } from "./stack.js";
import { style } from "./style.js";
import { Summary } from "./summary.js";

/**
 * A report as one page, which loads nothing: its policy allows its own style and script alone, by their digests. Every
 * text is escaped. The same report gives the same bytes.
 * @param changes since an earlier report @default - none was read
 */
export function reportPage(report: Report, changes?: Changes): string {
  const names = report.stacks.map(({ stack }) => stack).join(", ");
  // The policy comes before the first thing that it is about. `raw` is for our own texts, and for data without `<`.
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Fleet report: ${names}</title>
<style>${raw(style)}</style>
</head>
<body>
${<Content report={report} changes={changes} />}
<script type="application/json" id="${DATA_ID}">${raw(dataText(report))}</script>
<script>${raw(script)}</script>
</body>
</html>
`;
  return String(page);
}

interface ContentProps {
  readonly report: Report;
  readonly changes: Changes | undefined;
}

function Content({ report, changes }: ContentProps) {
  const names = report.stacks.map(({ stack }) => stack).join(", ");
  return (
    <>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header>
        <h1>Fleet report</h1>
        <p>
          Of <time datetime={report.at}>{report.at}</time>, on the stacks {names}.
        </p>
        <Contents report={report} hasChanges={changes !== undefined} />
      </header>
      <main id="content" tabindex={-1}>
        <Filter />
        <Summary report={report} />
        {changes && <ChangeSection {...changes} />}
        {report.stacks.map((stack) => (
          <StackSection key={stack.stack} stack={stack} at={report.at} />
        ))}
      </main>
      <footer>
        <p class="quiet">
          Written by <code>npx fleet report</code>. The element <code>{DATA_ID}</code> of the page has its data as JSON.
        </p>
      </footer>
    </>
  );
}

const digest = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Nothing is loaded, sent or framed. */
const policy = [
  "default-src 'none'",
  `style-src ${digest(style)}`,
  `script-src ${digest(script)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

function Contents({ report, hasChanges }: { readonly report: Report; readonly hasChanges: boolean }) {
  return (
    <nav aria-label="Contents">
      <ul>
        <li>
          <a href="#summary">Summary</a>
        </li>
        {hasChanges && (
          <li>
            <a href="#changes">Changes</a>
          </li>
        )}
        {report.stacks.map(({ stack }) => (
          <li key={stack}>
            <a href={`#${stackId(stack)}`}>{stack}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Hidden until the script of the page shows it. */
function Filter() {
  return (
    <search class="filter" id="filter" hidden>
      <label for="filter-text">Show rows with this text (press / to come here)</label>
      <input id="filter-text" type="search" autocomplete="off" /> <span id="filter-count" role="status" />
    </search>
  );
}
