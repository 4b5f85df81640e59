import { z } from "zod";
import { NoAnswer } from "./fetch.js";

/** GraphQL answers 200 with errors, which Octokit gives no status. */
const graphQl = z.object({ name: z.literal("GraphqlResponseError"), message: z.string() }).transform(({ message }) => {
  return { status: 422, message, response: undefined };
});

const failed = z.object({
  status: z.number(),
  message: z.string(),
  response: z
    .object({
      headers: z.record(z.string(), z.union([z.string(), z.number()]).optional()).default({}),
      data: z.object({ message: z.string() }).optional().catch(undefined),
    })
    .optional(),
});

/** An answer of GitHub that is no success, or none at all. */
export interface Failure {
  /** 500 for no answer. */
  readonly status: number;
  /** GitHub's words on one line, at most 300 characters. */
  readonly message: string;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
}

/** The failure of a request by Octokit. @throws any other error: it is a defect of this program */
export function failureOf(error: unknown): Failure {
  const parsed = z.union([failed, graphQl]).safeParse(error);
  if (!parsed.success) throw error;
  const { status, message, response } = parsed.data;
  const text = error instanceof NoAnswer ? error.message : (response?.data?.message ?? message);
  const line = text.split("\n", 1)[0] ?? "";
  return { status, message: line.slice(0, 300), headers: response?.headers ?? {} };
}
