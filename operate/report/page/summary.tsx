/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import { ageText } from "../../status/age-text.js";
import { outcomeOf, outcomeText } from "../outcome.js";
import type { Report, StackReport } from "../report.js";
import { stackId, Table } from "./parts.js";

/** The result for each stack, in one table. */
export function Summary({ report }: { readonly report: Report }) {
  return (
    <section id="summary" aria-labelledby="summary-title">
      <h2 id="summary-title">Summary</h2>
      <Table caption="Stacks" head={["Stack", "Result", "Flux", "Tenants", "Rights that differ", "Oldest key"]}>
        {report.stacks.map((stack) => (
          <SummaryRow key={stack.stack} stack={stack} now={Date.parse(report.at)} />
        ))}
      </Table>
    </section>
  );
}

function SummaryRow({ stack, now }: { readonly stack: StackReport; readonly now: number }) {
  const outcome = outcomeOf(stack);
  const { cluster, proof, keys } = stack;
  const [oldest] = keys.flatMap(({ since }) => since ?? []).sort();
  const isClean = outcome.findings + outcome.deviations === 0;
  const isUnknown = outcome.isIncomplete || (isClean && outcome.isPartial);
  return (
    <tr data-row>
      <th scope="row">
        <a href={`#${stackId(stack.stack)}`}>{stack.stack}</a>
      </th>
      <td>
        <span class={isUnknown ? "unknown" : isClean ? "good" : "bad"}>{outcomeText(outcome)}</span>
      </td>
      <td>{cluster?.fluxVersion ?? "unknown"}</td>
      <td>{cluster?.tenants.length ?? "unknown"}</td>
      <td>{proof === undefined ? "unknown" : outcome.deviations}</td>
      <td>{ageText(oldest, now) || "unknown"}</td>
    </tr>
  );
}
