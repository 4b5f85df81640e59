import type { GitHubText, KeepResult, TextPlace } from "../../../cli/github/kept-text.js";
import type { Deployment, KeptIssue, PullRequest, RepositoryApi } from "../../../cli/workflow/repository-api.js";

/** Login of the token in tests of steps of workflows. */
export const bot = "github-actions[bot]";

/** A repository in memory, for steps of workflows. All that is written is by the token's login. */
export class FakeRepository implements RepositoryApi {
  pulls: PullRequest[] = [];
  /** Text of each open issue, by its marker. */
  readonly issues = new Map<string, string>();
  /** Comments by the number of their pull request. */
  readonly comments = new Map<number, GitHubText[]>();
  /** Deployments, from `main` unless they name another reference, and to all environments unless they name one. */
  deployed: { readonly sha: string; readonly state: string; readonly ref?: string; readonly environment?: string }[] =
    [];
  /** Writes, as `create 7`. */
  readonly writes: string[] = [];

  async account(): Promise<string> {
    return bot;
  }

  async gitToken(): Promise<string> {
    return "";
  }

  async openPulls(head: string, base: string): Promise<readonly PullRequest[]> {
    const [owner, branch] = head.split(":");
    return this.pulls.filter(
      (pull) => pull.base.ref === base && pull.head.ref === branch && pull.head.repo?.full_name.split("/")[0] === owner,
    );
  }

  async createPull(): Promise<never> {
    throw new Error("tests of promotion use the emulator");
  }

  async updatePull(): Promise<never> {
    throw new Error("tests of promotion use the emulator");
  }

  commentsOf(number: number): TextPlace {
    const all = () => this.comments.get(number) ?? [];
    const set = (texts: GitHubText[]) => void this.comments.set(number, texts);
    return {
      discard: "Delete the comment",
      list: async () => all(),
      read: async (id) => all().find((one) => one.id === id),
      create: async (body) => {
        this.writes.push(`create ${number}`);
        const text = { id: 100 + all().length, author: bot, body, url: `https://github.com/acme/fleet/pull/${number}` };
        set([...all(), text]);
        return text;
      },
      update: async (id, body) => {
        this.writes.push(`update ${id}`);
        set(all().map((one) => (one.id === id ? { ...one, body } : one)));
        return true;
      },
      remove: async (id) => {
        this.writes.push(`remove ${id}`);
        set(all().filter((one) => one.id !== id));
      },
    };
  }

  async keepIssue({ marker }: KeptIssue, text: string): Promise<KeepResult> {
    const before = this.issues.get(marker);
    this.issues.set(marker, text);
    const outcome = before === undefined ? "created" : before === text ? "unchanged" : "updated";
    return { outcome, url: `https://github.com/acme/fleet/issues/${marker}` };
  }

  async closeIssue({ marker }: KeptIssue): Promise<readonly string[]> {
    return this.issues.delete(marker) ? [`https://github.com/acme/fleet/issues/${marker}`] : [];
  }

  async deployments(to: string): Promise<readonly Deployment[]> {
    return this.deployed.flatMap(({ sha, ref = "main", environment = to }, id) => {
      return environment === to ? [{ id, sha, ref }] : [];
    });
  }

  async deploymentState(id: number): Promise<string> {
    return this.deployed[id]?.state ?? "queued";
  }
}
