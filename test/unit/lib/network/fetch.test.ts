import assert from "node:assert/strict";
import { fetchBy } from "../../../../lib/network/fetch.js";
import { httpServer, refusingProxy, type TestServer, TestServers, tunnelTo } from "../../../support/unit/servers.js";

describe("fetchBy", () => {
  const servers = new TestServers();
  afterEach(() => servers.stop());
  const by = ({ port }: TestServer) => fetchBy({ HTTP_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: "direct.invalid" });

  it("sends method and headers by the proxy, and returns the answer of the server behind it", async () => {
    const server = await servers.started(
      httpServer(({ method, headers }, response) => {
        const { authorization } = headers;
        response.writeHead(302, { location: "/there", "x-got": `${method} ${authorization}` }).end("body");
      }),
    );
    const get = by(await servers.started(tunnelTo(server.port)));
    const headers = new Headers({ authorization: "made-up" });
    const answer = await get(new URL("http://behind.invalid/"), { method: "GET", headers, redirect: "manual" });
    assert.deepEqual(
      [answer.status, answer.headers.get("location"), answer.headers.get("x-got"), await answer.text()],
      [302, "/there", "GET made-up", "body"],
    );
  });

  it("sends a text by the proxy, and refuses any other body", async () => {
    const server = await servers.started(
      httpServer((request, response) => {
        request.setEncoding("utf8").on("data", (text: string) => response.write(text.toUpperCase()));
        request.on("end", () => response.end());
      }),
    );
    const send = by(await servers.started(tunnelTo(server.port)));
    const answer = await send("http://behind.invalid/", { method: "POST", body: "a text" });
    assert.equal(await answer.text(), "A TEXT");
    await assert.rejects(send("http://behind.invalid/", { method: "POST", body: new Blob(["x"]) }), TypeError);
  });

  it("returns answers without a body, and passes the time-out on", async () => {
    const server = await servers.started(
      httpServer(({ url }, response) => {
        if (url === "/empty") response.writeHead(204).end();
      }),
    );
    const get = by(await servers.started(tunnelTo(server.port)));
    assert.equal((await get("http://behind.invalid/empty")).status, 204);
    await assert.rejects(get("http://behind.invalid/silent", { signal: AbortSignal.timeout(50) }), /timeout/);
  });

  it("asks the proxy for nothing else than it should, and fails when the proxy refuses", async () => {
    const proxy = await servers.started(refusingProxy());
    const server = await servers.started(httpServer((_, response) => response.end("own")));
    const get = by(proxy);
    assert.equal(await (await get(`http://127.0.0.1:${server.port}/`)).text(), "own");
    await assert.rejects(get("http://direct.invalid/"));
    assert.deepEqual(proxy.hosts, []);
    await assert.rejects(get(new Request("http://behind.invalid/")));
    assert.deepEqual(proxy.hosts, ["behind.invalid:80"]);
  });
});
