import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import type { TenantSpec } from "../../../config/tenant/schema.js";
import type { ExistingTeam } from "../../../lib/github/existing.js";
import { teamDescription } from "../../../lib/github/team.js";

/** The settings of a tenant's team, and the existing team. */
export interface TenantTeamArgs {
  /** Name of the tenant, for the team's description. */
  readonly tenant: string;
  /** The settings of the team. */
  readonly team: NonNullable<TenantSpec["team"]>;
  /** The existing team. Undefined when it does not exist. */
  readonly existing: ExistingTeam | undefined;
}

/**
 * The GitHub team that may push to a tenant's repositories. Each repository grants the permission itself.
 *
 * The program manages the members in the tenant file only. Other members, for example from an identity provider, stay.
 * A removal keeps the team without these members and permissions: GitHub would delete its child teams as well.
 */
export class TenantTeam extends pulumi.ComponentResource {
  /** Id of the team, as text. */
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
        // The preflight checks have verified its description: it is left from a lost state or from a removal.
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
 * The arguments of the team, with every field that has a default. The team is visible within the organisation, because a
 * CODEOWNERS file cannot name a secret team. By default, the provider removes the token's owner from the members.
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
