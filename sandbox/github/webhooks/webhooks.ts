import { createHmac, randomUUID } from "node:crypto";
import { Agent, fetch } from "undici";
import { messageOf } from "../../lib/message-of.js";
import type { HookRecord, RepositoryRecord } from "../state/records.js";

/** GitHub gives a receiver ten seconds. */
const timeoutMs = 10_000;

/** Sends events to webhooks: signed, once, without retries. */
export class Webhooks {
  readonly #stopped = new AbortController();
  readonly #agent = new Agent();
  /** For hooks that ask not to have certificates checked. */
  readonly #lenient = new Agent({ connect: { rejectUnauthorized: false } });
  readonly #running = new Set<Promise<void>>();
  readonly #changed: () => void;

  /** @param changed is called after a hook's last response has changed */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Tells every active hook of a repository that wants this event. */
  emit(repository: RepositoryRecord, event: string, payload: Record<string, unknown>): void {
    for (const hook of repository.hooks) {
      if (hook.active && (hook.events.includes(event) || hook.events.includes("*"))) {
        this.send(hook, event, payload);
      }
    }
  }

  /** Tells one hook, in the background. */
  send(hook: HookRecord, event: string, payload: Record<string, unknown>): void {
    const running = this.#deliver(hook, event, JSON.stringify(payload)).finally(() => {
      this.#running.delete(running);
    });
    this.#running.add(running);
  }

  /** Gives up what is being sent. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all([...this.#running]);
    await Promise.all([this.#agent.destroy(), this.#lenient.destroy()]);
  }

  async #deliver(hook: HookRecord, event: string, json: string): Promise<void> {
    const { status, code } = await this.#post(hook, event, json);
    const fine = code >= 200 && code < 300;
    hook.lastResponse = { code: code === 0 ? null : code, status: fine ? "active" : "failed", message: status };
    this.#changed();
  }

  async #post(hook: HookRecord, event: string, json: string): Promise<{ status: string; code: number }> {
    const form = hook.contentType === "form";
    const body = form ? new URLSearchParams({ payload: json }).toString() : json;
    const headers: Record<string, string> = {
      accept: "*/*",
      "content-type": form ? "application/x-www-form-urlencoded" : "application/json",
      "user-agent": "GitHub-Hookshot/emulator",
      "x-github-delivery": randomUUID(),
      "x-github-event": event,
      "x-github-hook-id": String(hook.id),
      "x-github-hook-installation-target-type": "repository",
    };
    if (hook.secret !== null) {
      headers["x-hub-signature-256"] = `sha256=${createHmac("sha256", hook.secret).update(body).digest("hex")}`;
    }
    try {
      const response = await fetch(hook.url, {
        method: "POST",
        headers,
        body,
        redirect: "manual",
        dispatcher: hook.insecureSsl ? this.#lenient : this.#agent,
        signal: AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(timeoutMs)]),
      });
      await response.arrayBuffer();
      return { status: response.ok ? "OK" : `Invalid HTTP Response: ${response.status}`, code: response.status };
    } catch (error) {
      // A receiver that cannot be reached is a result: the hook's last response shows it.
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      return { status: `failed to connect: ${messageOf(cause)}`, code: 0 };
    }
  }
}
