/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import type { Proof } from "../report.js";
import { State, Table } from "./parts.js";

interface FindingsProps {
  readonly stack: string;
  readonly proof: Proof;
}

/** The findings of a verification, with the owner and the fix of each. */
export function Findings({ stack, proof }: FindingsProps) {
  const findings = proof.checks.flatMap((check) => check.findings);
  return (
    <>
      <h3>Findings</h3>
      {findings.length === 0 && <p>None.</p>}
      {findings.length > 0 && (
        <Table caption={`Findings on ${stack}`} head={["Object", "Difference", "Owner", "Why it matters", "Fix"]}>
          {findings.map(({ kind, object, difference, owner, reason, fix }) => (
            <tr key={`${kind} ${object} ${difference}`} data-row>
              <th scope="row">
                {object} <span class="quiet">({kind})</span>
              </th>
              <td class="wide">{difference}</td>
              <td>{owner}</td>
              <td>{reason}</td>
              <td>{fix}</td>
            </tr>
          ))}
        </Table>
      )}
    </>
  );
}

/** The checks of a verification, and what it did not look at. */
export function Checks({ stack, proof: { checks, accepted, unread } }: FindingsProps) {
  return (
    <>
      <Table caption={`Checks on ${stack}`} head={["Check", "Looked at", "Result"]}>
        {checks.map(({ title, looked, skipped, findings }) => (
          <tr key={title} data-row>
            <th scope="row">{title}</th>
            <td>{looked}</td>
            <td>
              {skipped === undefined ? (
                <State good={findings.length === 0}>
                  {findings.length === 0 ? "holds" : `differs: ${findings.length}`}
                </State>
              ) : (
                <span class="unknown">skipped: {skipped}</span>
              )}
            </td>
          </tr>
        ))}
      </Table>
      {accepted.length + unread.length > 0 && (
        <ul>
          {accepted.map((object) => (
            <li key={object}>Accepted by the call: {object}</li>
          ))}
          {unread.map((part) => (
            <li key={part}>Not read, because the token lacks the right: {part}</li>
          ))}
        </ul>
      )}
    </>
  );
}
