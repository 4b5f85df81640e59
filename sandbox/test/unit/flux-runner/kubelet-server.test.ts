import assert from "node:assert/strict";
import { request } from "node:https";
import { createAuthority, issueClient, type KeyPair } from "../../../control-plane/certificates.js";
import { startKubeletServer, tailArguments } from "../../../flux-runner/kubelet-server.js";

describe("a request for a log", () => {
  it("is refused when it asks for a filter that does not exist here", () => {
    assert.match(
      String(tailArguments({ sinceSeconds: "60", timestamps: "true" })),
      /cannot filter logs by sinceSeconds, timestamps/,
    );
  });

  it("cannot bring in arguments of its own", () => {
    assert.match(String(tailArguments({ tailLines: "1 -f /etc/passwd" })), /not a number/);
  });

  it("shows the whole log, or its end, or what comes", () => {
    assert.deepEqual(tailArguments({}), ["-n", "+1"]);
    assert.deepEqual(tailArguments({ tailLines: "3", follow: "true" }), ["-n", "3", "-F"]);
  });
});

describe("the log server of the node", () => {
  function get(port: number, client: KeyPair | undefined): Promise<number> {
    return new Promise((resolve, reject) => {
      const url = `https://127.0.0.1:${port}/containerLogs/flux-system/x/manager`;
      const call = request(url, { ...client, rejectUnauthorized: false, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      call.once("error", reject);
      call.end();
    });
  }

  it("answers only the API server, and not even another user of the cluster", async () => {
    const cluster = await createAuthority("cluster");
    const server = await startKubeletServer(cluster.cert, () => undefined);
    try {
      await assert.rejects(get(server.port, undefined));
      await assert.rejects(
        get(
          server.port,
          await issueClient(await createAuthority("cluster"), { commonName: "fleet:apiserver-kubelet-client" }),
        ),
      );
      assert.equal(await get(server.port, await issueClient(cluster, { commonName: "fleet:admin" })), 403);
      assert.equal(
        await get(server.port, await issueClient(cluster, { commonName: "fleet:apiserver-kubelet-client" })),
        404,
      );
    } finally {
      await server.stop();
    }
  });
});
