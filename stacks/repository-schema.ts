import { z } from "zod";
import { tenantDefaults } from "./defaults.js";
import { choiceField, textField } from "./field.js";
import { branchName, gitHubRepository } from "./names.js";

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
};

/** A tenant's first repository. */
export const repository = z.strictObject({
  name: textField(gitHubRepository, {
    description: "Name of the tenant's Git repository at GitHub. Default: the tenant's name.",
    examples: ["team-payments"],
  }),
  ...tenantRepositoryFields,
});

const furtherName = textField(gitHubRepository, { description: "Name of the repository at GitHub." });
const furtherRepository = z.strictObject(tenantRepositoryFields);

/** Further repositories, complete. */
export const furtherRepositories = z.record(furtherName, furtherRepository);

/** Further repositories in a base file. */
export const furtherRepositoriesFile = z.record(furtherName, furtherRepository.partial()).meta({
  description:
    "Further repositories, by name, each with the fields of `repository`; syncs say what of them is applied. Default: none.",
});
