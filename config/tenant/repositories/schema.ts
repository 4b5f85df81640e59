import { z } from "zod";
import { choiceField, textField, withoutRepeats } from "../../rules/field.js";
import { branchName, gitHubRepository, gitHubTopic } from "../../rules/names.js";
import { baseOnly, section } from "../forms.js";
import { codeowners } from "./codeowners.js";
import { completeProtection, protection } from "./protection.js";

/**
 * Who can read a repository on GitHub.
 * @see https://docs.github.com/en/repositories/creating-and-managing-repositories/about-repositories#about-repository-visibility
 */
export const VISIBILITIES = ["private", "internal", "public"] as const;

/** Fields of every repository, the platform's included; each has another default. */
export const repositoryFields = {
  visibility: choiceField(VISIBILITIES, {
    description:
      "Who can read the repository: only invited people, everybody in the enterprise, or everybody. Internal exists in organisations of an enterprise only.",
  }),
  defaultBranch: textField(branchName, { description: "Branch that the clusters follow." }),
};

/** Topics that GitHub lets a repository have, less the program's own. */
const mostTopics = 19;

/** The fields of a tenant's repository, besides its name. */
const fields = {
  /** Only invited people of the organisation can read it. */
  visibility: repositoryFields.visibility.default("private"),
  /** GitHub's own name of the first branch of a new repository. */
  defaultBranch: repositoryFields.defaultBranch.default("main"),
  existing: z
    .boolean()
    .meta({
      description:
        "Whether the repository exists already, and its owner keeps its settings: then only this cluster's deploy key is added to it.",
    })
    .default(false),
  scaffold: z
    .boolean()
    .meta({
      description: "Whether a new repository starts with folders for each stack, so that its first sync is Ready.",
    })
    .default(true),
  protection,
  topics: z
    .array(textField(gitHubTopic, { description: "Topic.", examples: ["payments"] }))
    .max(mostTopics, `are more than ${mostTopics}: GitHub takes 20, and one is the program's own`)
    .superRefine(withoutRepeats((topic: string) => topic))
    .meta({ description: "Topics of the repository, beside the program's own. Default: none." })
    .default([]),
  codeowners,
};

const primaryName = textField(gitHubRepository, {
  description: "Name of the tenant's Git repository at GitHub. Default: the tenant's name.",
  examples: ["team-payments"],
});
const primaryText = "Where the tenant's manifests are. A repository exists once, for all stacks.";
const additionalName = textField(gitHubRepository, { description: "Name of the repository at GitHub." });
const additionalText =
  "Additional repositories, by name, each with the fields of `repository`; syncs say what of them is applied. Default: none.";

/** A tenant's primary repository. */
export const repository = baseOnly(
  section(z.strictObject({ name: primaryName.exactOptional(), ...fields }), primaryText),
  "repository",
);

/** A tenant's additional repositories, by name. */
export const repositories = baseOnly(
  z.record(additionalName, z.strictObject(fields)).meta({ description: additionalText }).default({}),
  "repository",
);

type Declared = z.output<z.ZodObject<typeof fields>>;

/** A repository with the defaults that depend on its other fields. */
export function completeRepository<Repository extends Declared>(declared: Repository) {
  return { ...declared, protection: completeProtection(declared.protection) };
}
