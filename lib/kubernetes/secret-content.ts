import { createHmac, randomBytes } from "node:crypto";

/** Key of the digests, which ends with the process: no digest that leaks can be compared with guesses. */
const key = randomBytes(32);

/**
 * A Secret, or its fields, with a digest in the place of each value. Digests of one run are equal for equal values, so
 * two Secrets can be compared without their values, which thus reach no message.
 */
export function withDigests<Fields extends Readonly<Record<string, unknown>>>(fields: Fields): Fields {
  const { data } = fields;
  if (typeof data !== "object" || data === null) return fields;
  const digests = Object.entries(data).map(([name, value]) => [name, digestOf(value)]);
  return { ...fields, data: Object.fromEntries(digests) };
}

function digestOf(value: unknown): string {
  return createHmac("sha256", key).update(String(value)).digest("base64");
}
