import { z } from "zod";
import { choiceField, numberField, textField, withoutRepeats } from "../../rules/field.js";
import { branchName, gitHubRepository, gitHubTopic } from "../../rules/names.js";
import { patternRule } from "../../rules/rule.js";
import { booleanField, mapField, section } from "../fields.js";
import { baseOnly } from "../forms.js";
import { codeowners } from "./codeowners.js";

/** Fields of every repository, the platform's included; each has another default. */
export const repositoryFields = {
  /** @see https://docs.github.com/en/repositories/creating-and-managing-repositories/about-repositories#about-repository-visibility */
  visibility: choiceField(["private", "internal", "public"], {
    description:
      "Who can read the repository: only invited people, everybody in the enterprise, or everybody. Internal exists in organisations of an enterprise only.",
  }),
  defaultBranch: textField(branchName, { description: "Branch that the clusters follow." }),
};

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
const protection = section("What is demanded of a change of the default branch.", {
  /** Clusters follow the branch, so that it is neither rewritten nor deleted; a commit undoes a mistake. */
  enabled: booleanField(
    "Whether the default branch can be neither deleted nor rewritten. GitHub's free plan protects public repositories only.",
  ).default(true),
  /** A small team pushes, and a team that wants a second pair of eyes says so. */
  pullRequest: booleanField("Whether the default branch is changed by pull requests only.").default(false),
  reviews: numberField(
    { least: 0, most: 6, why: "GitHub counts no more" },
    { description: "Approvals that a pull request needs. Default: 1 with pullRequest." },
  ).exactOptional(),
  codeOwners: booleanField("Whether a pull request needs the approval of the code owners of its files.").default(false),
  checks: z
    .array(textField(checkName, { description: "Name of a check.", examples: ["test"] }))
    .superRefine(withoutRepeats((check: string) => check))
    .meta({ description: "Checks that must have passed before a change is let in; their names. Default: none." })
    .default([]),
});

/** Topics that GitHub lets a repository have, less the program's own. */
const mostTopics = 19;

/** The fields of a tenant's repository, besides its name. */
const fields = {
  /** Only invited people of the organisation can read it. */
  visibility: repositoryFields.visibility.default("private"),
  /** GitHub's own name of the first branch of a new repository. */
  defaultBranch: repositoryFields.defaultBranch.default("main"),
  existing: booleanField(
    "Whether the repository exists already, and its owner keeps its settings: then only this cluster's deploy key is added to it.",
  ).default(false),
  scaffold: booleanField(
    "Whether a new repository starts with folders for each stack, so that its first sync is Ready.",
  ).default(true),
  protection,
  topics: z
    .array(textField(gitHubTopic, { description: "Topic.", examples: ["payments"] }))
    .max(mostTopics, `are more than ${mostTopics}: GitHub takes 20, and one is the program's own`)
    .superRefine(withoutRepeats((topic: string) => topic))
    .meta({ description: "Topics of the repository, beside the program's own. Default: none." })
    .default([]),
  codeowners,
};

/** A tenant's primary repository. */
export const repository = baseOnly(
  section("Where the tenant's manifests are. A repository exists once, for all stacks.", {
    name: textField(gitHubRepository, {
      description: "Name of the tenant's Git repository at GitHub. Default: the tenant's name.",
      examples: ["team-payments"],
    }).exactOptional(),
    ...fields,
  }),
  "repository",
);

const additional = z.strictObject(fields);
const additionalName = textField(gitHubRepository, { description: "Name of the repository at GitHub." });

/** A tenant's additional repositories, by name. */
export const repositories = baseOnly(
  mapField(additionalName, additional, {
    description:
      "Additional repositories, by name, each with the fields of `repository`; syncs say what of them is applied. Default: none.",
  }).default({}),
  "repository",
);

/**
 * A repository with the defaults that depend on its other fields. A pull request needs at least one review, so that a
 * second person reads it.
 */
export function completeRepository<Repository extends z.output<typeof additional>>(declared: Repository) {
  const { protection } = declared;
  return { ...declared, protection: { reviews: protection.pullRequest ? 1 : 0, ...protection } };
}
