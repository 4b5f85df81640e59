/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import type { Child } from "hono/jsx";

/** The id of a stack's section. Names of stacks have letters, digits, dots, dashes and underscores. */
export function stackId(stack: string): string {
  return `stack-${stack}`;
}

interface TableProps {
  readonly caption: string;
  readonly head: readonly string[];
  readonly children: Child;
}

/** A table in a box of its own, which scrolls by keyboard where the screen is too narrow. */
export function Table({ caption, head, children }: TableProps) {
  return (
    <section class="scroll" tabindex={0} aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}

/** A state as a word and a colour. */
export function State({ good, children }: { readonly good: boolean; readonly children: Child }) {
  return <span class={good ? "good" : "bad"}>{children}</span>;
}
