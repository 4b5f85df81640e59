import { z } from "zod";
import { textField, withoutRepeats } from "../../rules/field.js";
import { patternRule } from "../../rules/rule.js";

/**
 * Pattern of paths in a CODEOWNERS file: that of .gitignore, but for what GitHub does not take.
 * @see https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-syntax
 */
const codeownersPattern = patternRule({
  pattern: "^[^!#\\s\\[\\]\\\\\\p{Cc}][^\\s\\[\\]\\\\\\p{Cc}]*$",
  maxLength: 255,
  form: 'a pattern that GitHub takes: no space, "[", "]" or "\\", and neither "!" nor "#" at its start',
  fix: "Write it like *, *.tf or /deploy/",
});

/**
 * Who owns files: a user, a team, or an e-mail address.
 * @see https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-syntax
 */
const codeowner = patternRule({
  pattern: "^(@[A-Za-z0-9][-A-Za-z0-9_]*(/[a-z0-9_-]+)?|[^@\\s\\p{Cc}]+@[^@\\s\\p{Cc}]+)$",
  maxLength: 255,
  form: "an owner: @user, @organisation/team, or an e-mail address",
  fix: "Write it like @octocat or @acme/payments",
});

/** Lines of a CODEOWNERS file; the last one that matches a path counts. */
export const codeowners = z
  .array(
    z.strictObject({
      pattern: textField(codeownersPattern, { description: "Pattern of paths.", examples: ["*", "/deploy/"] }),
      owners: z
        .array(textField(codeowner, { description: "User, team or e-mail address.", examples: ["@acme/payments"] }))
        .min(1, "names no owner")
        .meta({ description: "Owners of what matches, at least one; they need the right to push." }),
    }),
  )
  // Of two equal patterns only the last would count.
  .superRefine(withoutRepeats((line: { readonly pattern: string }) => line.pattern, "pattern"))
  .meta({
    description:
      "Who owns which files: `{pattern, owners}`, the last that matches counts. Written to .github/CODEOWNERS. Default: none, and no such file.",
  })
  .default([]);
