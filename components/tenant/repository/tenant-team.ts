import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { TenantSpec } from "../../../config/tenant/schema.js";
import type { ExistingTeam } from "../../../lib/github/existing.js";
import { teamDescription } from "../../../lib/github/team.js";

/** What the tenant's file says of the team, and what it is now. */
export interface TenantTeamArgs {
  /** Name of the tenant, which the team's description says. */
  readonly tenant: string;
  /** What the tenant's file says of it. */
  readonly team: NonNullable<TenantSpec["team"]>;
  /** The team as it is now. @default - it does not exist */
  readonly existing: ExistingTeam | undefined;
}

/**
 * The GitHub team whose members push to a tenant's repositories; each repository grants it that right itself.
 *
 * The program adds and removes those whom the tenant's file names, and leaves alone whom somebody added on GitHub: an
 * identity provider may be one who does. On removal the team stays, without members of ours and without a right here:
 * GitHub would delete the teams below it as well, and it may be somebody's in other places.
 */
export class TenantTeam extends pulumi.ComponentResource {
  /** Number of the team, as text. */
  readonly teamId: pulumi.Output<string>;

  constructor(name: string, args: TenantTeamArgs, opts?: pulumi.ComponentResourceOptions) {
    super("fleet:tenant:Team", name, {}, opts);
    const { team: spec, existing } = args;

    if (spec.existing) {
      if (!existing) throw new Error(`team ${spec.name} was not looked up before its registration`);
      this.teamId = pulumi.output(String(existing.id));
    } else {
      const team = new github.Team(`${name}-github`, teamArgs(args), {
        parent: this,
        retainOnDelete: true,
        // One that carries our mark was made by this program whose state is gone, or left by a removal.
        ...(existing ? { import: String(existing.id) } : {}),
      });
      this.teamId = team.id;
      for (const { login, role } of membersOf(spec)) {
        new github.TeamMembership(
          `${name}.${login.toLowerCase()}`,
          { teamId: team.id, username: login, role },
          { parent: this },
        );
      }
    }

    this.registerOutputs({ teamId: this.teamId });
  }
}

/**
 * Every field that GitHub's provider would otherwise choose. The team is visible within the organisation: a CODEOWNERS
 * file can name no other. Whoever owns the token is not made a member: the provider takes them out again by default.
 * @see https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
 */
export function teamArgs({ tenant, team }: Pick<TenantTeamArgs, "tenant" | "team">): github.TeamArgs {
  return {
    name: team.name,
    description: teamDescription(tenant),
    privacy: "closed",
    notificationSetting: "notifications_enabled",
  };
}

function membersOf({ members, maintainers }: TenantTeamArgs["team"]) {
  return [
    ...maintainers.map((login) => ({ login, role: "maintainer" })),
    ...members.map((login) => ({ login, role: "member" })),
  ];
}
