import { booleanField, listField, objectField, textField } from "../../rules/field.js";
import { gitHubUser, teamName } from "../../rules/names.js";

const login = textField(gitHubUser, { description: "Login of a GitHub user.", examples: ["octocat"] });

/** The team that pushes to a tenant's repositories. It exists once on GitHub, whatever the stack. */
export const team = objectField("GitHub team that may push to the tenant's repositories, but to no existing one.", {
  name: textField(teamName, {
    description: "Name of the GitHub team, as its address has it. Default: the tenant's name.",
    examples: ["payments"],
  }).exactOptional(),
  existing: booleanField(
    "Whether the team exists already and keeps its own members. Then the program only adds its right to push.",
  ).default(false),
  members: listField(login, { description: "Logins of the team's members. Default: none." }).default([]),
  maintainers: listField(login, { description: "Logins of members who may add others. Default: none." }).default([]),
});

/** A team with the name that it has without one of its own: the tenant's. */
export function completeTeam<Team extends { readonly name?: string }>(tenant: string, team: Team) {
  return { name: tenant, ...team };
}
