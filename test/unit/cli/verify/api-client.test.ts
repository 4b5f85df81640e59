import assert from "node:assert/strict";
import { KubeConfig } from "@kubernetes/client-node";
import { CouldNotLookError } from "../../../../cli/exit-code.js";
import { apiClient } from "../../../../cli/verify/api-client.js";
import { kubeconfigText, SECRET } from "../../../support/unit/kubeconfig.js";
import { httpServer, TestServers } from "../../../support/unit/servers.js";

describe("a client of an API server", () => {
  const servers = new TestServers();
  afterEach(() => servers.stop());
  const clientOf = (server: string) => {
    const config = new KubeConfig();
    config.loadFromString(kubeconfigText({ cluster: { server, "insecure-skip-tls-verify": true } }));
    return apiClient(config);
  };

  it("sends the token and further headers, counts requests, and returns refusals as answers", async () => {
    const heard: unknown[] = [];
    const server = await servers.started(
      httpServer((request, response) => {
        const { authorization, "impersonate-group": groups } = request.headers;
        heard.push([request.method, request.url, authorization, groups]);
        response.writeHead(403, { "content-type": "application/json" }).end('{"message":"no"}');
      }),
    );
    const client = clientOf(`http://127.0.0.1:${server.port}/`);
    const answer = await client.send({
      method: "POST",
      path: "/x",
      body: {},
      headers: { "impersonate-group": ["a", "b"] },
    });
    assert.deepEqual(answer, { status: 403, body: { message: "no" } });
    assert.deepEqual(heard, [["POST", "/x", `Bearer ${SECRET}`, "a, b"]]);
    assert.equal(client.requests(), 1);
    client.end();
  });

  it("could not look with credentials that have expired", async () => {
    const server = await servers.started(httpServer((_, response) => response.writeHead(401).end("a page")));
    const client = clientOf(`http://127.0.0.1:${server.port}`);
    await assert.rejects(
      client.send({ path: "/x" }),
      /does not accept the credentials \(401\): they are wrong or have expired/,
    );
    client.end();
  });

  it("could not look where nothing answers, and repeats no credential", async () => {
    const client = clientOf("https://127.0.0.1:9");
    await assert.rejects(client.send({ path: "/api/v1/namespaces" }), (error: unknown) => {
      assert.ok(error instanceof CouldNotLookError);
      assert.match(error.message, /the cluster at https:\/\/127\.0\.0\.1:9 did not answer: .*ECONNREFUSED/);
      assert.doesNotMatch(error.message, new RegExp(SECRET));
      return true;
    });
    assert.equal(client.requests(), 1);
    client.end();
  });
});
