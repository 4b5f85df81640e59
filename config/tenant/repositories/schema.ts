import { z } from "zod";
import { choiceField, textField } from "../../rules/field.js";
import { branchName, gitHubRepository, gitHubTopic } from "../../rules/names.js";
import { tenantDefaults } from "../defaults.js";
import { codeowners } from "./codeowners.js";
import { protection } from "./protection.js";

/**
 * Who can read a repository on GitHub.
 * @see https://docs.github.com/en/repositories/creating-and-managing-repositories/about-repositories#about-repository-visibility
 */
export const VISIBILITIES = ["private", "internal", "public"] as const;

/** What a repository is, whoever's it is. */
export const repositoryFields = {
  visibility: choiceField(VISIBILITIES, {
    description:
      "Who can read the repository: only invited people, everybody in the enterprise, or everybody. Internal exists in organisations of an enterprise only.",
    default: tenantDefaults.visibility,
  }),
  defaultBranch: textField(branchName, {
    description: "Branch that the clusters follow.",
    default: tenantDefaults.defaultBranch,
  }),
};

/** Topics that GitHub lets a repository have, less the program's own. */
const mostTopics = 19;

/** What a tenant's repository is, besides its name. */
const tenantRepositoryFields = {
  ...repositoryFields,
  existing: z.boolean().meta({
    description:
      "Whether somebody else made the repository and keeps its settings: then only this cluster's deploy key is added to it.",
    default: tenantDefaults.existing,
  }),
  scaffold: z.boolean().meta({
    description: "Whether a new repository starts with folders for each stack, so that its first sync is Ready.",
    default: tenantDefaults.scaffold,
  }),
  protection: protection.meta({ description: "What is demanded of a change of the default branch." }),
  topics: z
    .array(textField(gitHubTopic, { description: "Topic.", examples: ["payments"] }))
    .max(mostTopics, `are more than ${mostTopics}: GitHub takes 20, and one is the program's own`)
    .meta({ description: "Topics of the repository, beside the program's own. Default: none." }),
  codeowners,
};

/** In a file, each field of a field may be left out too. */
const tenantRepositoryFileFields = {
  ...tenantRepositoryFields,
  protection: protection.partial().meta({ description: "What is demanded of a change of the default branch." }),
};

const firstName = textField(gitHubRepository, {
  description: "Name of the tenant's Git repository at GitHub. Default: the tenant's name.",
  examples: ["team-payments"],
});

/** A tenant's first repository. */
export const repository = z.strictObject({ name: firstName, ...tenantRepositoryFields });

/** A tenant's first repository in a base file. */
export const repositoryFile = z.strictObject({ name: firstName, ...tenantRepositoryFileFields }).partial();

const furtherName = textField(gitHubRepository, { description: "Name of the repository at GitHub." });

/** Further repositories, complete. */
export const furtherRepositories = z.record(furtherName, z.strictObject(tenantRepositoryFields));

/** Further repositories in a base file. */
export const furtherRepositoriesFile = z
  .record(furtherName, z.strictObject(tenantRepositoryFileFields).partial())
  .meta({
    description:
      "Further repositories, by name, each with the fields of `repository`; syncs say what of them is applied. Default: none.",
  });
