import { z } from "zod";
import { numberField, textField } from "../../rules/field.js";
import { patternRule } from "../../rules/rule.js";
import { tenantDefaults } from "../defaults.js";

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

/** What is demanded of a change of a repository's default branch, beside that history stays. */
export const protection = z.strictObject({
  enabled: z.boolean().meta({
    description:
      "Whether the default branch can be neither deleted nor rewritten. GitHub's free plan protects public repositories only.",
    default: tenantDefaults.protection,
  }),
  pullRequest: z.boolean().meta({
    description: "Whether the default branch is changed by pull requests only.",
    default: tenantDefaults.pullRequest,
  }),
  reviews: numberField(
    { least: 0, most: 6, why: "GitHub counts no more" },
    { description: "Approvals that a pull request needs. Default: 1 with pullRequest." },
  ),
  codeOwners: z.boolean().meta({
    description: "Whether a pull request needs the approval of those whom codeowners names for its files.",
    default: tenantDefaults.codeOwners,
  }),
  checks: z
    .array(textField(checkName, { description: "Name of a check.", examples: ["test"] }))
    .meta({ description: "Checks that must have passed before a change is let in; their names. Default: none." }),
});
