import type { State, TeamRecord } from "../../state/records.js";
import { nodeId, type Urls } from "../urls.js";
import { organizationView } from "./user.js";

interface TeamContext {
  readonly urls: Urls;
  readonly state: State;
}

/** A team as lists show it. */
export function teamView({ urls, state }: TeamContext, team: TeamRecord) {
  const url = urls.api(`organizations/${state.organization.id}/team/${team.id}`);
  return {
    name: team.name,
    id: team.id,
    node_id: nodeId("Team", team.id),
    slug: team.slug,
    description: team.description,
    privacy: team.privacy,
    notification_setting: team.notificationSetting,
    url,
    html_url: urls.page(`orgs/${state.organization.login}/teams/${team.slug}`),
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: "organization",
    organization_id: state.organization.id,
    permission: "pull",
    // The emulator has no nested teams.
    parent: null,
  };
}

/** A team in full. */
export function fullTeamView(context: TeamContext, team: TeamRecord) {
  return {
    ...teamView(context, team),
    created_at: team.createdAt,
    updated_at: team.updatedAt,
    members_count: team.members.length,
    repos_count: team.repositories.length,
    organization: organizationView(context.urls, context.state),
  };
}
