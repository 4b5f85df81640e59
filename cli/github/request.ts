import type { z } from "zod";
import { fleetError } from "../../lib/diagnostics/problem.js";
import { explainFailure, type Purpose } from "./refusal.js";

/**
 * Sends a request, and checks the form of the answer. A proxy or another server may answer with anything.
 * @throws FleetError with the purpose, GitHub's answer and the remedy
 */
export async function send<Answer>(
  purpose: Purpose,
  form: z.ZodType<Answer>,
  request: () => Promise<unknown>,
): Promise<Answer> {
  const answer = await request().catch((error: unknown) => {
    // Octokit reads lists before the check below.
    if (error instanceof TypeError) return undefined;
    throw explainFailure(error, purpose);
  });
  const parsed = form.safeParse(answer);
  if (parsed.success) return parsed.data;
  const message = `GitHub did not ${purpose.action}: the answer is not that of GitHub's API`;
  throw fleetError("environment", "GITHUB_BASE_URL", message, "Check GITHUB_BASE_URL and the proxy");
}
