import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PullRequest } from "../../../../cli/workflow/repository-api.js";
import { writeReviewComment } from "../../../../cli/workflow/review-comment.js";
import { markedText } from "../../../../review/comment/marker.js";
import { bot, FakeRepository } from "../../../support/unit/fake-repository.js";

const sha = "0123456789abcdef0123456789abcdef01234567";
const repository = "acme/fleet";
const fork = { full_name: "mallory/fleet", owner: { login: "mallory" } };
const run = {
  event: "pull_request",
  head_sha: sha,
  head_branch: "change",
  head_repository: fork,
  html_url: "https://github.com/acme/fleet/actions/runs/1",
};
const event = { repository: { full_name: repository, default_branch: "main" }, workflow_run: run };
const document = { base: "origin/main", head: "HEAD", stacks: ["staging"], notes: [], entries: [], cuts: [] };

function pull(number: number, change: Partial<PullRequest> = {}): PullRequest {
  return {
    number,
    html_url: `https://github.com/acme/fleet/pull/${number}`,
    title: "A change",
    body: null,
    locked: false,
    head: { ref: "change", sha, repo: { full_name: fork.full_name } },
    base: { ref: "main" },
    ...change,
  };
}

describe("fleet workflow comment", () => {
  let folder: string;
  let file: string;
  let api: FakeRepository;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-comment-"));
    file = join(folder, "review.json");
    writeFileSync(file, JSON.stringify(document));
    api = new FakeRepository();
    api.pulls = [pull(7)];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (change: object = {}) => writeReviewComment({ api, event: { ...event, ...change }, repository, file });
  const bodies = () => (api.comments.get(7) ?? []).map(({ body }) => body);

  it("takes the pull request from the event, and never from the document", async () => {
    writeFileSync(file, JSON.stringify({ ...document, number: 8, pull_request: 8 }));
    api.pulls = [pull(7), pull(8, { head: { ref: "other", sha, repo: { full_name: fork.full_name } } })];
    assert.equal(await write(), "Comment created: https://github.com/acme/fleet/pull/7");
    assert.deepEqual(api.writes, ["create 7"]);
  });

  it("refuses the event of a push, of another repository, and anything else", async () => {
    const refused = (change: object) => assert.rejects(write(change), /^JobError: The event is/);
    await refused({ workflow_run: { ...run, event: "push" } });
    await refused({ repository: { full_name: "acme/other", default_branch: "main" } });
    await refused({ workflow_run: { ...run, head_sha: "main" } });
    await refused({ workflow_run: undefined });
    assert.deepEqual(api.writes, []);
  });

  it("writes nothing when the pull request has a newer commit, is closed, or is of another repository or branch", async () => {
    const others: Partial<PullRequest>[] = [
      { head: { ref: "change", sha: "f".repeat(40), repo: { full_name: fork.full_name } } },
      { head: { ref: "change", sha, repo: { full_name: "mallory/other" } } },
      { head: { ref: "change", sha, repo: null } },
      { base: { ref: "release" } },
    ];
    for (const other of others) {
      api.pulls = [pull(7, other)];
      assert.match(await write(), /^Nothing to do: no open pull request has 0123456 as its newest commit\.$/);
    }
    api.pulls = [];
    assert.match(await write({ workflow_run: { ...run, head_repository: null } }), /^Nothing to do/);
    assert.deepEqual(api.writes, []);
  });

  it("says what to do about a locked conversation", async () => {
    api.pulls = [pull(7, { locked: true })];
    await assert.rejects(write(), /pull\/7 is locked\.\nWhat to do: unlock it/);
  });

  it("edits its one comment, and leaves the comments of others with the same marker alone", async () => {
    const foreign = markedText("diff", "All is well.");
    api.comments.set(7, [{ id: 1, body: foreign, author: "mallory", url: "" }]);
    await write();
    writeFileSync(file, JSON.stringify({ ...document, notes: ["The base has newer commits"] }));
    assert.equal(await write(), "Comment updated: https://github.com/acme/fleet/pull/7");
    await write();
    assert.deepEqual(api.writes, ["create 7", "update 101"]);
    const [first, own] = bodies();
    assert.equal(first, foreign);
    assert.match(
      own ?? "",
      /^<!-- fleet:diff .+-->\n## fleet diff\n[\s\S]*newer commits\.\n[\s\S]*0123456 in \[this run\]\(https:/,
    );
    assert.equal(api.comments.get(7)?.[1]?.author, bot);
  });

  it("tells that there is no review, without a word of a document that is none", async () => {
    writeFileSync(file, "@everyone <img src=x>");
    await write();
    const [body = ""] = bodies();
    assert.match(
      body,
      /There is no review of this commit: `\S+ is no document of fleet diff --output json, at its start\.`/,
    );
    assert.doesNotMatch(body, /everyone|<img/);
  });

  it("leaves no review of an older commit, when a document cannot be shortened", async () => {
    await write();
    writeFileSync(file, JSON.stringify({ ...document, notes: Array.from({ length: 10 }, () => "1".repeat(15_000)) }));
    assert.match(await write(), /^Comment updated/);
    const [body = ""] = bodies();
    assert.match(body, /There is no review of this commit: `Its notes and stacks alone are too long for a comment`/);
  });

  it("prints a value of any characters, such as a hundred thousand backticks", async () => {
    const field = { path: "a", before: "` ".repeat(145_000) };
    const entry = { section: "platform", sentence: "a", targets: [], details: [], fields: [field] };
    writeFileSync(file, JSON.stringify({ ...document, entries: [entry] }));
    assert.match(await write(), /^Comment created/);
  });

  it("fits into a comment of GitHub", async () => {
    const entry = { section: "platform", sentence: "x".repeat(2000), targets: [{ stack: "staging" }], details: [] };
    const entries = Array.from({ length: 100 }, () => ({ ...entry, fields: [] }));
    writeFileSync(file, JSON.stringify({ ...document, entries }));
    await write();
    const [body = ""] = bodies();
    assert.ok(body.length > 50_000 && body.length < 65_536, String(body.length));
    assert.match(body, /Left out, because the document would be too long/);
  });
});
