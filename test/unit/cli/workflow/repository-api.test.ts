import assert from "node:assert/strict";
import { repositoryApi, serverOf } from "../../../../cli/workflow/repository-api.js";
import { appKey, appServer } from "../../../support/unit/app-server.js";
import { httpServer, type TestServer, TestServers } from "../../../support/unit/servers.js";

const sha = "0123456789abcdef0123456789abcdef01234567";
const repository = { owner: "acme", repo: "fleet" };

describe("the REST API of a repository", () => {
  let server: TestServer;
  let answers: Readonly<Record<string, unknown>>;
  /** The header that leads to the next page, of each request that has one. */
  let links: Readonly<Record<string, string>>;
  let requests: string[];

  beforeEach(async () => {
    requests = [];
    answers = {};
    links = {};
    server = await httpServer((request, response) => {
      const line = `${request.method} ${request.url}`;
      requests.push(line);
      response.writeHead(line in answers ? 200 : 403, {
        "content-type": "application/json",
        ...(links[line] === undefined ? {} : { link: links[line] }),
      });
      response.end(JSON.stringify(answers[line] ?? { message: "Resource not accessible by integration" }));
    });
  });
  afterEach(() => server.stop());

  const api = () => {
    const environment = {
      GITHUB_SERVER_URL: `http://127.0.0.1:${server.port}/`,
      GITHUB_BASE_URL: "http://127.0.0.1:1/",
    };
    return repositoryApi({ GITHUB_TOKEN: "hidden", ...environment }, repository);
  };

  it("says which permission is missing, and never the token", async () => {
    const calls = [
      [() => api().openPulls("acme:change", "main"), /list the pull requests of acme\/fleet.*"Pull requests: read"/s],
      [() => api().updatePull(7, { state: "closed" }), /change a pull request of acme\/fleet.*"Pull requests: write"/s],
      [() => api().deployments("prod-eu"), /list the deployments of acme\/fleet.*"Deployments: read"/s],
    ] as const;
    for (const [call, message] of calls) {
      await assert.rejects(call(), (error: Error) => message.test(error.message) && !error.message.includes("hidden"));
    }
  });

  it("reads all pages of deployments and the newest state of one, and refuses one whose commit is none", async () => {
    const list = (page: string) => `GET /api/v3/repos/acme/fleet/deployments?environment=prod-eu&per_page=100${page}`;
    const status = (id: number) => `GET /api/v3/repos/acme/fleet/deployments/${id}/statuses?per_page=1`;
    const [first, second] = [1, 2].map((id) => ({ id, sha, ref: "main" }));
    const next = `http://127.0.0.1:${server.port}/api/v3/repos/acme/fleet/deployments?environment=prod-eu&per_page=100&page=2`;
    links = { [list("")]: `<${next}>; rel="next"` };
    answers = {
      [list("")]: [first],
      [list("&page=2")]: [second],
      [status(1)]: [{ state: "success" }],
      [status(2)]: [],
    };
    assert.deepEqual(await api().deployments("prod-eu"), [first, second]);
    assert.deepEqual([await api().deploymentState(1), await api().deploymentState(2)], ["success", "queued"]);
    links = {};
    answers = { [list("")]: [{ id: 1, sha: "--all", ref: "main" }] };
    await assert.rejects(api().deployments("prod-eu"), /the answer is not that of GitHub's API/);
  });

  it("asks the server that the job runs on, or the one that is named", () => {
    assert.equal(serverOf({}), "https://github.com");
    assert.equal(serverOf({ GITHUB_BASE_URL: "https://a.example/" }), "https://a.example");
    const both = { GITHUB_BASE_URL: "https://a.example/", GITHUB_SERVER_URL: "https://b.example" };
    assert.equal(serverOf(both), "https://b.example");
  });

  it("acts as a GitHub App, with one token for its requests and for Git", async () => {
    const servers = new TestServers();
    try {
      const { environment, requests } = await appServer(servers, { answer: () => ({ body: [] }) });
      const asApp = repositoryApi(environment, repository);
      assert.deepEqual(await asApp.openPulls("acme:change", "main"), []);
      assert.equal(await asApp.gitToken(), "token-1");
      assert.deepEqual(
        requests.map(({ line }) => line),
        ["POST /api/v3/app/installations/9/access_tokens", "GET /api/v3/repos/acme/fleet/pulls"],
      );
    } finally {
      await servers.stop();
    }
  });

  it("names the App for a permission that it lacks, and not a token, which beside it would be refused", async () => {
    const servers = new TestServers();
    try {
      const answer = () => ({ status: 403, body: { message: "Resource not accessible by integration" } });
      const { environment } = await appServer(servers, { answer });
      await assert.rejects(repositoryApi(environment, repository).openPulls("acme:change", "main"), (error: Error) => {
        assert.match(error.message, /GITHUB_APP_ID: .*"Pull requests: read".*A GitHub App has it by its settings/s);
        assert.doesNotMatch(error.message, /GITHUB_TOKEN|token-1/);
        return true;
      });
    } finally {
      await servers.stop();
    }
  });

  it("says that GitHub gives the App no token, and never its key", async () => {
    const environment = {
      GITHUB_SERVER_URL: `http://127.0.0.1:${server.port}/`,
      GITHUB_APP_ID: "7",
      GITHUB_APP_INSTALLATION_ID: "9",
      GITHUB_APP_PEM_FILE: appKey,
    };
    await assert.rejects(repositoryApi(environment, repository).gitToken(), (error: Error) => {
      return (
        /push to a branch of acme\/fleet: it gave the GitHub App no token/.test(error.message) &&
        !/KEY/.test(error.message)
      );
    });
    assert.equal(await api().gitToken(), "hidden");
  });
});
