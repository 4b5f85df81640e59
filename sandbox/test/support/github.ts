import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fetch, type HeadersInit } from "undici";
import { type GitHubArgs, type GitHubEmulator, startGitHub } from "../../github/github.js";
import { openApiProblem, requestProblem } from "./openapi.js";

/** The organisation of every test. */
export const owner = "acme";
/** The token that the emulator takes in every test. */
export const token = "a-token-for-tests";

/** An answer of the REST API. */
export interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** Parsed JSON; undefined when there was no body. */
  readonly body: unknown;
}

/** How a request differs from the usual one. */
export interface RequestOptions {
  /** @default the right token */
  readonly authorization?: string | null;
  /** @default none */
  readonly headers?: Record<string, string>;
  /** @default GitHub's answer to redirects is followed */
  readonly redirect?: "manual" | "follow";
}

/** An emulator in a directory of its own. */
export interface TestGitHub {
  readonly dir: string;
  github: GitHubEmulator;
  /** Asks the REST API and compares the answer, and a body that was accepted, with GitHub's OpenAPI description. */
  api(method: string, path: string, body?: unknown, options?: RequestOptions): Promise<Answer>;
  /** The same, and the status must be the expected one. */
  expect(status: number, method: string, path: string, body?: unknown, options?: RequestOptions): Promise<Answer>;
  /** Asks the emulator's own endpoints. */
  admin(method: string, path: string, body?: unknown): Promise<Answer>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const hostKeys = new Map<string, string>();

/** Starts an emulator on free ports in a fresh directory. @param settings of the emulator @default - github.com */
export async function testGitHub(settings: Pick<GitHubArgs, "enterpriseServer"> = {}): Promise<TestGitHub> {
  const dir = await mkdtemp(join(tmpdir(), "fleet-github-test-"));
  // An RSA key takes a while to make; the emulators of one run share the first one's.
  for (const [file, text] of hostKeys) await writeFile(join(dir, file), text, { mode: 0o600 });
  const github = await startGitHub({ dir, owner, token, ...settings });
  for (const file of ["ssh_host_ed25519_key", "ssh_host_ecdsa_key", "ssh_host_rsa_key"]) {
    hostKeys.set(file, await readFile(join(dir, file), "utf8"));
  }
  const test: TestGitHub = {
    dir,
    github,
    async api(method, path, body, options) {
      const answer = await request(`${test.github.url}api/v3${path}`, method, body, options);
      const asked = decodeURI(path.split("?", 1)[0] ?? "");
      const problem =
        openApiProblem(method, asked, answer.status, answer.body) ??
        (answer.status < 300 ? requestProblem(method, asked, body) : undefined);
      assert.equal(problem, undefined, `${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      return answer;
    },
    async expect(status, method, path, body, options) {
      const answer = await test.api(method, path, body, options);
      assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`);
      return answer;
    },
    admin: (method, path, body) => request(`${test.github.url}_emulator${path}`, method, body),
    async restart() {
      await test.github.stop();
      test.github = await startGitHub({ dir, owner, token, ...settings });
    },
    async stop() {
      await test.github.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
  return test;
}

async function request(url: string, method: string, body?: unknown, options: RequestOptions = {}): Promise<Answer> {
  const { authorization = `Bearer ${token}`, headers = {}, redirect = "follow" } = options;
  const all: HeadersInit = { ...headers, ...(authorization === null ? {} : { authorization }) };
  if (body !== undefined) all["content-type"] = "application/json";
  const response = await fetch(url, {
    method,
    headers: all,
    redirect,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}

/**
 * A value inside an answer: `at(body, "errors.0.field")`.
 * @returns undefined when it is not there
 */
export function at(body: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], body);
}

/** The same, as text. */
export function textAt(body: unknown, path: string): string {
  return String(at(body, path));
}

/** One value out of every element of a list. */
export function pluck(list: unknown, path: string): unknown[] {
  assert.ok(Array.isArray(list), `${JSON.stringify(list)} is not a list`);
  return list.map((element: unknown) => at(element, path));
}
