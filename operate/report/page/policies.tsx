/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import type { Proof } from "../report.js";
import { State, Table } from "./parts.js";

interface PoliciesProps {
  readonly stack: string;
  readonly proof: Proof;
}

/** The admission policies, each with the dry run that proves it, or the reason why none does. */
export function Policies({ stack, proof: { at, dryRuns, unproven } }: PoliciesProps) {
  return (
    <>
      <p>
        Each policy was sent a known violation as a dry run (<code>dryRun=All</code>) at <time datetime={at}>{at}</time>
        . Its refusal names the policy, so it proves this one. Nothing was stored.
      </p>
      <Table caption={`Dry runs on ${stack}`} head={["Policy", "Dry run", "Sent for", "Expected", "Found"]}>
        {dryRuns.map((run) => (
          <tr key={run.policy} data-row>
            <th scope="row">{run.policy}</th>
            <td>{run.object}</td>
            <td>{run.sender ?? "the caller"}</td>
            <td>refused by {run.policy}</td>
            <td>
              <Answer run={run} />
            </td>
          </tr>
        ))}
        {unproven
          .filter(({ policy }) => dryRuns.every((run) => run.policy !== policy))
          .map(({ policy, reason }) => (
            <tr key={policy} data-row>
              <th scope="row">{policy}</th>
              <td>none</td>
              <td>-</td>
              <td>-</td>
              <td class="unknown">not proved: {reason}</td>
            </tr>
          ))}
      </Table>
    </>
  );
}

function Answer({ run: { policy, refusedBy, status } }: { readonly run: Proof["dryRuns"][number] }) {
  if (refusedBy === policy) return <State good>refused by {policy}</State>;
  if (status < 300) return <State good={false}>accepted (status {status})</State>;
  return (
    <span class="unknown">not proved: {refusedBy === undefined ? `status ${status}` : `refused by ${refusedBy}`}</span>
  );
}
