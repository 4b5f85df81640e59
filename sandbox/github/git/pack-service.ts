import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Duplex, type Readable, type Writable } from "node:stream";
import { gitEnvironment } from "./git.js";

/** A change of one reference; null stands for a reference that is not there. */
export interface RefUpdate {
  readonly ref: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** The two halves of Git's network protocol: sending objects to a client, receiving them from one. */
export type PackServiceName = "git-upload-pack" | "git-receive-pack";

/** The pack service to run, and the review of pushes. */
export interface PackServiceArgs {
  readonly service: PackServiceName;
  readonly directory: string;
  /** Where the push hooks are. */
  readonly hooks: string;
  /** The client's `GIT_PROTOCOL`. @default version 0 */
  readonly protocol?: string | undefined;
  /** `advertise` lists references for HTTP, `stateless` answers one HTTP request, `session` a whole SSH session. */
  readonly mode: "advertise" | "stateless" | "session";
  /**
   * Decides about a push before any reference moves. The new objects are visible only with `env`.
   * @returns sentences for the pusher; none at all accepts the push
   */
  readonly review: (updates: readonly RefUpdate[], env: Readonly<Record<string, string>>) => Promise<readonly string[]>;
}

/** A running Git process that serves one client. */
export interface PackService {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when Git and its output have ended; never rejects. `applied` is what a push really changed. */
  readonly done: Promise<{ code: number; applied: readonly RefUpdate[] }>;
  /** Ends it and what it started. */
  kill(): void;
}

const settings = [
  // Housekeeping would go on after the client has left.
  "receive.autogc=false",
  "gc.auto=0",
  // Refuses trees that would write outside a work tree, as GitHub does.
  "receive.fsckObjects=true",
  "receive.hideRefs=refs/pull",
  "receive.advertisePushOptions=false",
  "uploadpack.allowFilter=true",
  "uploadpack.allowAnySHA1InWant=true",
];

/** Starts Git for one client. */
export function startPackService(args: PackServiceArgs): PackService {
  const flags = { advertise: ["--stateless-rpc", "--advertise-refs"], stateless: ["--stateless-rpc"], session: [] };
  const config = [...settings, `core.hooksPath=${args.hooks}`].flatMap((setting) => ["-c", setting]);
  const command = args.service.slice("git-".length);
  const child = spawn("git", [...config, command, ...flags[args.mode], args.directory], {
    env: gitEnvironment(args.protocol === undefined ? {} : { GIT_PROTOCOL: args.protocol }),
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    // A process group of its own, so that kill() reaches what Git starts.
    detached: true,
  });
  const { stdin, stdout, stderr } = child;
  const talk = child.stdio[3];
  if (stdin === null || stdout === null || stderr === null || !(talk instanceof Duplex)) {
    throw new Error("Node.js gave a Git process without pipes.");
  }
  ignoreBrokenPipe(stdin);
  const applied = answerHooks(talk, args.review);
  return { stdin, stdout, stderr, done: ended(child, applied), kill: () => killGroup(child) };
}

/** Answers the hooks' lines; see push-hooks.ts for the other side. */
function answerHooks(talk: Duplex, review: PackServiceArgs["review"]): readonly RefUpdate[] {
  const applied: RefUpdate[] = [];
  const updates: RefUpdate[] = [];
  const env: Record<string, string> = {};
  ignoreBrokenPipe(talk);
  createInterface({ input: talk }).on("line", (line) => {
    const [word, ...rest] = line.split(" ");
    const value = rest.join(" ");
    if (word === "objects" && value !== "") env.GIT_OBJECT_DIRECTORY = value;
    else if (word === "alternates" && value !== "") env.GIT_ALTERNATE_OBJECT_DIRECTORIES = value;
    else if (word === "update") updates.push(refUpdate(rest));
    else if (word === "applied") applied.push(refUpdate(rest));
    else if (word === "decide") {
      review(updates, env).then(
        (messages) => reply(talk, messages),
        (error: unknown) => reply(talk, [`error: the GitHub emulator failed: ${String(error)}`]),
      );
    }
  });
  return applied;
}

function reply(talk: Duplex, messages: readonly string[]): void {
  if (!talk.writable) return;
  const words = messages.flatMap((message) => message.split("\n")).map((line) => `message ${line}\n`);
  talk.write(`${words.join("")}${messages.length === 0 ? "accept" : "refuse"}\n`);
}

function refUpdate([before = "", after = "", ref = ""]: readonly string[]): RefUpdate {
  return { ref, before: objectId(before), after: objectId(after) };
}

function objectId(sha: string): string | null {
  return /^0+$/.test(sha) ? null : sha;
}

/** A client or a process that left early is not a failure: `done` tells how Git ended. */
function ignoreBrokenPipe(stream: Writable): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "ECONNRESET") stream.destroy();
  });
}

function ended(child: ChildProcess, applied: readonly RefUpdate[]): PackService["done"] {
  return new Promise((resolve) => {
    child.on("error", () => resolve({ code: 128, applied }));
    child.on("close", (code) => resolve({ code: code ?? 128, applied }));
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, "SIGTERM");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
