import assert from "node:assert/strict";
import { durationMilliseconds } from "../../../lib/kubernetes/duration.js";
import { fluxCases, fluxFields, leavesOf, type Schema } from "./flux-fields.js";

/** Longer than every timeout of a tenant, and than every interval. */
const longest = { timeout: 5 * 60_000, interval: 8760 * 3_600_000 };

/**
 * Every duration and every expression of Flux's kinds has cases beyond its bounds. A new version of Flux with a new
 * such field fails here until that field has them.
 */
describe("Fields of Flux's kinds that cost its controllers time", function () {
  this.timeout(90 * 60_000);
  let fields: ReadonlyMap<string, Schema>;
  /** Field → its values in objects that are refused, and in objects that are allowed. */
  const refused = new Map<string, unknown[]>();
  const allowed = new Map<string, unknown[]>();

  before(async () => {
    fields = await fluxFields();
    for (const { object, refused: message } of fluxCases()) {
      const values = message === undefined ? allowed : refused;
      for (const [path, value] of leavesOf(object.spec)) {
        const field = `${object.kind} ${path}`;
        values.set(field, [...(values.get(field) ?? []), value]);
      }
    }
  });

  const named = (holds: (schema: Schema) => boolean) =>
    [...fields].flatMap(([name, one]) => (holds(one) ? [name] : []));

  it("are refused as durations of zero, and as longer ones than there may be, and allowed in between", () => {
    const durations = named(({ pattern = "" }) => pattern.includes("(ms|s|m"));
    assert.ok(durations.length > 25, `${durations.length} fields`);
    for (const field of durations) {
      const most = longest[/timeout$/.test(field) ? "timeout" : "interval"];
      const lengths = (refused.get(field) ?? []).map((value) => durationMilliseconds(String(value)) ?? Number.NaN);
      assert.ok(lengths.includes(0), `${field} of zero is not refused`);
      assert.ok(
        lengths.some((length) => length > most),
        `a long ${field} is not refused`,
      );
      assert.ok(allowed.has(field), `no ${field} is allowed`);
    }
  });

  it("are refused as expressions with loops in loops, or that multiply a text, and allowed as others", () => {
    const expressions = named(({ type, description = "" }) => type === "string" && /\bCEL\b/.test(description));
    assert.ok(expressions.length >= 12, expressions.join(", "));
    for (const field of expressions) {
      if (field.endsWith("oidcProviders[].variables[].name") || field.endsWith("validations[].message")) continue;
      assert.ok(
        (refused.get(field) ?? []).some((value) =>
          /\.all\(.*\.all\(|\.replace\(|vars\.b \+ vars\.b/s.test(String(value)),
        ),
        `a costly ${field} is not refused`,
      );
      assert.ok(allowed.has(field), `no ${field} is allowed`);
    }
  });
});
