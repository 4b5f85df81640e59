/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import { ageText } from "../../status/age-text.js";
import type { ReportedTenant, StackReport } from "../report.js";
import { Table } from "./parts.js";

/** The use of each quota. */
export function Quotas({ stack, tenants }: { readonly stack: string; readonly tenants: readonly ReportedTenant[] }) {
  const quotas = tenants.flatMap(({ quotas: own }) => own);
  if (quotas.length === 0) return <p>No quota has a limit that is in use.</p>;
  return (
    <Table caption={`Use of quotas on ${stack}`} head={["Namespace", "Resource", "Used", "Limit", "Part"]}>
      {quotas.map(({ namespace, resource, used, hard, percent }) => (
        <tr key={`${namespace} ${resource}`} data-row>
          <td>{namespace}</td>
          <th scope="row">{resource}</th>
          <td>{used}</td>
          <td>{hard}</td>
          <td class={percent >= highPercent ? "unknown" : ""}>{percent} %</td>
        </tr>
      ))}
    </Table>
  );
}

/** Percent from which a quota is nearly used up. */
const highPercent = 80;

interface KeysProps {
  readonly stack: string;
  readonly keys: StackReport["keys"];
  /** Time of the report, ISO 8601. */
  readonly at: string;
}

/** The keys, the oldest first. */
export function Keys({ stack, keys, at }: KeysProps) {
  const orderOf = ({ since = "", place, title }: KeysProps["keys"][number]) => `${since}\n${place}\n${title}`;
  const sorted = [...keys].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  return (
    <>
      <p>
        GitHub notes when a deploy key was added. Kubernetes notes when the program wrote a Secret last: its key is at
        least as old.
      </p>
      <Table caption={`Keys on ${stack}`} head={["Key", "Of", "Use", "Since", "Age"]}>
        {sorted.map(({ place, title, use, since }) => (
          <tr key={`${place} ${title} ${since}`} data-row>
            <th scope="row">{title}</th>
            <td>{place}</td>
            <td>{use}</td>
            <td>{since ?? "unknown"}</td>
            <td>{ageText(since, Date.parse(at)) || "unknown"}</td>
          </tr>
        ))}
      </Table>
    </>
  );
}
