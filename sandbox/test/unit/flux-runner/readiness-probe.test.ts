import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ask, readinessProbe } from "../../../flux-runner/readiness-probe.js";
import { container } from "../../support/pods.js";

describe("the readiness probe", () => {
  it("is refused when it cannot be asked, instead of counting as passed", () => {
    assert.throws(
      () => readinessProbe(container({ readinessProbe: { exec: { command: ["true"] } } })),
      /not an HTTP GET/,
    );
    for (const url of ["https://localhost:8080/healthz", "http://flagger.example:8080/healthz", "http://localhost/"]) {
      const exec = { command: ["wget", "--spider", url] };
      assert.throws(() => readinessProbe(container({ readinessProbe: { exec } })), /not an HTTP GET/, url);
    }
    const probe = { httpGet: { port: "nowhere" } };
    assert.throws(() => readinessProbe(container({ readinessProbe: probe })), /declares no port "nowhere"/);
  });

  it("asks for the URL of the container that a command would ask for", () => {
    const command = ["wget", "--quiet", "--spider", "http://localhost:8080/healthz"];
    const probe = readinessProbe(container({ readinessProbe: { exec: { command }, timeoutSeconds: 5 } }));
    assert.deepEqual([probe?.port, probe?.path, probe?.timeout], [8080, "/healthz", 5000]);
  });

  it("resolves the name of its port and has Kubernetes' defaults", () => {
    assert.deepEqual(readinessProbe(container()), {
      port: 9440,
      path: "/readyz",
      period: 10_000,
      timeout: 1000,
      failures: 3,
    });
  });

  it("fails when no server listens, when the answer is an error, and when it does not come", async () => {
    const server = createServer((request, response) => {
      if (request.url === "/slow") return;
      response.statusCode = request.url === "/ok" ? 200 : 503;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      assert.equal(await ask(port, "/ok", 1000), true);
      assert.equal(await ask(port, "/bad", 1000), false);
      assert.equal(await ask(port, "/slow", 50), false);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    assert.equal(await ask(port, "/ok", 1000), false);
  });
});
