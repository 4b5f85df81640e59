import { markerPart, roomFor } from "../../review/comment/marker.js";
import { printMarkdown } from "../../review/document/print-markdown.js";
import { printWithin } from "../../review/document/print-within.js";
import type { RepositoryApi } from "./repository-api.js";
import { readReviewFile } from "./review-file.js";

/** The stack, and the file, that an issue about drift is written from. */
export interface DriftIssueArgs {
  readonly api: RepositoryApi;
  readonly stack: string;
  /** File with the document of `fleet diff --live STACK --output json`. */
  readonly file: string;
}

/**
 * Opens or edits the one issue about a stack's drift, and closes it when the drift is gone.
 * @returns a sentence about what was done
 * @throws JobError for a file that is no document: it says nothing about drift, so the issue stays as it is
 */
export async function writeDriftIssue({ api, stack, file }: DriftIssueArgs): Promise<string> {
  const document = readReviewFile(file);
  const issue = { marker: `drift/${markerPart(stack)}`, title: `The stack ${stack} has drifted` };
  // A rule judges what is there, with and without drift. It fails the command that wrote the document.
  const isDrift = ({ section }: { readonly section: string }) => section !== "rules";
  if (!document.entries.some(isDrift) && !document.cuts.some(isDrift)) {
    const [closed, ...others] = await api.closeIssue(issue);
    if (closed === undefined) return `The stack ${stack} has no drift.`;
    return `The drift of ${stack} is gone: closed ${[closed, ...others].join(", ")}.`;
  }
  const intro = `The cluster or GitHub differs from the files of the stack \`${stack}\`. The next \`pulumi up\` makes these changes. Take over what is meant into the files. This issue closes itself when the drift is gone.\n\n`;
  const text = printWithin(document, printMarkdown, roomFor(issue.marker) - intro.length);
  const { outcome, url } = await api.keepIssue(issue, `${intro}${text}`);
  return `The stack ${stack} has drifted: ${url} (${outcome}).`;
}
