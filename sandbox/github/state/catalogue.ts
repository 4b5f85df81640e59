import { notFound, validationFailed } from "../rest/errors.js";
import { isLogin, repositoryNameProblem } from "./names.js";
import type { DeployKeyRecord, RepositoryRecord, State, TeamRecord, UserRecord } from "./records.js";
import { defaultSettings } from "./records.js";

/**
 * The organisation's names and their holders. Two rules hold for any order of calls: a name belongs
 * to one repository at most, and a public key opens one repository at most.
 *
 * Every method is synchronous, so two requests cannot come between a check and the change that rests on it.
 */
export class Catalogue {
  readonly state: State;
  /** Ids of repositories that are being made: their names are taken, but no document must mention them yet. */
  readonly unfinished = new Set<number>();
  readonly #now: () => string;

  /** @param now the time in ISO 8601, seconds, UTC */
  constructor(state: State, now: () => string) {
    this.state = state;
    this.#now = now;
  }

  /** The state of an emulator that has never run: one organisation, one user who owns it, nothing else. */
  static empty(owner: string, now: () => string): State {
    const createdAt = now();
    const login = `${owner.slice(0, 33).replace(/-$/, "")}-admin`;
    const user = { id: 2, login, email: `admin@${owner}.example`, createdAt, bot: false };
    return {
      version: 1,
      nextId: 1000,
      ports: null,
      organization: { id: 1, login: owner, createdAt, basePermission: "read" },
      users: [user],
      repositories: [],
      formerNames: {},
      teams: [],
      tokens: [],
      apps: [],
    };
  }

  /** The state as it may be written down. */
  get document(): State {
    return { ...this.state, repositories: this.state.repositories.filter(({ id }) => !this.unfinished.has(id)) };
  }

  /** An id that nothing has had before. */
  id(): number {
    return this.state.nextId++;
  }

  /** The time in GitHub's notation. */
  now(): string {
    return this.#now();
  }

  /** The user that the token belongs to. */
  get admin(): UserRecord {
    const [admin] = this.state.users;
    if (admin === undefined) throw new Error("The state has no user.");
    return admin;
  }

  /** Finds a repository by its present name, in any case. */
  repository(name: string): RepositoryRecord | undefined {
    const wanted = name.toLowerCase();
    return this.state.repositories.find((repository) => repository.name.toLowerCase() === wanted);
  }

  /** Finds a repository by id. */
  repositoryById(id: number): RepositoryRecord | undefined {
    return this.state.repositories.find((repository) => repository.id === id);
  }

  /** Finds the repository that had this name before a rename, unless another one has taken it since. */
  formerRepository(name: string): RepositoryRecord | undefined {
    const id = this.state.formerNames[name.toLowerCase()];
    return id === undefined ? undefined : this.repositoryById(id);
  }

  /**
   * Takes a name. The record is visible from this moment, so of two creators exactly one succeeds. It is unfinished
   * until the caller says otherwise.
   * @throws 422 when the name is not allowed or taken
   */
  createRepository(name: string): RepositoryRecord {
    this.#claim(name);
    const createdAt = this.now();
    const repository: RepositoryRecord = {
      id: this.id(),
      name,
      description: null,
      homepage: null,
      visibility: "public",
      defaultBranch: "main",
      topics: [],
      archived: false,
      settings: { ...defaultSettings },
      vulnerabilityAlerts: false,
      security: { secret_scanning: "disabled", secret_scanning_push_protection: "disabled" },
      template: null,
      keys: [],
      rulesets: [],
      hooks: [],
      pulls: [],
      statuses: [],
      issues: [],
      comments: [],
      deployments: [],
      createdAt,
      updatedAt: createdAt,
      pushedAt: createdAt,
    };
    this.state.repositories.push(repository);
    this.unfinished.add(repository.id);
    return repository;
  }

  /**
   * Gives a repository another name; the old one leads to it until another repository takes it.
   * @throws 422 when the name is not allowed or taken
   */
  renameRepository(repository: RepositoryRecord, name: string): void {
    if (repository.name === name) return;
    const former = repository.name.toLowerCase();
    const onlyCase = former === name.toLowerCase();
    if (!onlyCase) this.#claim(name);
    repository.name = name;
    if (!onlyCase) this.state.formerNames[former] = repository.id;
  }

  /** Forgets a repository: its names and its keys are free again. */
  removeRepository(repository: RepositoryRecord): void {
    this.state.repositories = this.state.repositories.filter(({ id }) => id !== repository.id);
    for (const [name, id] of Object.entries(this.state.formerNames)) {
      if (id === repository.id) delete this.state.formerNames[name];
    }
    for (const team of this.state.teams) {
      team.repositories = team.repositories.filter((grant) => grant.repository !== repository.id);
    }
  }

  /**
   * Lets a public key open a repository.
   * @param key `TYPE BASE64`, already checked to be a public key
   * @throws 422 when the key opens any repository already
   */
  addKey(repository: RepositoryRecord, args: { title: string; key: string; readOnly: boolean }): DeployKeyRecord {
    if (this.keyHolder(args.key) !== undefined) {
      throw validationFailed({ resource: "PublicKey", code: "custom", field: "key", message: "key is already in use" });
    }
    const record = { id: this.id(), ...args, createdAt: this.now(), lastUsed: null };
    repository.keys.push(record);
    return record;
  }

  /** The repository that a public key opens. */
  keyHolder(key: string): { repository: RepositoryRecord; key: DeployKeyRecord } | undefined {
    for (const repository of this.state.repositories) {
      const found = repository.keys.find((candidate) => candidate.key === key);
      if (found !== undefined) return { repository, key: found };
    }
    return undefined;
  }

  /** Finds a team by id. @throws 404 */
  teamById(id: number): TeamRecord {
    const team = this.state.teams.find((candidate) => candidate.id === id);
    if (team === undefined) throw notFound();
    return team;
  }

  /** Finds a team by the name in its URL. */
  teamBySlug(slug: string): TeamRecord | undefined {
    return this.state.teams.find((candidate) => candidate.slug === slug.toLowerCase());
  }

  /** Forgets a team and, as GitHub does, the teams below it. */
  removeTeam(team: TeamRecord): void {
    this.state.teams = this.state.teams.filter(({ id }) => id !== team.id);
  }

  /** Finds a user by login, in any case. */
  user(login: string): UserRecord | undefined {
    return this.state.users.find((candidate) => candidate.login.toLowerCase() === login.toLowerCase());
  }

  /** Finds a user by id. @throws when there is no such user */
  userById(id: number): UserRecord {
    const user = this.state.users.find((candidate) => candidate.id === id);
    if (user === undefined) throw new Error(`The state names user ${id}, who does not exist.`);
    return user;
  }

  /** Adds a person. @throws 422 when the login is not allowed or taken */
  createUser(login: string, email: string): UserRecord {
    const taken = this.user(login) !== undefined || login.toLowerCase() === this.state.organization.login.toLowerCase();
    if (!isLogin(login) || taken) {
      const message = taken ? "login is already taken" : "login is not allowed";
      throw validationFailed({ resource: "User", code: "custom", field: "login", message });
    }
    const user = { id: this.id(), login, email, createdAt: this.now(), bot: false };
    this.state.users.push(user);
    return user;
  }

  /** The account of a GitHub App, made when it is missing. @param slug name of the App: `github-actions` */
  botOf(slug: string): UserRecord {
    const login = `${slug}[bot]`;
    const found = this.user(login);
    if (found !== undefined) return found;
    const id = this.id();
    const bot = { id, login, email: `${id}+${login}@users.noreply.example`, createdAt: this.now(), bot: true };
    this.state.users.push(bot);
    return bot;
  }

  #claim(name: string): void {
    const problem = repositoryNameProblem(name);
    const message = problem ?? (this.repository(name) && "name already exists on this account");
    if (message !== undefined) {
      throw validationFailed({ resource: "Repository", code: "custom", field: "name", message });
    }
    delete this.state.formerNames[name.toLowerCase()];
  }
}
