import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { gitHubClient } from "../../../../lib/github/client.js";
import { DEFAULT_LIMITS } from "../../../../lib/github/fetch.js";
import { waitsUntil } from "../../../../lib/time/waits.js";
import { listRepositories } from "../../../../preflight/github.js";
import { FakeClock } from "../../../support/unit/fake-clock.js";
import {
  httpServer,
  refusingProxy,
  socketServer,
  type TestServer,
  TestServers,
} from "../../../support/unit/servers.js";

const GITHUB_TOKEN = "token-of-the-test";

describe("the client of GitHub", () => {
  const servers = new TestServers();
  afterEach(() => servers.stop());
  const at = ({ port }: TestServer) => ({ GITHUB_TOKEN, GITHUB_BASE_URL: `http://127.0.0.1:${port}/` });

  it("asks a server that never answers once, and then gives up", async () => {
    let requests = 0;
    const clock = new FakeClock();
    const silent = await servers.started(
      socketServer((socket) => {
        socket.once("data", () => {
          requests += 1;
          clock.ring();
        });
      }),
    );
    const client = gitHubClient(at(silent), {
      ...DEFAULT_LIMITS,
      begin: waitsUntil(() => Number.POSITIVE_INFINITY, clock),
    });
    await assert.rejects(client.request("GET /meta"), /there was no complete answer within 30 s/);
    assert.equal(requests, 1);
  });

  it("asks by the proxy of the environment, as GitHub's provider does", async () => {
    const proxy = await servers.started(refusingProxy());
    const hosts = [
      "https://api.github.com/",
      "https://github.com/",
      "https://acme.ghe.com/",
      "https://github.example.com/",
    ];
    for (const GITHUB_BASE_URL of hosts) {
      const environment = { GITHUB_TOKEN, GITHUB_BASE_URL, HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
      const client = gitHubClient(environment);
      await assert.rejects(client.request("GET /meta", { request: { retries: 0 } }));
    }
    assert.deepEqual(proxy.hosts, [
      "api.github.com:443",
      "api.github.com:443",
      "api.acme.ghe.com:443",
      "github.example.com:443",
    ]);
  });

  it("asks no proxy for a GitHub of this machine", async () => {
    const proxy = await servers.started(refusingProxy());
    const github = await servers.started(httpServer((_, response) => response.end("{}")));
    const proxies = { HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
    const { status } = await gitHubClient({ ...at(github), ...proxies }).request("GET /meta");
    assert.deepEqual([status, proxy.hosts], [200, []]);
  });

  it("refuses an answer that is not GitHub's, without repeating it", async () => {
    const answers: RequestListener[] = [
      (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<p>Log in</p>"),
      (_, response) => response.writeHead(200, { "content-type": "application/json" }).end('[{"name": 1}]'),
      (_, response) => response.writeHead(200, { "content-type": "application/json" }).end("{}"),
    ];
    for (const answer of answers) {
      const server = await servers.started(httpServer(answer));
      await assert.rejects(
        listRepositories("acme", at(server)),
        /GITHUB_TOKEN: GitHub \(http.*\) did not list the repositories of acme: the answer is not that of GitHub's REST API/,
      );
    }
  });
});
