import { createHash } from "node:crypto";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { resourcesOf } from "../../config/tenant/parts.js";
import type { ExistingGitHub, ExistingRepository } from "../../lib/github/existing.js";
import { GITHUB_OWNERSHIP_TOPIC } from "../../lib/kubernetes/ownership-labels.js";

/**
 * The objects of GitHub that a stack needs before its first update: on the stack that creates repositories those with
 * `existing: true`, on every other one all repositories.
 */
export function assumedGitHub(spec: FleetSpec): Pick<ExistingGitHub, "repositories" | "teams"> {
  const { github, platform, tenants, tenantsElsewhere } = spec;
  const all = [...tenants, ...tenantsElsewhere];
  const wanted = all.flatMap((tenant) => resourcesOf(tenant).repositories.map(({ repository }) => repository));
  const names = github.ownsRepositories
    ? wanted.filter(({ existing }) => existing).map(({ name }) => name)
    : [platform.repository.name, ...wanted.map(({ name }) => name)];
  const teams = all.flatMap(({ team }) => (team?.existing ? [team.name] : []));
  return {
    repositories: new Map(names.map((name) => assumedRepository(github.owner, name))),
    teams: new Map(teams.map((slug) => [slug, { id: teamId(slug), slug, description: "" }])),
  };
}

/** A repository of an organisation that is managed by the program, as GitHub lists it. */
export function assumedRepository(owner: string, name: string): [string, ExistingRepository] {
  return [
    name.toLowerCase(),
    {
      name,
      sshUrl: `git@github.com:${owner}/${name}.git`,
      htmlUrl: `https://github.com/${owner}/${name}`,
      topics: [GITHUB_OWNERSHIP_TOPIC],
      archived: false,
    },
  ];
}

/** A made-up id of a team. It depends on the name alone, so that other teams do not change it. */
function teamId(slug: string): number {
  return createHash("sha256").update(slug).digest().readUIntBE(0, 6);
}
