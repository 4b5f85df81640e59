import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { TenantSpec } from "../../../config/tenant/schema.js";
import { teamDescription } from "../../../lib/github/team.js";
import { teamComponent, teamType } from "../../../lib/state/stack-state.js";
import { returningAlias } from "../../github/leaving.js";
import type { TenantArgs } from "../registered-parts.js";

/** A tenant, the settings of its team, and the existing teams. */
export interface TenantTeamArgs extends Pick<TenantArgs, "tenant" | "existing" | "state"> {
  /** The settings of the team. */
  readonly team: NonNullable<TenantSpec["team"]>;
}

/**
 * The GitHub team that may push to a tenant's repositories. Each repository grants the permission itself.
 * The program manages the members in the tenant file only. Other members, for example from an identity provider, stay.
 * A removal keeps the team without these members and permissions: GitHub would delete its child teams as well.
 */
export class TenantTeam extends pulumi.ComponentResource {
  /** Id of the team, as text. */
  readonly teamId: pulumi.Output<string>;

  constructor(name: string, args: TenantTeamArgs, opts?: pulumi.ComponentResourceOptions) {
    super(teamComponent, name, {}, opts);
    const { team } = args;
    const existing = args.existing.teams.get(team.name);

    if (team.existing) {
      if (!existing) throw new Error(`team ${team.name} was not looked up before its registration`);
      this.teamId = pulumi.output(String(existing.id));
    } else {
      const settings: github.TeamArgs = {
        name: team.name,
        description: teamDescription(args.tenant.name),
        // A CODEOWNERS file cannot name a secret team, so this one is visible within the organisation. By default, the
        // provider removes the token's owner from the members.
        privacy: "closed",
        notificationSetting: "notifications_enabled",
      };
      const resource = new github.Team(`${name}-github`, settings, {
        parent: this,
        retainOnDelete: true,
        ...returningAlias(args.state, { type: teamType, team: team.name }),
        // The preflight checks have verified its description: it is left from a lost state or from a removal.
        ...(existing && !args.state.teams.has(team.name) ? { import: String(existing.id) } : {}),
      });
      this.teamId = resource.id;
      const members = [
        ...team.maintainers.map((username) => ({ username, role: "maintainer" })),
        ...team.members.map((username) => ({ username, role: "member" })),
      ];
      for (const member of members) {
        const membership = { teamId: this.teamId, ...member };
        // `pulumi destroy` keeps the team, and so its members.
        const memberOptions = { parent: this, deletedWith: resource };
        new github.TeamMembership(`${name}.${member.username.toLowerCase()}`, membership, memberOptions);
      }
    }

    this.registerOutputs();
  }
}
