import { appendFileSync } from "node:fs";

/**
 * Adds lines to the summary of the job that runs the command, if a job of GitHub does. The lines may have words of a tenant's
 * objects, so they stand in code.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
 */
export function addToJobSummary(title: string, lines: readonly string[], environment = process.env): void {
  const { GITHUB_STEP_SUMMARY: file = "" } = environment;
  if (file === "") return;
  const text = lines.map((line) => `    ${line.replaceAll(/\s+/g, " ").trim()}\n`).join("");
  appendFileSync(file, `### ${title}\n\n${text}\n`);
}
