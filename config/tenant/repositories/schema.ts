import { z } from "zod";
import {
  booleanField,
  choiceField,
  mapField,
  numberField,
  section,
  textField,
  textSetField,
  withoutRepeats,
} from "../../rules/field.js";
import { branchName, gitHubRepository, gitHubTopic } from "../../rules/names.js";
import { patternRule } from "../../rules/rule.js";
import { baseOnly, ofOneTenant } from "../forms.js";
import { DEFAULT_SCAFFOLD, SCAFFOLDS } from "./scaffolds.js";

/** Fields of every repository, the platform's included; each has another default. */
export const repositoryFields = {
  /** @see https://docs.github.com/en/repositories/creating-and-managing-repositories/about-repositories#about-repository-visibility */
  visibility: choiceField(["private", "internal", "public"], {
    description:
      "Readers of the repository: invited people, everyone in the enterprise, or everyone. Only organisations of an enterprise have internal repositories.",
  }),
  defaultBranch: textField(branchName, { description: "Branch that the clusters follow." }),
};

/**
 * Name under which a check reports, as GitHub shows it at a commit.
 * @see https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/about-status-checks
 */
export const checkName = patternRule({
  pattern: "^[^\\p{Cc}]+$",
  maxLength: 255,
  form: "the name of a check: it contains a line break or another control character",
  fix: "Write it as GitHub shows it at a commit, for instance test",
});

/** The rules for a change of a repository's default branch. Its history is always protected. */
const protection = section("Rules for changes of the default branch.", {
  /** Clusters follow the branch, so that it is neither rewritten nor deleted; a commit undoes a mistake. */
  enabled: booleanField(
    "Whether GitHub refuses to delete or rewrite the default branch. GitHub's free plan protects public repositories only.",
  ).default(true),
  /** A small team pushes, and a team that wants a second pair of eyes says so. */
  pullRequest: booleanField("Whether the default branch accepts pull requests only.").default(false),
  reviews: numberField(
    0,
    6,
    "GitHub counts no more",
    "Approvals that a pull request needs. Default: 1 with pullRequest.",
  ).exactOptional(),
  codeOwners: booleanField("Whether a pull request needs the approval of the code owners of its files.").default(false),
  checks: textSetField(textField(checkName, { description: "Name of a check.", examples: ["test"] }), {
    description: "Names of the checks that must pass before a pull request can be merged. Default: none.",
  }).default([]),
});

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
export const codeowner = patternRule({
  pattern: "^(@[A-Za-z0-9][-A-Za-z0-9_]*(/[a-z0-9_-]+)?|[^@\\s\\p{Cc}]+@[^@\\s\\p{Cc}]+)$",
  maxLength: 255,
  form: "an owner: @user, @organisation/team, or an e-mail address",
  fix: "Write it like @octocat or @acme/payments",
});

/** Path of the file that the program writes. GitHub looks there first, so no other file takes its place. */
export const CODEOWNERS_PATH = ".github/CODEOWNERS";

/** Patterns that match {@link CODEOWNERS_PATH}. */
const ownPatterns = ["*", "**", "/**", "CODEOWNERS", "**/CODEOWNERS"].concat(
  [".github", ".github/", ".github/*", ".github/**", CODEOWNERS_PATH].flatMap((pattern) => [pattern, `/${pattern}`]),
);

/** Whether lines of a CODEOWNERS file name owners of the file itself. */
export function coversItself(lines: readonly { readonly pattern: string }[]): boolean {
  return lines.some(({ pattern }) => ownPatterns.includes(pattern));
}

/** Lines of a CODEOWNERS file; the last one that matches a path counts. */
const codeowners = z
  .array(
    z.strictObject({
      pattern: textField(codeownersPattern, { description: "Pattern of paths.", examples: ["*", "/deploy/"] }),
      owners: z
        .array(textField(codeowner, { description: "User, team or e-mail address.", examples: ["@acme/payments"] }))
        .min(1, "names no owner")
        .meta({
          description:
            "Owners of what matches, at least one; they need the right to push. The approval of any one of them is enough.",
        }),
    }),
  )
  // Of two equal patterns only the last would count.
  .superRefine(withoutRepeats((line: { readonly pattern: string }) => line.pattern, undefined, "pattern"))
  .meta({
    description:
      "Owners of files: `{pattern, owners}`. The last pattern that matches a file counts. The program writes them to .github/CODEOWNERS. Default: none, and no such file.",
  })
  .default([]);

const fields = {
  visibility: repositoryFields.visibility.default("private"),
  /** GitHub's own name of the first branch of a new repository. */
  defaultBranch: repositoryFields.defaultBranch.default("main"),
  existing: ofOneTenant(
    booleanField(
      "Whether the repository exists already and keeps its own settings. Then the program only adds this cluster's deploy key.",
    ).default(false),
    "each repository exists already, or not",
  ),
  scaffold: z
    .literal([...SCAFFOLDS, true, false])
    .meta({
      description:
        "First files of a new repository, with which its first sync is Ready: manifests with an overlay for each stack (kustomize), a HelmRelease with an overlay for each stack (helm), or a folder for each stack (minimal). false: none; true: the default. It has no effect on a repository that exists.",
    })
    .default(DEFAULT_SCAFFOLD),
  protection,
  topics: textSetField(textField(gitHubTopic, { description: "Topic.", examples: ["payments"] }), {
    description: "Topics of the repository, beside the program's own. Default: none.",
  })
    .max(19, "are more than 19: GitHub takes 20, and one is the program's own")
    .default([]),
  codeowners,
};

/** A tenant's primary repository. */
export const repository = baseOnly(
  section("The repository of the tenant's manifests. It exists once, for all stacks.", {
    name: ofOneTenant(
      textField(gitHubRepository, {
        description: "Name of the tenant's Git repository at GitHub. Default: the tenant's name.",
        examples: ["team-payments"],
      }).exactOptional(),
      "a repository is of one tenant",
    ),
    ...fields,
  }),
  "repository",
);

const additional = z.strictObject(fields);
const additionalName = textField(gitHubRepository, { description: "Name of the repository at GitHub." });

/** A tenant's additional repositories, by name. */
export const repositories = ofOneTenant(
  baseOnly(
    mapField(additionalName, additional, {
      description:
        "Additional repositories by name, each with the fields of `repository`. Syncs name the folders of them that are applied. Default: none.",
    }).default({}),
    "repository",
  ),
  "a repository is of one tenant",
);

/**
 * A repository with the defaults that depend on its other fields. A pull request needs at least one review, so that a
 * second person reads it.
 */
export function completeRepository<Repository extends z.output<typeof additional>>(declared: Repository) {
  const { protection } = declared;
  const scaffold = declared.scaffold === true ? DEFAULT_SCAFFOLD : declared.scaffold;
  return { ...declared, scaffold, protection: { reviews: protection.pullRequest ? 1 : 0, ...protection } };
}
