import type { FastifyRequest } from "fastify";
import type { z } from "zod";
import { type FieldError, validationFailed } from "./errors.js";

/**
 * A request's body in the form a route needs; fields it does not know are left out.
 * @param resource what the body describes, for the error: `Repository`
 * @throws 422 that names every field that is wrong
 */
export function bodyOf<Schema extends z.ZodType>(
  request: FastifyRequest,
  resource: string,
  schema: Schema,
): z.output<Schema> {
  const parsed = schema.safeParse(request.body ?? {});
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue): FieldError => {
    const field = issue.path.join(".");
    const missing =
      issue.code === "invalid_type" && issue.input === undefined && /received undefined/.test(issue.message);
    return { resource, field, code: missing ? "missing_field" : "invalid", message: issue.message };
  });
  throw validationFailed(...errors);
}
