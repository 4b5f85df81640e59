import { onGitHub } from "../../../../support/unit/plans.js";
import type { ConsequenceCases } from "./consequence-cases.js";
import { key, repository, right, ruleset, team, withInputs } from "./objects.js";

/** The CODEOWNERS file of the repository. */
function codeOwners(...lines: readonly string[]) {
  const content = ["# A word.", ...lines, ""].join("\n");
  return onGitHub("RepositoryFile", "apps-owners", { repository: "apps", file: ".github/CODEOWNERS", content });
}

/** The pair of keys behind a deploy key. */
const pair = (algorithm: string) =>
  onGitHub("PrivateKey", "apps-pair", { algorithm }, { type: "tls:index/privateKey:PrivateKey" });

/** Changes of what people, teams and keys may do on GitHub, and of repositories. */
export const githubCases: ConsequenceCases = {
  "a team that may push": [[team], [team, right("push")], "gained: team-search may now push to apps"],
  "a team that may administer instead of push": [
    [team, right("push")],
    [team, right("admin")],
    "gained: team-search may now administer apps",
    "lost: team-search may no longer push to apps",
  ],
  "a member": [
    [team],
    [team, onGitHub("TeamMembership", "m", { teamId: "search-team-id", username: "Ann", role: "maintainer" })],
    "gained: new in team team-search: Ann (maintainer)",
  ],
  "a deploy key that becomes writable": [
    [key(true)],
    [key(false)],
    "gained: deploy key fleet/eu may now push to and read apps",
    "lost: deploy key fleet/eu may no longer read apps",
  ],
  "a repository that becomes public": [
    [repository("private")],
    [repository("public")],
    "gained: everyone may now read apps (visibility public)",
  ],
  "protection that is weaker": [
    [ruleset({ deletion: true, pullRequest: { requiredApprovingReviewCount: 2, requireCodeOwnerReview: true } })],
    [ruleset({ deletion: true, pullRequest: { requiredApprovingReviewCount: 1, requireCodeOwnerReview: false } })],
    "lost: protection of apps added: pullRequest.requiredApprovingReviewCount (1)",
    "gained: protection removed from apps: pullRequest.requiredApprovingReviewCount (2), pullRequest.requireCodeOwnerReview",
  ],
  "owners who are replaced under the same pattern": [
    [codeOwners("* @acme/search", "/deploy/ @acme/search @Ann")],
    [codeOwners("* @acme/search", "/deploy/ @acme/others @ann")],
    "gained: code owner of /deploy/ in apps, who may approve its changes: @acme/others",
    "lost: no longer code owner of /deploy/ in apps: @acme/search",
  ],
  "owners that a later pattern replaces, and a pattern without owners": [
    [codeOwners("/deploy/ @acme/security", "/docs/ @acme/docs")],
    [codeOwners("/deploy/ @acme/security", "/docs/", "* @eve")],
    "gained: code owner of * in apps, who may approve its changes: @eve",
    "lost: no longer code owner of /deploy/ in apps: @acme/security",
    "lost: no longer code owner of /docs/ in apps: @acme/docs",
  ],
  "a ruleset that is gone": [[ruleset({ deletion: true })], [], "gained: protection removed from apps: deletion"],
  "a ruleset of other branches": [
    [withInputs(ruleset({}), { conditions: { refName: { includes: ["~ALL"], excludes: [] } } })],
    [withInputs(ruleset({}), { conditions: { refName: { includes: ["~ALL"], excludes: ["refs/heads/main"] } } })],
    "changed: ruleset fleet of apps holds for other branches",
  ],
  "a deploy key of another pair": [
    [withInputs(key(true), { key: "ssh-ed25519 AAAA" })],
    [withInputs(key(true), { key: "ssh-ed25519 BBBB" })],
    "changed: deploy key fleet/eu of apps is another public key",
  ],
  "a private key that is replaced": [
    [pair("ED25519")],
    [pair("RSA")],
    "loss: private key apps-pair is replaced by a new one",
  ],
  "a repository that is archived at once, and stays": [
    [withInputs(repository("private"), { archived: false })],
    [withInputs(repository("private"), { archived: true })],
    "loss: repository apps is archived",
  ],
  "a repository that a removal would delete": [
    [withInputs(repository("private"), { archiveOnDestroy: true })],
    [withInputs(repository("private"), { archiveOnDestroy: false })],
    "loss: repository apps is deleted, no longer archived, by a later removal or pulumi destroy",
  ],
  "an actor that bypasses rules": [
    [ruleset({})],
    [ruleset({}, [{ actorId: 5, actorType: "RepositoryRole", bypassMode: "always" }])],
    "gained: rules of apps may now be bypassed by RepositoryRole 5 (always)",
  ],
  "a repository that is removed in the update after the next": [
    [repository("private", { retainOnDelete: true })],
    [],
    "loss: repository apps is archived: the next update removes its keys and rights, and the one after it archives",
  ],
  "a repository that is removed at once": [[repository("private")], [], "loss: repository apps is archived"],
  "a repository that loses its protection from removal": [
    [repository("private", { retainOnDelete: true })],
    [repository("private")],
    "loss: repository apps is archived by a later removal or pulumi destroy",
  ],
};
