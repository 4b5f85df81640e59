import type { Issue, IssueComment, PullRequest, RepositoryApi } from "../../../cli/workflow/repository-api.js";

/** Login of the token in tests of steps of workflows. */
export const bot = "github-actions[bot]";

/** A repository in memory, for steps of workflows. All that is written is by the token's login. */
export class FakeRepository implements RepositoryApi {
  pulls: PullRequest[] = [];
  issues: (Issue & { state: "open" | "closed" })[] = [];
  /** Comments by the number of their issue or pull request. */
  readonly commentsOf = new Map<number, IssueComment[]>();
  deployed: { readonly sha: string; readonly state: string }[] = [];
  /** Writes, as `createComment 7`. */
  readonly writes: string[] = [];
  #next = 100;

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

  async comments(number: number): Promise<readonly IssueComment[]> {
    return this.commentsOf.get(number) ?? [];
  }

  async createComment(number: number, body: string): Promise<void> {
    this.writes.push(`createComment ${number}`);
    this.commentsOf.set(number, [...(this.commentsOf.get(number) ?? []), this.#comment(body)]);
  }

  async updateComment(id: number, body: string): Promise<void> {
    this.writes.push(`updateComment ${id}`);
    for (const [number, comments] of this.commentsOf) {
      this.commentsOf.set(
        number,
        comments.map((comment) => (comment.id === id ? { ...comment, body } : comment)),
      );
    }
  }

  async openIssues(): Promise<readonly Issue[]> {
    return this.issues.filter(({ state }) => state === "open");
  }

  async createIssue(written: { readonly title: string; readonly body: string }): Promise<Issue> {
    this.#next += 1;
    const number = this.#next;
    this.writes.push(`createIssue ${number}`);
    const issue = {
      ...written,
      number,
      html_url: `https://github.com/acme/fleet/issues/${number}`,
      user: { login: bot },
    };
    this.issues.push({ ...issue, state: "open" });
    return issue;
  }

  async updateIssue(number: number, change: Readonly<Record<string, string>>): Promise<void> {
    this.writes.push(`updateIssue ${number} ${Object.keys(change).join(",")}`);
    this.issues = this.issues.map((issue) => (issue.number === number ? { ...issue, ...change } : issue));
  }

  async deployments(): Promise<readonly { readonly sha: string; readonly state: string }[]> {
    return this.deployed;
  }

  #comment(body: string): IssueComment {
    this.#next += 1;
    return { id: this.#next, body, user: { login: bot } };
  }
}
