import { mkdir } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { isOlder } from "../lib/is-older.js";
import { messageOf } from "../lib/message-of.js";
import type { Emulator } from "./context.js";
import { git } from "./git/git.js";
import { oldestGit } from "./git/oldest-git.js";
import { PackServices } from "./git/pack-services.js";
import { installPushHooks } from "./git/push-hooks.js";
import { createApp } from "./rest/app.js";
import { Faults } from "./rest/faults.js";
import { RequestLog } from "./rest/request-log.js";
import { TokenScopes } from "./rest/token-scopes.js";
import { Urls } from "./rest/urls.js";
import { Catalogue } from "./state/catalogue.js";
import { isLogin } from "./state/names.js";
import type { State } from "./state/records.js";
import { RepositoryStore } from "./state/repository-store.js";
import { readState, StateFile } from "./state/state-file.js";
import { loadHostKeys } from "./transport/host-keys.js";
import { type SshServer, startSshServer } from "./transport/ssh-server.js";
import { Webhooks } from "./webhooks/webhooks.js";

/** Arguments of the emulator. */
export interface GitHubArgs {
  /** Where its state lives; made when missing. One emulator at a time may use it. */
  readonly dir: string;
  /** Login of the organisation that owns every repository. */
  readonly owner: string;
  /** The one token that is accepted. */
  readonly token: string;
  /** HTTP port. @default the port of the last run if it is free, else any */
  readonly port?: number;
  /** Whether it is a GitHub Enterprise Server, whose API lists no SSH host keys. @default false */
  readonly enterpriseServer?: boolean;
  /** SSH port. @default the port of the last run if it is free, else any */
  readonly sshPort?: number;
}

/** A running emulator. */
export interface GitHubEmulator {
  /** `http://127.0.0.1:PORT/`; the REST API is below `api/v3/`. */
  readonly url: string;
  readonly port: number;
  readonly sshPort: number;
  /** Closes every connection, ends what it runs and writes the state. */
  stop(): Promise<void>;
}

/** How many of the latest requests are kept in full. */
const keptRequests = 1000;

/**
 * Starts a GitHub of one organisation on loopback: the REST API that the GitHub provider uses, Git over HTTP and SSH,
 * rulesets, webhooks. A later start with the same directory continues where this one ended.
 * @throws when a given port is in use, the state belongs to another organisation, or Git is missing or too old
 */
export async function startGitHub(args: GitHubArgs): Promise<GitHubEmulator> {
  const { dir, owner, token } = args;
  if (!isLogin(owner)) throw new Error(`"${owner}" cannot be a GitHub organisation's login.`);
  if (token === "") throw new Error("The GitHub emulator needs a token that is not empty.");
  await mkdir(dir, { recursive: true });
  await requireGit(dir);
  const state = await loadState(join(dir, "state.json"), owner);
  const ports = { http: args.port ?? state.ports?.http ?? 0, ssh: args.sshPort ?? state.ports?.ssh ?? 0 };
  // Read by handlers only, and so after both servers listen.
  const urls = new Urls({ ports, owner });
  const emulator = await createEmulator(args, state, urls, report);
  const stopping = new AbortController();
  const app = await createApp(emulator, join(dir, "github.log"), stopping.signal);
  function report(error: unknown): void {
    app.log.error(error);
  }

  let ssh: SshServer | undefined;
  const stop = async (): Promise<void> => {
    stopping.abort();
    // Both servers stop first, then the requests that run are ended.
    await Promise.all([ssh?.stop(), app.close()]);
    await emulator.packs.stop();
    await emulator.webhooks.stop();
    await emulator.save();
  };
  try {
    // SSH first: from the first HTTP answer on, clone URLs are right.
    ssh = await onPort(ports.ssh, args.sshPort === undefined, (port) => startSshServer(emulator, port, report));
    ports.ssh = ssh.port;
    ports.http = await onPort(ports.http, args.port === undefined, (port) => listen(app, port, ports));
    state.ports = { ...ports };
    await emulator.save();
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: urls.root, port: ports.http, sshPort: ports.ssh, stop };
}

/**
 * The organisation with its state and repositories, before any server listens.
 * @param report logs failures in the background
 */
async function createEmulator(
  { dir, owner, token, enterpriseServer = false }: GitHubArgs,
  state: State,
  urls: Urls,
  report: (error: unknown) => void,
): Promise<Emulator> {
  const hooks = join(dir, "hooks");
  await installPushHooks(hooks);
  const hostKeys = await loadHostKeys(dir);
  const catalogue = new Catalogue(state, now);
  const file = new StateFile(join(dir, "state.json"), () => catalogue.document);
  const repositories = new RepositoryStore(join(dir, "repositories", owner));
  await recover(repositories, state);
  return {
    owner,
    token,
    enterpriseServer,
    urls,
    catalogue,
    repositories,
    packs: new PackServices(hooks),
    webhooks: new Webhooks(() => void file.save().catch(report)),
    hostKeys,
    requests: new RequestLog(keptRequests),
    faults: new Faults(),
    scopes: new TokenScopes(),
    save: () => file.save(),
  };
}

/** GitHub's notation: ISO 8601 in UTC, whole seconds. */
function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, "Z");
}

async function requireGit(dir: string): Promise<void> {
  const needs = `The GitHub emulator needs Git ${oldestGit} or newer on PATH`;
  const { stdout } = await git(dir, ["--version"]).catch((error: unknown) => {
    throw new Error(`${needs}: ${messageOf(error)}`);
  });
  const version = stdout.toString().trim();
  if (isOlder(version, oldestGit)) throw new Error(`${needs}, which has ${version}.`);
}

async function loadState(path: string, owner: string): Promise<State> {
  const state = await readState(path);
  if (state === undefined) return Catalogue.empty(owner, now);
  const { login } = state.organization;
  if (login !== owner) {
    throw new Error(
      `${path} belongs to the organisation "${login}", not "${owner}"; remove its directory or use its name.`,
    );
  }
  return state;
}

async function recover(repositories: RepositoryStore, state: State): Promise<void> {
  const missing = await repositories.recover(state.repositories);
  if (missing.length > 0) {
    throw new Error(
      `The GitHub emulator's Git data is gone for: ${missing.join(", ")}. Remove its directory to start anew.`,
    );
  }
}

/** Tries a port; one that was not asked for, only remembered, gives way to any free one. */
async function onPort<Result>(
  port: number,
  remembered: boolean,
  start: (port: number) => Promise<Result>,
): Promise<Result> {
  try {
    return await start(port);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    if (remembered && port !== 0) return start(0);
    throw new Error(`Port ${port} is in use; give the GitHub emulator another one.`, { cause: error });
  }
}

async function listen(app: FastifyInstance, port: number, ports: { http: number }): Promise<number> {
  await app.listen({ host: "127.0.0.1", port, listenTextResolver: () => "" });
  const actual = (app.server.address() as AddressInfo).port;
  ports.http = actual;
  return actual;
}
