import { planned } from "../../../../support/unit/plan.js";
import { kept, repository, reviewed, ruleset } from "./objects.js";
import type { RuleCases } from "./rule-case.js";

/** The CODEOWNERS file of the repository. */
function owners(...lines: readonly string[]) {
  const content = ["# A word.", ...lines, ""].join("\n");
  const inputs = { repository: "team-a", file: ".github/CODEOWNERS", content };
  return planned("github:index/repositoryFile:RepositoryFile", "a-owners", inputs, "a");
}

/** Fields of a ruleset that follows the default branch, and keeps the one that clusters follow. */
const following = {
  name: "fleet",
  conditions: { refName: { includes: ["~DEFAULT_BRANCH", "refs/heads/main"], excludes: [] } },
};

/** The cases of the rule `repository-protection`. */
export const repositoryProtectionCases: RuleCases = {
  violating: [
    {
      title: "no ruleset",
      after: [repository("private")],
      messages: ["the default branch of team-a is not protected"],
    },
    {
      title: "a ruleset that is off",
      after: [repository("private"), ruleset(kept, { enforcement: "disabled" })],
      messages: ["the default branch of team-a is not protected"],
    },
    {
      title: "a ruleset with an exception for a role",
      after: [repository("private"), ruleset(kept, { bypassActors: [{ actorType: "RepositoryRole" }] })],
      messages: ["the default branch of team-a is not protected"],
    },
    {
      title: "a ruleset of another branch",
      after: [repository("private"), ruleset(kept, { conditions: { refName: { includes: ["refs/heads/next"] } } })],
      messages: ["the default branch of team-a is not protected"],
    },
    {
      title: "a ruleset that excludes the branch again",
      after: [
        repository("private"),
        ruleset(kept, { conditions: { refName: { includes: ["~ALL"], excludes: ["refs/heads/main"] } } }),
      ],
      messages: ["the default branch of team-a is not protected"],
    },
    {
      title: "a ruleset of tags",
      after: [repository("private"), ruleset(kept, { target: "tag" })],
      messages: ["the default branch of team-a is not protected"],
    },
    {
      title: "a new exception beside a ruleset without one",
      before: [repository("private"), ruleset(kept), ruleset(reviewed(1), { name: "review" })],
      after: [
        repository("private"),
        ruleset(kept),
        ruleset(reviewed(1), {
          name: "review",
          bypassActors: [{ actorType: "Team", actorId: 7 }],
          conditions: { refName: { includes: ["~DEFAULT_BRANCH"], excludes: ["refs/heads/main"] } },
        }),
      ],
      messages: [
        "the protection of team-a by review may be bypassed by Team 7",
        "the protection of team-a by review leaves out refs/heads/main",
      ],
    },
    {
      title: "a ruleset that leaves the branch that clusters follow when the default branch changes",
      before: [repository("private"), ruleset(kept, following)],
      after: [repository("private"), ruleset(kept, { name: "fleet" })],
      messages: ["team-a is no longer protected by fleet on refs/heads/main"],
    },
    {
      title: "a path without code owners of its own",
      before: [repository("private"), ruleset(kept), owners("* @acme/a", "/fleet/ @acme/security")],
      after: [repository("private"), ruleset(kept), owners("* @acme/a")],
      messages: ["/fleet/ of team-a no longer has code owners of its own"],
    },
    {
      title: "a path whose code owners are taken away",
      before: [repository("private"), ruleset(kept), owners("* @acme/a", "/fleet/ @acme/security")],
      after: [repository("private"), ruleset(kept), owners("* @acme/a", "/fleet/")],
      messages: ["/fleet/ of team-a no longer has code owners of its own"],
    },
    ...[
      ["* behind it", "/fleet/ @acme/security", "* @acme/a"],
      ["a folder around it", "* @acme/a", "/fleet/ @acme/security", "/fleet @acme/a"],
      ["all files below a folder around it", "* @acme/a", "/fleet/ @acme/security", "/fleet/** @acme/a"],
      ["a folder of the same name anywhere", "* @acme/a", "/fleet/ @acme/security", "fleet/ @acme/a"],
      ["** behind it", "* @acme/a", "/fleet/ @acme/security", "** @acme/a"],
    ].map(([title, ...lines]) => ({
      title: `code owners that nothing asks any more, because of ${title}`,
      before: [repository("private"), ruleset(kept), owners("* @acme/a", "/fleet/ @acme/security")],
      after: [repository("private"), ruleset(kept), owners(...lines)],
      messages: ["/fleet/ of team-a no longer has code owners of its own"],
    })),
    {
      title: "fewer reviews",
      before: [repository("private"), ruleset(reviewed(2))],
      after: [repository("private"), ruleset(reviewed(1))],
      messages: ["team-a is no longer protected by pullRequest.requiredApprovingReviewCount of 2"],
    },
    {
      title: "no pull requests any more",
      before: [repository("private"), ruleset(reviewed(1))],
      after: [repository("private"), ruleset(kept)],
      messages: [
        "team-a is no longer protected by pullRequest",
        "team-a is no longer protected by pullRequest.requiredApprovingReviewCount of 1",
      ],
    },
    {
      title: "a check that is no longer required",
      before: [
        repository("private"),
        ruleset({ ...kept, requiredStatusChecks: { requiredChecks: [{ context: "test" }] } }),
      ],
      after: [repository("private"), ruleset({ ...kept, requiredStatusChecks: { requiredChecks: [] } })],
      messages: ["team-a is no longer protected by requiredStatusChecks.requiredChecks test"],
    },
  ],
  clean: [
    {
      title: "other owners, and more of them",
      before: [repository("private"), ruleset(kept), owners("* @acme/a")],
      after: [
        repository("private"),
        ruleset(kept),
        owners("* @acme/b", "/fleet/ @acme/security", "/fleet/docs/ @acme/a", "*.md @acme/a"),
      ],
    },
    {
      title: "an exception for administrators, who may change the ruleset itself",
      before: [repository("private"), ruleset(kept), ruleset(reviewed(1), { name: "review" })],
      after: [
        repository("private"),
        ruleset(kept),
        ruleset(reviewed(1), { name: "review", bypassActors: [{ actorType: "RepositoryRole", actorId: 5 }] }),
      ],
    },
    {
      title: "more reviews",
      before: [repository("private"), ruleset(reviewed(1))],
      after: [repository("private"), ruleset(reviewed(2))],
    },
    {
      title: "a repository that goes",
      before: [repository("private"), ruleset(kept)],
      after: [],
    },
  ],
};
