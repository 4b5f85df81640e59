import { z } from "zod";
import { numberField, textField, withoutRepeats } from "../../rules/field.js";
import { patternRule } from "../../rules/rule.js";
import { section } from "../forms.js";

/**
 * Name under which a check reports, as GitHub shows it at a commit.
 * @see https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/about-status-checks
 */
const checkName = patternRule({
  pattern: "^[^\\p{Cc}]+$",
  maxLength: 255,
  form: "the name of a check: it contains a line break or another control character",
  fix: "Write it as GitHub shows it at a commit, for instance test",
});

/** The rules for a change of a repository's default branch. Its history is always protected. */
export const protection = section(
  z.strictObject({
    /** Clusters follow the branch, so that it is neither rewritten nor deleted; a commit undoes a mistake. */
    enabled: z
      .boolean()
      .meta({
        description:
          "Whether the default branch can be neither deleted nor rewritten. GitHub's free plan protects public repositories only.",
      })
      .default(true),
    /** A small team pushes, and a team that wants a second pair of eyes says so. */
    pullRequest: z
      .boolean()
      .meta({
        description: "Whether the default branch is changed by pull requests only.",
      })
      .default(false),
    reviews: numberField(
      { least: 0, most: 6, why: "GitHub counts no more" },
      { description: "Approvals that a pull request needs. Default: 1 with pullRequest." },
    ).exactOptional(),
    codeOwners: z
      .boolean()
      .meta({
        description: "Whether a pull request needs the approval of the code owners of its files.",
      })
      .default(false),
    checks: z
      .array(textField(checkName, { description: "Name of a check.", examples: ["test"] }))
      .superRefine(withoutRepeats((check: string) => check))
      .meta({ description: "Checks that must have passed before a change is let in; their names. Default: none." })
      .default([]),
  }),
  "What is demanded of a change of the default branch.",
);

/** Protection with the default number of reviews: at least one, so that a second person reads a pull request. */
export function completeProtection(declared: z.output<typeof protection>) {
  return { reviews: declared.pullRequest ? 1 : 0, ...declared };
}
