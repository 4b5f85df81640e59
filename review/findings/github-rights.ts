import { isCodeOwners, ownedPatterns } from "../code-owners.js";
import { phrase } from "../phrase.js";
import type { PlannedResource, StackPlan } from "../planned-resource.js";
import { type Fact, type FactFinder, fieldAt, listAt, ofKind, textAt, valueText } from "./facts.js";

/** Rights on repositories: of teams, people, deploy keys and readers; and the rules that restrict them. */
export const gitHubFacts: FactFinder = (plan) => {
  const name = teamNames(plan);
  return [
    ...ofKind(plan, "TeamMembership").map((one) => membership(one, name)),
    ...ofKind(plan, "TeamRepository").map((one) => teamRight(one, name)),
    ...ofKind(plan, "RepositoryDeployKey").map(deployKey),
    ...ofKind(plan, "RepositoryRuleset").flatMap(rulesetFacts),
    ...ofKind(plan, "Repository").flatMap(publicRepository),
    ...ofKind(plan, "RepositoryFile").filter(isCodeOwners).flatMap(codeOwners),
  ];
};

/** The repositories that more people read than those with a right of their own. */
function publicRepository(one: PlannedResource): Fact[] {
  const [repository, visibility] = [textAt(one, "name"), textAt(one, "visibility")];
  // A component of the program has the same kind.
  if (!one.type.startsWith("github:") || visibility === "private") return [];
  const readers = visibility === "public" ? "everyone" : "every member of the enterprise";
  return [
    {
      id: JSON.stringify(["visibility", repository, visibility]),
      tenant: one.tenant,
      kind: "right",
      subject: `visibility ${visibility}`,
      item: phrase`${repository}`,
      appear: (repositories) => phrase`${[readers]} may now read ${repositories} (visibility ${visibility})`,
      disappear: (repositories) => phrase`no longer ${visibility}: ${repositories}`,
    },
  ];
}

/** Returns the name of a team by the id that other resources refer to. */
function teamNames(plan: StackPlan): (id: string) => string {
  const created = ofKind(plan, "Team").map((team) => [`${team.name}-id`, textAt(team, "name")] as const);
  const names = new Map([...created, ...Object.entries(plan.existingTeams)]);
  return (id) => names.get(id) ?? id;
}

function membership(one: PlannedResource, nameOf: (id: string) => string): Fact {
  const [team, person, role] = [nameOf(textAt(one, "teamId")), textAt(one, "username"), textAt(one, "role")];
  return {
    id: JSON.stringify(["member", team, person.toLowerCase(), role]),
    tenant: one.tenant,
    kind: "right",
    subject: `members of ${team}`,
    item: phrase`${person}`,
    part: role === "member" ? undefined : role,
    appear: (people) => phrase`new in team ${team}: ${people}`,
    disappear: (people) => phrase`no longer in team ${team}: ${people}`,
  };
}

const permissions: Readonly<Record<string, string>> = { pull: "read", push: "push to", admin: "administer" };

function teamRight(one: PlannedResource, nameOf: (id: string) => string): Fact {
  const [team, repository] = [nameOf(textAt(one, "teamId")), textAt(one, "repository")];
  const permission = textAt(one, "permission");
  const known = permissions[permission];
  const verb = known === undefined ? phrase`${permission}` : [known];
  return {
    id: JSON.stringify(["team", team, repository, permission]),
    tenant: one.tenant,
    kind: "right",
    subject: `right of ${team} ${permission}`,
    item: phrase`${repository}`,
    appear: (repositories) => phrase`${team} may now ${verb} ${repositories}`,
    disappear: (repositories) => phrase`${team} may no longer ${verb} ${repositories}`,
  };
}

function deployKey(one: PlannedResource): Fact {
  const [repository, title] = [textAt(one, "repository"), textAt(one, "title")];
  const writable = fieldAt(one.inputs, "readOnly") === false;
  const verb = writable ? ["push to and read"] : ["read"];
  return {
    id: JSON.stringify(["key", repository, title, writable]),
    tenant: one.tenant,
    kind: "right",
    subject: `key ${title} ${writable}`,
    item: phrase`${repository}`,
    appear: (repositories) => phrase`deploy key ${title} may now ${verb} ${repositories}`,
    disappear: (repositories) => phrase`deploy key ${title} may no longer ${verb} ${repositories}`,
  };
}

/** The people and teams whose review changes of files need. Others under the same pattern take their place. */
function codeOwners(one: PlannedResource): Fact[] {
  const repository = textAt(one, "repository");
  return ownedPatterns(one).flatMap(({ pattern, owners }) =>
    owners.map((owner): Fact => {
      return {
        id: JSON.stringify(["owner", repository, pattern, owner.toLowerCase()]),
        tenant: one.tenant,
        kind: "right",
        subject: `owners of ${pattern} in ${repository}`,
        item: phrase`${owner}`,
        appear: (people) => phrase`code owner of ${pattern} in ${repository}, who may approve its changes: ${people}`,
        disappear: (people) => phrase`no longer code owner of ${pattern} in ${repository}: ${people}`,
      };
    }),
  );
}

/** The rules of a ruleset, one fact for each that is switched on, and the actors that bypass it. */
function rulesetFacts(one: PlannedResource): Fact[] {
  const [repository, name] = [textAt(one, "repository"), textAt(one, "name")];
  const shared = { tenant: one.tenant };
  const active = textAt(one, "enforcement") === "active";
  const rules = active ? switchedOn(fieldAt(one.inputs, "rules")) : [];
  return [
    ...rules.map(({ rule, value }): Fact => {
      return {
        ...shared,
        id: JSON.stringify(["rule", repository, name, rule, value]),
        kind: "restriction",
        subject: `rules of ${repository}`,
        item: phrase`${rule}`,
        part: value === "true" ? undefined : value,
        appear: (items) => phrase`protection of ${repository} added: ${items}`,
        disappear: (items) => phrase`protection removed from ${repository}: ${items}`,
      };
    }),
    ...listAt(one.inputs, "bypassActors").map((actor): Fact => {
      const who = [fieldAt(actor, "actorType"), fieldAt(actor, "actorId")].map(valueText).join(" ");
      return {
        ...shared,
        id: JSON.stringify(["bypass", repository, name, actor]),
        kind: "right",
        subject: `bypass of ${repository}`,
        item: phrase`${who}`,
        part: valueText(fieldAt(actor, "bypassMode")),
        appear: (actors) => phrase`rules of ${repository} may now be bypassed by ${actors}`,
        disappear: (actors) => phrase`rules of ${repository} may no longer be bypassed by ${actors}`,
      };
    }),
  ];
}

/** The settings of rules that are on, each with its dotted name and value. Without false, 0 and empty lists. */
function switchedOn(rules: unknown, path = ""): { readonly rule: string; readonly value: string }[] {
  if (rules === undefined || rules === null || rules === false || rules === 0 || rules === "") return [];
  if (Array.isArray(rules)) return rules.map((item) => ({ rule: path, value: valueText(item) }));
  if (typeof rules !== "object") return [{ rule: path, value: valueText(rules) }];
  return Object.entries(rules).flatMap(([key, value]) => switchedOn(value, path === "" ? key : `${path}.${key}`));
}
