import { down, organisation } from "@fleet/sandbox";
import { launchDaemon } from "@fleet/sandbox/daemon/launch";
import { processStart } from "@fleet/sandbox/process/orphans";
import { claimStateDirectory } from "@fleet/sandbox/state/ownership";
import { ensureSecrets } from "@fleet/sandbox/state/secrets";
import { githubDaemon, statePaths } from "@fleet/sandbox/state/state-directory";
import { Agent, request } from "undici";
import { z } from "zod";
import { allEnded } from "./all-ended.js";
import { concurrency } from "./api-connection.js";
import type { Call, CallGroup } from "./replay-plan.js";

/** Values of an earlier answer that later calls use. */
interface Ids {
  key: string;
  commit: string;
  ruleset: string;
  /** Of files that were there before they were written, by their path in the API. */
  readonly files: Map<string, string>;
}

const answered = z.object({
  id: z.number().optional(),
  sha: z.string().optional(),
  // A commit's own answer has one too, which does not name itself.
  commit: z.object({ sha: z.string().optional() }).optional(),
});

/**
 * A second GitHub of the same organisation, in a process of its own like the first, with nothing in it: the calls that
 * the program made are made there again, by plain HTTP over connections that stay open.
 */
export class GitHubFloor {
  readonly #agent = new Agent({ connections: concurrency });
  /** By repository. */
  readonly #ids = new Map<string, Ids>();

  private constructor(
    private readonly stateDirectory: string,
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** @param stateDirectory an empty directory; made when missing */
  static async start(stateDirectory: string): Promise<GitHubFloor> {
    const paths = statePaths(stateDirectory);
    await claimStateDirectory(paths);
    const { githubToken } = await ensureSecrets(paths);
    const owner = { name: "the benchmark", pid: process.pid, started: processStart(process.pid) ?? "unknown" };
    const record = await launchDaemon(githubDaemon, { kind: "github", stateDirectory, organisation, owner });
    if (record.kind !== "github" || record.github === undefined) throw new Error("GitHub did not say where it is.");
    return new GitHubFloor(stateDirectory, record.github.url, githubToken);
  }

  /**
   * Makes the calls: one after the other for one repository, everything else side by side, a template before what is
   * made from it.
   * @throws when one that went well the first time does not now, for then it measures something else
   */
  async replay(groups: readonly CallGroup[]): Promise<void> {
    const run = (some: readonly CallGroup[]) => allEnded(some.map((group) => this.#runGroup(group)));
    const template = templateOf(groups);
    const generated = groups.filter((group) => group.generated);
    const others = groups.filter((group) => !group.generated && group.repository !== template);
    const first = groups.filter(({ repository }) => repository === template);
    await allEnded([run(others), run(first).then(() => run(generated))]);
  }

  async end(): Promise<void> {
    await this.#agent.close();
    await down({ stateDirectory: this.stateDirectory, purge: true });
  }

  async #runGroup({ repository, calls }: CallGroup): Promise<void> {
    const ids = this.#ids.get(repository) ?? { key: "", commit: "", ruleset: "", files: new Map() };
    this.#ids.set(repository, ids);
    for (const call of calls) await this.#make(call, ids);
  }

  async #make({ method, url, status, body }: Call, ids: Ids): Promise<void> {
    const path = url
      .replace(/\/keys\/\d+$/, () => `/keys/${ids.key}`)
      .replace(/\/rulesets\/\d+$/, () => `/rulesets/${ids.ruleset}`)
      .replace(/\/commits\/[0-9a-f]{40}/, () => `/commits/${ids.commit}`);
    const answer = await request(new URL(path, this.url), {
      method: method as "GET",
      dispatcher: this.#agent,
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(withFileId(body, ids.files.get(path))) }),
    });
    const text = await answer.body.text();
    if (answer.statusCode < 400 !== status < 400) {
      throw new Error(`${method} ${path} was answered with ${answer.statusCode}, not ${status}: ${text}`);
    }
    if (answer.statusCode < 300 && text.startsWith("{")) remember(path, answered.parse(JSON.parse(text)), ids);
  }
}

function remember(path: string, { id, sha, commit }: z.infer<typeof answered>, ids: Ids): void {
  const plain = path.split("?", 1)[0] ?? "";
  if (plain.endsWith("/keys")) ids.key = String(id);
  if (plain.endsWith("/rulesets")) ids.ruleset = String(id);
  if (plain.includes("/contents/") && sha !== undefined) ids.files.set(plain, sha);
  if (plain.includes("/contents/") && commit?.sha !== undefined) ids.commit = commit.sha;
}

/** A file that is there already is written by naming what it is now. */
function withFileId(body: unknown, sha: string | undefined): unknown {
  return sha === undefined || typeof body !== "object" ? body : { ...body, sha };
}

/** The repository that others are made from. */
function templateOf(groups: readonly CallGroup[]): string | undefined {
  const creation = groups.find(({ generated }) => generated)?.calls.find(({ url }) => url.endsWith("/generate"));
  return creation && /\/repos\/[^/]+\/([^/]+)\/generate$/.exec(creation.url)?.[1];
}
