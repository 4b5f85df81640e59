/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import type { Changes } from "../changes.js";
import { Table } from "./parts.js";

/** The differences from an earlier report. */
export function ChangeSection({ since, changes, notCompared }: Changes) {
  return (
    <section id="changes" aria-labelledby="changes-title">
      <h2 id="changes-title">
        Changes since <time datetime={since}>{since}</time>
      </h2>
      {changes.length === 0 && <p>Nothing that was compared has changed.</p>}
      {notCompared.length > 0 && (
        <ul>
          {notCompared.map((text) => (
            <li key={text} class="unknown">
              Not compared: {text}.
            </li>
          ))}
        </ul>
      )}
      {changes.length > 0 && (
        <Table caption="Changes" head={["Stack", "Fact", "Subject", "Before", "Now"]}>
          {changes.map(({ stack, area, subject, before, after }) => (
            <tr key={`${stack} ${area} ${subject}`} data-row>
              <td>{stack}</td>
              <td>{area}</td>
              <th scope="row">{subject}</th>
              <td>{before ?? "was not there"}</td>
              <td>{after ?? "is gone"}</td>
            </tr>
          ))}
        </Table>
      )}
    </section>
  );
}
