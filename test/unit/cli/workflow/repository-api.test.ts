import assert from "node:assert/strict";
import { repositoryApi } from "../../../../cli/workflow/repository-api.js";

const sha = "0123456789abcdef0123456789abcdef01234567";
const pull = {
  number: 7,
  html_url: "https://github.com/acme/fleet/pull/7",
  title: "A change",
  body: null,
  locked: false,
  head: { ref: "change", sha, repo: null },
  base: { ref: "main" },
};

describe("the REST API of a repository", () => {
  let requests: string[];
  beforeEach(() => {
    requests = [];
  });

  /** The API with answers by `METHOD path?query`. */
  function api(answers: Readonly<Record<string, unknown>>, environment: Readonly<Record<string, string>> = {}) {
    const send: typeof fetch = async (input, init) => {
      const url = new URL(String(input));
      const request = `${init?.method} ${url.pathname}${url.search}`;
      requests.push([request, url.host, String(init?.body ?? "")].filter((part) => part !== "").join(" "));
      const answer = answers[request];
      if (answer instanceof Response) return answer;
      return answer === undefined ? new Response("<html>", { status: 502 }) : Response.json(answer);
    };
    return repositoryApi({ GITHUB_TOKEN: "hidden", ...environment }, "acme/fleet", send);
  }

  it("names the request, the status, GitHub's message and the missing permission, and never the token", async () => {
    const denied = Response.json(
      { message: "Resource not accessible by integration" },
      { status: 403, headers: { "x-accepted-github-permissions": "pull_requests=write" } },
    );
    await assert.rejects(
      api({ "POST /repos/acme/fleet/issues/7/comments": denied }).createComment(7, "hello"),
      (error: Error) => {
        assert.equal(
          error.message,
          "GitHub answered POST /repos/acme/fleet/issues/7/comments with 403: Resource not accessible by integration.\nWhat to do: give the token the permission pull_requests=write.",
        );
        return true;
      },
    );
    await assert.rejects(api({}).comments(7), /issues\/7\/comments with 502: no message\.$/);
    const unreachable = async () => Promise.reject(new Error("no route"));
    await assert.rejects(repositoryApi({}, "acme/fleet", unreachable).comments(7), /did not answer GET .*no route/);
  });

  it("reads all pages, and the pull requests among issues are none", async () => {
    const issue = (number: number) => ({ number, html_url: "x", title: "x", body: "x", user: { login: "ann" } });
    const first = Array.from({ length: 100 }, (_, index) => issue(index));
    const found = await api({
      "GET /repos/acme/fleet/issues?state=open&per_page=100&page=1": first,
      "GET /repos/acme/fleet/issues?state=open&per_page=100&page=2": [issue(100), { ...issue(101), pull_request: {} }],
    }).openIssues();
    assert.equal(found.length, 101);
  });

  it("asks for the pull requests of one branch into another", async () => {
    const path = "GET /repos/acme/fleet/pulls?state=open&head=mallory%3Achange&base=main&per_page=100&page=1";
    assert.deepEqual(await api({ [path]: [pull] }).openPulls("mallory:change", "main"), [pull]);
    assert.deepEqual(requests, [`${path} api.github.com`]);
  });

  it("reads the newest state of each deployment, and refuses one whose commit is none", async () => {
    const list = "GET /repos/acme/fleet/deployments?environment=prod-eu&per_page=30";
    const status = (id: number) => `GET /repos/acme/fleet/deployments/${id}/statuses?per_page=1`;
    const answers = {
      [list]: [
        { id: 1, sha },
        { id: 2, sha },
      ],
      [status(1)]: [{ state: "success" }],
      [status(2)]: [],
    };
    assert.deepEqual(await api(answers).deployments("prod-eu"), [
      { sha, state: "success" },
      { sha, state: "queued" },
    ]);
    await assert.rejects(api({ [list]: [{ id: 1, sha: "--all" }] }).deployments("prod-eu"));
  });

  it("asks the server of the job, with the content as JSON", async () => {
    const path = "PATCH /api/v3/repos/acme/fleet/issues/5";
    const enterprise = { GITHUB_SERVER_URL: "https://github.example.com" };
    await api({ [path]: {} }, enterprise).updateIssue(5, { state: "closed" });
    assert.deepEqual(requests, [`${path} github.example.com {"state":"closed"}`]);
  });
});
