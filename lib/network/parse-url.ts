/**
 * A URL, or undefined for a text that is none.
 *
 * `URL.canParse` cannot be used: once V8 has compiled its caller, Node 20 refuses hosts with characters such as ü.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
