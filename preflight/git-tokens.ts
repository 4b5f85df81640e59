import { type FleetSpec, hasGitToken } from "../config/fleet-spec.js";
import { PLATFORM_GIT_SECRET } from "../config/names.js";
import type { Environment } from "../config/stack/environment.js";
import { type GitTokenValues, PLATFORM_TOKEN } from "../config/stack/git-tokens.js";
import { setSecretCommand } from "../config/stack/secrets.js";
import { gitWriteSecretName, resourcesOf, tokenSecretName } from "../config/tenant/parts.js";
import type { Problem } from "../lib/diagnostics/problem.js";
import { withToken } from "../lib/github/credentials.js";
import { type ExistingRepositories, findRepository, sameName } from "../lib/github/existing.js";
import { FLUX_NAMESPACE } from "../lib/kubernetes/ownership-labels.js";
import { objectIdentity, type StateIndex } from "../lib/state/stack-state.js";
import { type RepositoryRole, repositoryRole, type TokenArgs, type TokenFacts, tokenFacts } from "./git-token-facts.js";

/** Sentences for the user about tokens. */
export interface TokenSentences {
  /** Whose tokens they are, when they end, and which rights GitHub does not tell. */
  readonly notes: readonly string[];
  /** Tokens that ended, or soon will. */
  readonly warnings: readonly string[];
}

/** The results of the checks of tokens. */
export interface CheckedTokens extends TokenSentences {
  readonly problems: readonly Problem[];
}

/** The results without any token. */
export const noTokens: CheckedTokens = { notes: [], warnings: [], problems: [] };

interface GitTokensArgs {
  readonly environment: Environment;
  /** @default - there is none */
  readonly gitTokens?: GitTokenValues;
  /** Repositories that the environment's token sees. */
  readonly repositories: ExistingRepositories;
  readonly state: Pick<StateIndex, "objects">;
}

/** Days before its end from which a token is named at each preview. */
const WARNING_DAYS = 14;

/** Tokens that are checked at the same time. */
const AT_A_TIME = 10;

const DAY = 24 * 60 * 60_000;

/**
 * Checks the tokens with which Flux clones by HTTPS. Each one lies in a namespace whose tenant reads it, so it must open
 * no more than a deploy key does: the tenant's own repositories, without a right to push unless image automation needs it.
 * The account's role bounds the rights of a token, which GitHub does not tell. Two requests for each token, and two for
 * each repository that it opens.
 *
 * A token that works no more is a problem only until it is in use: later, it would keep all other tenants from updates.
 * @param now the present time in milliseconds @default - that of the machine
 * @throws FleetError with a setting and GitHub's answer
 */
export async function checkGitTokens(spec: FleetSpec, args: GitTokensArgs, now = Date.now()): Promise<CheckedTokens> {
  const tokens = tokensOf(spec, args.gitTokens ?? {});
  const checked: CheckedToken[] = [];
  // GitHub limits the number of requests at the same time.
  for (let first = 0; first < tokens.length; first += AT_A_TIME) {
    const some = tokens.slice(first, first + AT_A_TIME).map((token) => checkToken(spec, token, args, now));
    checked.push(...(await Promise.all(some)));
  }
  const owners = checked.flatMap(({ owner }) => owner ?? []);
  return {
    notes: owners.length === 0 ? [] : [`Flux clones by HTTPS with the tokens of ${owners.join(", ")}.`],
    warnings: checked.flatMap(({ warnings }) => warnings),
    problems: checked.flatMap(({ problems }) => problems),
  };
}

/** One token, and the repositories that it is for. */
interface Token {
  /** Place in the settings: `team-search.read`. */
  readonly place: string;
  readonly value: string;
  readonly mayPush: boolean;
  /** Names of the repositories that Flux clones with it. */
  readonly opens: readonly string[];
  /** Names of the repositories that it may read. */
  readonly own: readonly string[];
  /** Secrets that hold it. */
  readonly secrets: readonly { readonly namespace: string; readonly name: string }[];
}

function tokensOf(spec: FleetSpec, values: GitTokenValues): Token[] {
  const { platform, tenants } = spec;
  const value = (name: string, use: string) => new Map(Object.entries(values[name] ?? {})).get(use) ?? "";
  const ofPlatform = hasGitToken(spec, PLATFORM_TOKEN)
    ? [
        {
          place: `${PLATFORM_TOKEN}.read`,
          value: value(PLATFORM_TOKEN, "read"),
          mayPush: false,
          opens: [platform.repository.name],
          own: [platform.repository.name],
          secrets: [{ namespace: FLUX_NAMESPACE, name: tokenSecretName(PLATFORM_GIT_SECRET) }],
        },
      ]
    : [];
  const ofTenants = tenants.flatMap((tenant) => {
    const { name, repositories, namespaces, imageAutomation } = tenant;
    if (!hasGitToken(spec, name)) return [];
    const own = repositories.map((repository) => repository.name);
    const { credentials } = resourcesOf(tenant);
    const read = {
      place: `${name}.read`,
      value: value(name, "read"),
      mayPush: false,
      opens: [...new Set(credentials.map(({ repository }) => repository))],
      own,
      secrets: credentials.map((one) => ({ namespace: one.namespace, name: tokenSecretName(one.name) })),
    };
    if (imageAutomation === undefined) return [read];
    const secrets = [{ namespace: namespaces[0].name, name: tokenSecretName(gitWriteSecretName) }];
    const write = { place: `${name}.write`, value: value(name, "write"), mayPush: true, secrets };
    return [read, { ...write, opens: [repositories[0].name], own }];
  });
  return [...ofPlatform, ...ofTenants];
}

/** A fault of a token. */
interface Fault {
  readonly message: string;
  readonly fix: string;
}

interface CheckedToken {
  /** `team-search.read (acme-flux, until 2027-01-31)`. Undefined when GitHub refuses the token. */
  readonly owner?: string;
  readonly warnings: readonly string[];
  readonly problems: readonly Problem[];
}

async function checkToken(spec: FleetSpec, token: Token, args: GitTokensArgs, now: number): Promise<CheckedToken> {
  const { github, stack } = spec;
  const place = { file: `Pulumi.${stack}.yaml`, path: `fleet:gitTokens.${token.place}` };
  const asProblems = (faults: readonly Fault[]) => ({
    warnings: [],
    problems: faults.map((fault) => ({ ...place, ...fault })),
  });
  const missing = token.opens.filter((name) => findRepository(args.repositories, name) === undefined);
  if (missing.length > 0) return asProblems(missing.map((name) => notYet(`${github.owner}/${name}`)));
  const asking = { owner: github.owner, environment: withToken(args.environment, token.value), place };
  const facts = await tokenFacts(asking);
  const excess = facts === undefined ? [] : excessOf(token, facts, github.owner);
  if (excess.length > 0) return asProblems(excess);

  const fix = `Make a new one, and set it: ${setSecretCommand(stack, `gitTokens.${token.place}`)}`;
  const roles = facts === undefined ? [] : await rolesOf(asking, token);
  const broken = facts === undefined ? ["is refused by GitHub: it expired or was revoked"] : unreadable(roles, asking);
  if (broken.length > 0 && isUsed(token, args.state)) {
    const sentence = (fault: string) =>
      `The token ${place.path} ${fault}. Flux fetches nothing with it until there is a new one. ${fix}.`;
    return { warnings: broken.map(sentence), problems: [] };
  }
  if (facts === undefined || broken.length > 0) return asProblems(broken.map((message) => ({ message, fix })));
  const expiry = expiryWarning(place.path, facts, now);
  return {
    owner: `${token.place} (${facts.login}, ${facts.expires === undefined ? "without end" : `until ${facts.expires}`})`,
    warnings: expiry === undefined ? [] : [`${expiry} ${fix}.`],
    problems: asProblems(roles.flatMap((one) => roleFaults(one, token, facts, github.owner))).problems,
  };
}

/** GitHub limits a token to repositories that exist. */
function notYet(repository: string): Fault {
  const message = `is for ${repository}, which does not exist yet, so no token can be limited to it`;
  return { message, fix: "Let an update without this token create the repository first" };
}

/** The repositories that a token opens besides its own. */
function excessOf({ own }: Token, { login, isClassic, reads }: TokenFacts, organisation: string): Fault[] {
  const names = own.map((name) => `${organisation}/${name}`).join(", ");
  if (isClassic) {
    const message = `is a classic token of ${login}, which opens every repository of that account`;
    return [{ message, fix: `Make a fine-grained token for ${names} alone` }];
  }
  const others = reads.filter((name) => !own.some((one) => sameName(one, name)));
  if (others.length === 0) return [];
  const shown = others.slice(0, 3).map((name) => `${organisation}/${name}`);
  const more = others.length > shown.length ? ` and ${others.length - shown.length} more` : "";
  const message = `of ${login} reads ${shown.join(", ")}${more} as well, and so would everyone who reads its Secret`;
  return [{ message, fix: `Make one for ${names} alone` }];
}

interface NamedRole {
  readonly name: string;
  /** Undefined when the token does not read the repository. */
  readonly role: RepositoryRole | undefined;
}

async function rolesOf(asking: TokenArgs, { opens }: Token): Promise<NamedRole[]> {
  return await Promise.all(opens.map(async (name) => ({ name, role: await repositoryRole(asking, name) })));
}

function unreadable(roles: readonly NamedRole[], { owner }: TokenArgs): string[] {
  return roles
    .filter(({ role }) => !role?.readsFiles)
    .map(({ name }) => {
      return `does not read the files of ${owner}/${name}: it lacks the repository, the permission Contents, or the approval of an owner`;
    });
}

/**
 * The rights of the token's account that are too many or too few. Administrators and maintainers can change or bypass
 * the protection of branches, which no deploy key can.
 */
function roleFaults({ name, role }: NamedRole, { mayPush }: Token, { login }: TokenFacts, owner: string): Fault[] {
  if (role === undefined) return [];
  const needed = mayPush ? "write" : "read";
  const fix = `Make it with an account that has the role ${needed} there: the role bounds every right of the token, which GitHub does not tell`;
  const fault = (right: string) => [{ message: `belongs to ${login}, who ${right} ${owner}/${name}`, fix }];
  if (role.administers) return fault("may administer");
  if (role.push && !mayPush) return fault("may push to");
  return !role.push && mayPush ? fault("may not push to") : [];
}

function isUsed({ secrets }: Token, { objects }: GitTokensArgs["state"]): boolean {
  return secrets.some((metadata) => objects.has(objectIdentity("kubernetes:core/v1:Secret", metadata) ?? ""));
}

function expiryWarning(path: string, { login, expires }: TokenFacts, now: number): string | undefined {
  if (expires === undefined) return undefined;
  const days = Math.floor((Date.parse(expires) - now) / DAY);
  // A time in an unknown form is no reason for silence.
  if (days > WARNING_DAYS) return undefined;
  const left = days < 1 ? "within a day" : days === 1 ? "in 1 day" : `in ${days} days`;
  const when = Number.isNaN(days) ? "" : `, ${left}`;
  return `The token ${path} of ${login} expires on ${expires}${when}. Flux then fetches nothing with it.`;
}
