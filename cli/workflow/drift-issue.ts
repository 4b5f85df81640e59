import { printMarkdown } from "../../review/document/print-markdown.js";
import { printWithin } from "../../review/document/print-within.js";
import type { RepositoryApi } from "./repository-api.js";
import { readReviewFile } from "./review-file.js";

/** Most characters of the document, so that the rest fits as well: GitHub takes 65,536. */
const mostCharacters = 63_000;

/** What an issue about drift is written from. */
export interface DriftIssueArgs {
  readonly api: RepositoryApi;
  readonly stack: string;
  /** File with the document of `fleet diff --live STACK --output json`. */
  readonly file: string;
  /** Login that writes the issue. The issues of others are left alone. */
  readonly author: string;
}

/**
 * Opens or edits the one issue about a stack's drift, and closes it when the drift is gone.
 * @returns a sentence about what was done
 * @throws JobError for a file that is no document: it says nothing about drift, so the issue stays as it is
 */
export async function writeDriftIssue({ api, stack, file, author }: DriftIssueArgs): Promise<string> {
  const document = readReviewFile(file);
  const marker = `<!-- fleet drift ${stack} -->`;
  const issues = await api.openIssues();
  const own = issues.find(({ user, body }) => user?.login === author && (body ?? "").startsWith(marker));
  // A rule judges what is there, with and without drift. It fails the command that wrote the document.
  const isDrift = ({ section }: { readonly section: string }) => section !== "rules";
  if (!document.entries.some(isDrift) && !document.cuts.some(isDrift)) {
    if (own === undefined) return `The stack ${stack} has no drift.`;
    await api.createComment(own.number, "The drift is gone: a preview with refresh changes nothing.");
    await api.updateIssue(own.number, { state: "closed" });
    return `The drift of ${stack} is gone: closed ${own.html_url}.`;
  }
  const title = `The stack ${stack} has drifted`;
  const intro = `The cluster or GitHub differs from the files of the stack \`${stack}\`. The next \`pulumi up\` makes these changes. Take over what is meant into the files. This issue closes itself when the drift is gone.`;
  const body = `${marker}\n${intro}\n\n${printWithin(document, printMarkdown, mostCharacters)}`;
  if (own === undefined) return `Opened ${(await api.createIssue({ title, body })).html_url}.`;
  if (own.body !== body) await api.updateIssue(own.number, { title, body });
  return `The drift of ${stack} is known: ${own.html_url}.`;
}
