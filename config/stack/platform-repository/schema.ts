import { z } from "zod";
import type { DeepReadonly } from "../../../lib/data/freeze.js";
import { booleanField, numberField, textField, textSetField } from "../../rules/field.js";
import { gitHubRepository } from "../../rules/names.js";
import { patternRule } from "../../rules/rule.js";
import { checkName, codeowner, repositoryFields } from "../../tenant/repositories/schema.js";
import { verify } from "../../tenant/verify/schema.js";
import { oneLine } from "../one-line.js";

/** The rules for changes of the default branch. They are strict, because Flux applies it as cluster-admin. */
const protection = z
  .strictObject({
    enabled: booleanField(
      "Whether GitHub refuses to delete or rewrite the default branch of this repository and of tenant-template. GitHub's free plan protects public repositories only.",
    ).default(true),
    pullRequest: booleanField(
      "Whether the default branch of this repository and of tenant-template accepts pull requests only.",
    ).default(true),
    reviews: numberField(0, 6, "GitHub counts no more", "Approvals that a pull request needs.").default(1),
    codeOwners: booleanField(
      "Whether a pull request needs the approval of the code owners of its files, where owners names any.",
    ).default(true),
    checks: textSetField(textField(checkName), {
      description:
        "Names of the checks that must pass before a pull request can be merged. A check that no workflow reports would block every merge.",
    }).default([]),
    app: numberField(
      1,
      2 ** 31 - 1,
      "GitHub numbers Apps from 1 on",
      "Number of the GitHub App whose token the program uses. The rules then exempt this App alone. Default: the program's token is of an administrator, and the rules exempt those.",
    ).exactOptional(),
    reason: textField(oneLine("a reason in one line", "Write one sentence, like: A repository for experiments"), {
      description: "Reason for less than the defaults. Without it, less is refused.",
    }).exactOptional(),
  })
  .prefault({})
  .meta({ description: "Rules for changes of the default branch, of the stack in fleet:repositoryOwner." });

const ownersOf = (description: string) =>
  textSetField(textField(codeowner, { description: "@user, @organisation/team, or an e-mail address." }), {
    description,
  }).default([]);

/** Owners of the files, as a CODEOWNERS file names them. */
const owners = z
  .strictObject({
    platform: ownersOf("Owners of everything, like @acme/platform. None: no file .github/CODEOWNERS is written."),
    security: ownersOf(
      "Owners of what reaches every cluster, and of the owners themselves: the folders fleet/ and .github/. None: those of everything.",
    ),
  })
  .prefault({})
  .meta({ description: "Code owners of the repository. They need the right to push." });

/** Repository on GitHub with its owner. It becomes part of a workflow, so it has no other characters. */
const ownedRepository = patternRule({
  pattern: "^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9_-][A-Za-z0-9._-]*$",
  maxLength: 140,
  form: "a repository with its owner",
  fix: "Write it as OWNER/NAME, for instance acme/fleet",
});

/** Branch, tag or commit, with characters that mean nothing else in a workflow. */
const programRevision = patternRule({
  pattern: "^[A-Za-z0-9][A-Za-z0-9._/-]*$",
  maxLength: 244,
  form: "a branch, a tag or a commit",
  fix: "Name one with letters, digits, dots, hyphens and slashes, for instance main",
});

/** The workflow that judges each pull request of the repository. */
const rules = z
  .strictObject({
    program: textField(ownedRepository, {
      description: "Repository of this program on the same GitHub, whose rules and stacks judge the change.",
      examples: ["acme/fleet"],
    }),
    revision: textField(programRevision, {
      description:
        "Branch, tag or commit of the program. A branch judges by the tenants and variables that are merged today.",
    }).default("main"),
  })
  .exactOptional()
  .meta({
    description:
      "Workflow that runs the rules of the platform on each pull request, and the check that blocks its merge. Default: neither.",
  });

/** The repository that Flux applies for the platform. */
export const platformRepositoryConfig = z
  .strictObject({
    name: textField(gitHubRepository, { description: "Name of the platform's repository at GitHub." }).default(
      "platform",
    ),
    visibility: repositoryFields.visibility.default("private"),
    defaultBranch: repositoryFields.defaultBranch.default("main"),
    protection,
    owners,
    rules,
    verify: verify.exactOptional(),
  })
  .prefault({})
  .meta({ description: "Repository that Flux syncs for the platform. The same on every stack." });

/** See {@link platformRepositoryConfig}. */
export type PlatformRepositoryConfig = DeepReadonly<z.output<typeof platformRepositoryConfig>>;
