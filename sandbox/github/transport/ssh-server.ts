import { type AddressInfo, createServer, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import ssh2, { type AuthContext, type Connection, type ServerChannel, type Session } from "ssh2";
import { bare, type Emulator } from "../context.js";
import type { PackService, PackServiceName } from "../git/pack-service.js";
import type { DeployKeyRecord, RepositoryRecord } from "../state/records.js";
import { announcePush } from "../webhooks/push-event.js";
import { archivedMessage, reviewer } from "./review.js";

/** The running SSH server. */
export interface SshServer {
  readonly port: number;
  /** Ends all connections and what they run. */
  stop(): Promise<void>;
}

/** A refusal, said to the client in GitHub's words. */
class Refusal extends Error {}

/**
 * Serves Git over SSH, to deploy keys only.
 * @param port 0 for any free one
 * @param report is called with failures that no client caused
 * @throws when the port is in use
 */
export async function startSshServer(
  emulator: Emulator,
  port: number,
  report: (error: unknown) => void,
): Promise<SshServer> {
  const ssh = new ssh2.Server(
    { hostKeys: [...emulator.hostKeys.private], ident: "fleet-github-emulator" },
    (client) => {
      // Clients come and go as they like (port probes, Ctrl-C); a broken connection is over and nothing more.
      client.on("error", () => client.end());
      serveClient(emulator, client, report);
    },
  );
  // A listener of our own, because stopping must reach every socket, even of clients that never say a word.
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    ssh.injectSocket(socket);
  });
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(port, "127.0.0.1", () => {
      listener.off("error", reject);
      resolve();
    });
  });
  listener.on("error", report);
  return {
    port: (listener.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function serveClient(emulator: Emulator, client: Connection, report: (error: unknown) => void): void {
  let key: string | undefined;
  client.on("authentication", (context) => {
    key = authenticate(emulator, context);
    if (key === undefined) context.reject(["publickey"]);
    else context.accept();
  });
  client.on("session", (accept) => {
    const session = accept();
    let protocol: string | undefined;
    session.on("env", (acceptEnv, _reject, { key: name, val }) => {
      if (name === "GIT_PROTOCOL") protocol = val;
      // The answer is wanted by some clients only.
      (acceptEnv as (() => void) | undefined)?.();
    });
    session.on("exec", (acceptExec, _reject, { command }) => {
      const channel = acceptExec();
      serveCommand(emulator, { client, channel, command, key, protocol }).catch((error: unknown) => {
        report(error);
        finish(channel, 128);
      });
    });
    refuseShell(session);
  });
}

/**
 * The deploy key that a client has, if it is registered and the client holds its private half.
 * The first round asks whether a key would do and carries no signature; ssh2 answers that by itself.
 */
function authenticate({ catalogue }: Emulator, context: AuthContext): string | undefined {
  if (context.method !== "publickey" || context.username !== "git") return undefined;
  const parsed = ssh2.utils.parseKey(context.key.data);
  if (parsed instanceof Error) return undefined;
  const [offered] = Array.isArray(parsed) ? parsed : [parsed];
  if (offered === undefined) return undefined;
  const text = `${offered.type} ${offered.getPublicSSH().toString("base64")}`;
  if (catalogue.keyHolder(text) === undefined) return undefined;
  if (context.signature === undefined) return text;
  if (context.blob === undefined) return undefined;
  return offered.verify(context.blob, context.signature, context.hashAlgo) === true ? text : undefined;
}

/** GitHub greets and hangs up. */
function refuseShell(session: Session): void {
  session.on("pty", (accept) => (accept as (() => void) | undefined)?.());
  session.on("shell", (accept) => {
    const channel = accept();
    channel.stderr.write("You've successfully authenticated, but GitHub does not provide shell access.\n");
    finish(channel, 1);
  });
}

interface Command {
  readonly client: Connection;
  readonly channel: ServerChannel;
  readonly command: string;
  readonly key: string | undefined;
  readonly protocol: string | undefined;
}

async function serveCommand(emulator: Emulator, args: Command): Promise<void> {
  const { channel, command, key, protocol } = args;
  // The client may leave at any time; `close` follows and ends Git.
  channel.on("error", () => channel.destroy());
  let request: ReturnType<typeof admit>;
  try {
    request = admit(emulator, command, key);
    await fail(emulator, args, request.repository);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (channel.writable) channel.stderr.write(`${error.message}\n`);
    finish(channel, 1);
    return;
  }
  const { repository, service } = request;
  request.key.lastUsed = emulator.catalogue.now();
  const git = emulator.packs.start({
    service,
    directory: bare(emulator, repository).directory,
    protocol,
    mode: "session",
    review: reviewer(emulator, repository, "deploy-key"),
  });
  const code = await connect(channel, git);
  // The answer ends after the webhooks were notified, so that a pusher can rely on them.
  await announcePush(emulator, repository, (await git.done).applied);
  finish(channel, code);
}

/** Tells the client how it ended, if it is still there. */
function finish(channel: ServerChannel, code: number): void {
  if (!channel.writable) return;
  channel.exit(code);
  channel.end();
}

/** Does what a fault says that a test has put in. @throws Refusal when it says to fail */
async function fail(emulator: Emulator, { client, channel }: Command, { name }: RepositoryRecord): Promise<void> {
  const fault = emulator.faults.take("SSH", `/${emulator.owner}/${name}.git`);
  if (fault?.delayMs !== undefined) {
    const closed = new AbortController();
    channel.once("close", () => closed.abort());
    await delay(fault.delayMs, undefined, { signal: closed.signal }).catch((error: Error) => {
      if (!closed.signal.aborted) throw error;
    });
  }
  if (fault?.drop === true) client.end();
  if (fault?.drop === true || fault?.status !== undefined) throw new Refusal("ERROR: Internal Server Error");
}

/** Carries bytes both ways until Git has ended and its last byte is sent. */
async function connect(channel: ServerChannel, git: PackService): Promise<number> {
  channel.on("close", () => git.kill());
  channel.pipe(git.stdin);
  git.stdout.pipe(channel, { end: false });
  git.stderr.pipe(channel.stderr, { end: false });
  // `done` waits for Git's output to be read to its end, so nothing is left behind in a pipe.
  return (await git.done).code;
}

/**
 * Which repository and service a command asks for, and whether the key may have it.
 * @throws Refusal in GitHub's words
 */
function admit(
  emulator: Emulator,
  command: string,
  key: string | undefined,
): { repository: RepositoryRecord; key: DeployKeyRecord; service: PackServiceName } {
  const match = /^(git-upload-pack|git-receive-pack) '?\/?([^/']+)\/([^/']+?)(?:\.git)?\/?'?$/.exec(command);
  if (match === null) {
    throw new Refusal(
      /^git-(upload|receive)-pack /.test(command) ? "ERROR: Repository not found." : `Invalid command: '${command}'`,
    );
  }
  const [, service, owner = "", name = ""] = match;
  const { catalogue } = emulator;
  const wanted =
    owner.toLowerCase() === emulator.owner.toLowerCase()
      ? (catalogue.repository(name) ?? catalogue.formerRepository(name))
      : undefined;
  // Looked up again, and not remembered from the handshake: the key may have been removed since.
  const holder = key === undefined ? undefined : catalogue.keyHolder(key);
  if (wanted === undefined || holder === undefined || holder.repository !== wanted) {
    throw new Refusal("ERROR: Repository not found.");
  }
  if (service === "git-receive-pack") {
    if (holder.key.readOnly)
      throw new Refusal("ERROR: The key you are authenticating with has been marked as read only.");
    if (wanted.archived) throw new Refusal(`ERROR: ${archivedMessage}`);
    return { repository: wanted, key: holder.key, service };
  }
  return { repository: wanted, key: holder.key, service: "git-upload-pack" };
}
