import assert from "node:assert/strict";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { choosePorts, lostPort } from "../../../process/ports.js";
import { tempDirs } from "../../support/temp-dir.js";

describe("ports", () => {
  const tempDir = tempDirs();
  let server: Server | undefined;
  afterEach((done) => {
    if (server === undefined) return done();
    server.close(() => done());
    server = undefined;
  });

  it("are not taken again when another process has them now", async () => {
    const file = join(tempDir(), "ports.json");
    const before = await choosePorts(file, ["a", "b"]);
    server = createServer();
    await new Promise<void>((resolve) => server?.listen(before.a, "127.0.0.1", resolve));
    const after = await choosePorts(file, ["a", "b"]);
    assert.notEqual(after.a, before.a);
    assert.equal(after.b, before.b);
  });

  it("are other ones after a lost race, even if the old ones look free", async () => {
    const file = join(tempDir(), "ports.json");
    const before = await choosePorts(file, ["a"]);
    const after = await choosePorts(file, ["a"], { fresh: true });
    assert.notEqual(after.a, before.a);
  });

  it("stay the same over a restart, so that addresses in people's shells stay valid", async () => {
    const file = join(tempDir(), "ports.json");
    assert.deepEqual(await choosePorts(file, ["a", "b"]), await choosePorts(file, ["a", "b"]));
  });

  it("are all different", async () => {
    const chosen = await choosePorts(join(tempDir(), "ports.json"), ["a", "b", "c", "d"]);
    assert.equal(new Set(Object.values(chosen)).size, 4);
  });

  it("count as lost in the words of Go's and of Node's network", () => {
    assert.equal(lostPort("listen tcp 127.0.0.1:1: bind: address already in use"), true);
    assert.equal(lostPort("Error: listen EADDRINUSE: 127.0.0.1:1"), true);
    assert.equal(lostPort("panic: permission denied"), false);
  });
});
