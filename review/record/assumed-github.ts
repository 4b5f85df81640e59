import { createHash } from "node:crypto";
import type { FleetSpec } from "../../config/fleet-spec.js";
import { resourcesOf } from "../../config/tenant/parts.js";
import type { ExistingGitHub, ExistingRepository } from "../../lib/github/existing.js";
import { GITHUB_OWNERSHIP_TOPIC } from "../../lib/kubernetes/ownership-labels.js";

/** The organisation on GitHub, as far as the environment of an update names it. */
export interface KnownGitHub {
  readonly owner: string;
  /** Host of the API. */
  readonly host: string;
  /** The start of the SSH addresses of its repositories: `git@github.com:acme/`. */
  readonly clonePrefix: string;
  /** The start of the addresses of their pages: `https://github.com/acme/`. */
  readonly pagePrefix: string;
}

/** Stands for an organisation that only the environment of an update names. */
export const UNKNOWN_OWNER = "organisation";

/**
 * An organisation on a server of GitHub.
 * @param host of its pages, with its port if it is not the usual one
 * @param sshAddress host and port of its clone URLs @default - the host of the pages, and the usual port
 */
export function organisationOn(host: string, owner: string, sshAddress?: string): KnownGitHub {
  // A port of the pages' host is not the port of SSH.
  const server = sshAddress === undefined ? `git@${host.replace(/:\d+$/, "")}:` : `ssh://git@${sshAddress}/`;
  return { owner, host, clonePrefix: `${server}${owner}/`, pagePrefix: `https://${host}/${owner}/` };
}

/** An organisation on github.com. */
export function onGitHubCom(owner: string): KnownGitHub {
  return organisationOn("github.com", owner);
}

/**
 * The objects of GitHub that a stack needs before its first update: on the stack that creates repositories those with
 * `existing: true`, on every other one all repositories.
 */
export function assumedGitHub(
  spec: FleetSpec,
  known: KnownGitHub = onGitHubCom(spec.github.owner),
): Pick<ExistingGitHub, "repositories" | "teams"> {
  const { github, platform, tenants, tenantsElsewhere } = spec;
  const all = [...tenants, ...tenantsElsewhere];
  const wanted = all.flatMap((tenant) => resourcesOf(tenant).repositories.map(({ repository }) => repository));
  const names = github.ownsRepositories
    ? wanted.filter(({ existing }) => existing).map(({ name }) => name)
    : [platform.repository.name, ...wanted.map(({ name }) => name)];
  const teams = all.flatMap(({ team }) => (team?.existing ? [team.name] : []));
  return {
    repositories: new Map(names.map((name) => assumedRepository(known, name))),
    teams: new Map(teams.map((slug) => [slug, { id: teamId(slug), slug, description: "" }])),
  };
}

/** A repository of an organisation that is managed by the program, as GitHub lists it. */
export function assumedRepository(
  { clonePrefix, pagePrefix }: Pick<KnownGitHub, "clonePrefix" | "pagePrefix">,
  name: string,
): [string, ExistingRepository] {
  return [
    name.toLowerCase(),
    {
      name,
      sshUrl: `${clonePrefix}${name}.git`,
      htmlUrl: `${pagePrefix}${name}`,
      topics: [GITHUB_OWNERSHIP_TOPIC],
      archived: false,
    },
  ];
}

/** A made-up id of a team. It depends on the name alone, so that other teams do not change it. */
function teamId(slug: string): number {
  return createHash("sha256").update(slug).digest().readUIntBE(0, 6);
}
