import { createHash } from "node:crypto";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { resourcesOf } from "../../config/tenant/parts.js";
import type { ExistingGitHub, ExistingRepository } from "../../lib/github/existing.js";
import { GITHUB_OWNERSHIP_TOPIC } from "../../lib/kubernetes/ownership-labels.js";

/**
 * The objects of GitHub that a stack needs before its first update: on the stack that creates repositories those with
 * `existing: true`, on every other one all repositories.
 * @param server @default - GitHub itself
 */
export function assumedGitHub(spec: FleetSpec, server?: NamedGitHub): Pick<ExistingGitHub, "repositories" | "teams"> {
  const { github, platform, tenants, tenantsElsewhere } = spec;
  const all = [...tenants, ...tenantsElsewhere];
  const wanted = all.flatMap((tenant) => resourcesOf(tenant).repositories.map(({ repository }) => repository));
  const names = github.ownsRepositories
    ? wanted.filter(({ existing }) => existing).map(({ name }) => name)
    : [platform.repository.name, ...wanted.map(({ name }) => name)];
  const teams = all.flatMap(({ team }) => (team?.existing ? [team.name] : []));
  return {
    repositories: new Map(names.map((name) => assumedRepository(github.owner, name, server))),
    teams: new Map(teams.map((slug) => [slug, { id: teamId(slug), slug, description: "" }])),
  };
}

/** A repository of an organisation that is managed by the program, as GitHub lists it. */
export function assumedRepository(owner: string, name: string, server = gitHubItself): [string, ExistingRepository] {
  return [
    name.toLowerCase(),
    {
      name,
      sshUrl: cloneUrlOf(server, `${owner}/${name}`),
      htmlUrl: `https://${server.host}/${owner}/${name}`,
      topics: [GITHUB_OWNERSHIP_TOPIC],
      archived: false,
    },
  ];
}

/** The GitHub that the environment of an update leads to. */
export interface NamedGitHub {
  /** Host of its pages, with its port if it is not the usual one. */
  readonly host: string;
  /** @default - the organisation of the settings */
  readonly owner?: string | undefined;
  /** Host and port of its clone URLs by SSH. @default - the host of the pages */
  readonly sshAddress?: string | undefined;
}

/** GitHub itself, with the organisation of the settings. */
export const gitHubItself: NamedGitHub = { host: "github.com" };

/** The SSH URL of a repository. A port of the pages' host is not the port of SSH. */
export function cloneUrlOf({ host, sshAddress }: NamedGitHub, path: string): string {
  return sshAddress === undefined
    ? `git@${host.replace(/:\d+$/, "")}:${path}.git`
    : `ssh://git@${sshAddress}/${path}.git`;
}

/** A made-up id of a team. It depends on the name alone, so that other teams do not change it. */
function teamId(slug: string): number {
  return createHash("sha256").update(slug).digest().readUIntBE(0, 6);
}
