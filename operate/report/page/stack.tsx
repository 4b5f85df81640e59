/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import { outcomeOf, outcomeText } from "../outcome.js";
import type { StackReport } from "../report.js";
import { Checks, Findings } from "./findings.js";
import { Keys, Quotas } from "./limits.js";
import { FleetMap } from "./map.js";
import { Matrix } from "./matrix.js";
import { stackId } from "./parts.js";
import { Policies } from "./policies.js";

/** Everything about one stack. @param at time of the report, ISO 8601 */
export function StackSection({ stack: report, at }: { readonly stack: StackReport; readonly at: string }) {
  const { stack, context, server, problems, cluster, proof, keys } = report;
  const id = stackId(stack);
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>Stack {stack}</h2>
      <p>
        {outcomeText(outcomeOf(report))}. Context {context ?? "unknown"}, cluster {server ?? "unknown"}.
      </p>
      {problems.length > 0 && (
        <ul>
          {problems.map((problem) => (
            <li key={problem} class="unknown">
              Could not look: {problem}
            </li>
          ))}
        </ul>
      )}
      {proof && <Findings stack={stack} proof={proof} />}
      <h3>Map</h3>
      {cluster ? <FleetMap stack={stack} cluster={cluster} /> : <NotRead />}
      <h3>Isolation</h3>
      {proof ? <Matrix stack={stack} proof={proof} /> : <NotRead />}
      <h3>Admission policies</h3>
      {proof ? <Policies stack={stack} proof={proof} /> : <NotRead />}
      <h3>Checks</h3>
      {proof ? <Checks stack={stack} proof={proof} /> : <NotRead />}
      <h3>Quotas</h3>
      {cluster ? <Quotas stack={stack} tenants={cluster.tenants} /> : <NotRead />}
      <h3>Keys</h3>
      {keys.length > 0 ? <Keys stack={stack} keys={keys} at={at} /> : <NotRead />}
    </section>
  );
}

function NotRead() {
  return <p class="unknown">This part was not read, so it is unknown.</p>;
}
