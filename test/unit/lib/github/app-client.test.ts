import assert from "node:assert/strict";
import { inspect } from "node:util";
import { undefinedIf } from "../../../../cli/github/refusal.js";
import { FleetError } from "../../../../lib/diagnostics/problem.js";
import { gitHubClient } from "../../../../lib/github/client.js";
import { NoInstallationToken } from "../../../../lib/github/installation-tokens.js";
import { type AppRequest, appServer } from "../../../support/unit/app-server.js";
import { TestServers } from "../../../support/unit/servers.js";

const tokenRequest = "POST /api/v3/app/installations/9/access_tokens";

describe("the client of GitHub as an App", () => {
  const servers = new TestServers();
  afterEach(() => servers.stop());

  const tokensOf = (requests: readonly AppRequest[]) => {
    return requests.filter(({ line }) => line !== tokenRequest).map(({ token }) => token);
  };

  it("is refused with wrong credentials before it asks anything", () => {
    const environment = { GITHUB_APP_ID: "7", GITHUB_APP_INSTALLATION_ID: "9", GITHUB_APP_PEM_FILE: "key.pem" };
    assert.throws(() => gitHubClient(environment), FleetError);
  });

  it("asks for one token, which all clients of a run share", async () => {
    const { environment, requests } = await appServer(servers, { answer: () => ({ body: {} }) });
    const clients = [gitHubClient(environment), gitHubClient(environment)];
    await Promise.all(clients.map((client) => client.request("GET /meta")));
    await gitHubClient(environment).request("GET /meta");
    assert.deepEqual(tokensOf(requests), ["token-1", "token-1", "token-1"]);
    assert.equal(requests.filter(({ line }) => line === tokenRequest).length, 1);
  });

  it("replaces a token that is about to end, on the pages of one list, too", async () => {
    const { environment, requests } = await appServer(servers, { tokenMs: 9000, answer: () => ({ body: [] }) });
    const client = gitHubClient(environment);
    await client.paginate("GET /orgs/{org}/repos", { org: "acme" });
    await client.request("GET /meta");
    assert.deepEqual(tokensOf(requests), ["token-1", "token-2"]);
  });

  it("replaces a token that is refused, and repeats the request once", async () => {
    const answer = ({ token }: AppRequest) => (token === "token-1" ? { status: 401, body: {} } : { body: {} });
    const { environment, requests } = await appServer(servers, { answer });
    const client = gitHubClient(environment);
    await Promise.all([client.request("GET /meta"), client.request("GET /meta")]);
    await client.request("GET /meta");
    assert.deepEqual(new Set(tokensOf(requests)), new Set(["token-1", "token-2"]));
    assert.equal(requests.filter(({ line }) => line === tokenRequest).length, 2);
  });

  it("ends with the refusal of a second token", async () => {
    const { environment, requests } = await appServer(servers, { answer: () => ({ status: 401, body: {} }) });
    await assert.rejects(gitHubClient(environment).request("GET /meta"), { status: 401 });
    assert.deepEqual(tokensOf(requests), ["token-1", "token-2"]);
  });

  for (const status of [403, 404, 422]) {
    it(`does not pass a refused installation for an object that is absent or forbidden: ${status}`, async () => {
      const answer = () => ({ status, body: { message: "Not Found" } });
      const { environment, requests } = await appServer(servers, { answer });
      const client = gitHubClient({ ...environment, GITHUB_APP_INSTALLATION_ID: "8" });
      const asked = client.request("GET /meta").catch(undefinedIf(403, 404));
      await assert.rejects(asked, { status: 401, message: "it gave the GitHub App no token: Not Found" });
      assert.deepEqual(
        requests.map(({ line }) => line),
        ["POST /api/v3/app/installations/8/access_tokens"],
      );
    });
  }

  it("repeats nothing of an answer that has no token", async () => {
    const { environment } = await appServer(servers, { answer: () => ({ body: { token: "ghs_secret" } }) });
    const client = gitHubClient({ ...environment, GITHUB_APP_INSTALLATION_ID: "8" });
    await assert.rejects(client.request("GET /meta"), (error: Error) => {
      assert.ok(error instanceof NoInstallationToken && !inspect(error, { depth: 9 }).includes("ghs_secret"));
      return true;
    });
  });

  it("shows neither token nor JWT nor private key in its errors", async () => {
    const { environment } = await appServer(servers, { answer: () => ({ status: 403, body: { message: "no" } }) });
    const [clientOfInstallation, clientOfNone] = [environment, { ...environment, GITHUB_APP_INSTALLATION_ID: "8" }].map(
      (one) => gitHubClient(one),
    );
    for (const client of [clientOfInstallation, clientOfNone]) {
      const error: unknown = await client?.request("GET /meta").catch((reason: unknown) => reason);
      assert.ok(error instanceof Error);
      const shown = inspect(error, { depth: 9, showHidden: true });
      assert.doesNotMatch(shown, /token-1|eyJ|BEGIN RSA/);
    }
  });

  it("asks GraphQL with the same token", async () => {
    const body = { data: { viewer: { login: "fleet[bot]" } } };
    const { environment, requests } = await appServer(servers, { answer: () => ({ body }) });
    await gitHubClient(environment).graphql("query { viewer { login } }");
    assert.deepEqual(tokensOf(requests), ["token-1"]);
  });
});
