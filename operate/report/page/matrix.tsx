/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import { type MatrixTable, matrixTables, type PlaceCell } from "../matrix-tables.js";
import type { Proof } from "../report.js";
import { State, Table } from "./parts.js";

/** The access matrix of a stack: one table for each tenant. Each cell holds the proof of each of its rights. */
export function Matrix({ stack, proof }: { readonly stack: string; readonly proof: Proof }) {
  const { bindings, reviews, at, rights, accounts } = proof;
  return (
    <>
      <p>
        Rows are accounts of tenants, columns are places. Each cell is about {rights.length} rights: {rights.join(", ")}
        . It opens to their proof. RBAC only adds rights, so a right comes from one of the {bindings} bindings that were
        read at <time datetime={at}>{at}</time>, or from another authorizer: {reviews} SubjectAccessReviews asked the
        API server.
      </p>
      {accounts.length === 0 && <p>The stack has no tenant.</p>}
      {matrixTables(proof).map((table) => (
        <TenantMatrix key={table.tenant} stack={stack} table={table} />
      ))}
    </>
  );
}

function TenantMatrix({ stack, table }: { readonly stack: string; readonly table: MatrixTable }) {
  const { tenant, places, rows } = table;
  return (
    <Table caption={`Rights of the accounts of ${tenant} on ${stack}`} head={["Account", ...places]}>
      {rows.map(({ account, cells }) => (
        <tr key={account} data-row>
          <th scope="row">{account}</th>
          {cells.map((cell, index) => (
            <td key={places[index]} class={cell.isDeviation ? "wide bad" : "wide"}>
              <Cell cell={cell} />
            </td>
          ))}
        </tr>
      ))}
    </Table>
  );
}

function Cell({ cell: { summary, isDeviation, rights } }: { readonly cell: PlaceCell }) {
  return (
    <details>
      <summary>
        <State good={!isDeviation}>{summary}</State>
      </summary>
      <ul>
        {rights.map(({ right, expected, found, isDeviation: differs, proofs }) => (
          <li key={right}>
            <code>{right}</code>: expected {expected}, <State good={!differs}>found {found}</State>
            <ul>
              {proofs.map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </details>
  );
}
