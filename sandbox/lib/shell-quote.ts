import { quote } from "shell-quote";

/** A text as one word for a POSIX shell, whatever it contains. @throws for a NUL, which no environment can hold */
export function shellQuote(text: string): string {
  if (text.includes("\0")) throw new Error("A text with a NUL character cannot be given to a shell.");
  return quote([text]);
}

/** Lines that set variables when a POSIX shell evaluates them. @throws when a name is not a variable's */
export function exportLines(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new Error(`${JSON.stringify(name)} cannot name a variable.`);
      return `export ${name}=${shellQuote(value)}\n`;
    })
    .join("");
}
