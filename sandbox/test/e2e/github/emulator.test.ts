import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pWaitFor from "p-wait-for";
import { startGitHub } from "../../../github/github.js";
import { at, owner, pluck, type TestGitHub, testGitHub, textAt, token } from "../../support/github.js";

describe("GitHub emulator: starting, stopping and what tests ask of it", () => {
  let test: TestGitHub;
  before(async () => {
    test = await testGitHub();
    await test.expect(201, "POST", `/orgs/${owner}/repos`, { name: "one", auto_init: true });
  });
  after(() => test.stop());
  beforeEach(async () => {
    await test.admin("DELETE", "/faults");
    await test.admin("DELETE", "/requests");
  });

  it("says which port is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    const another = await testGitHub();
    try {
      await another.github.stop();
      for (const ports of [{ port }, { sshPort: port }]) {
        await assert.rejects(
          startGitHub({ dir: another.dir, owner, token, ...ports }),
          new RegExp(`Port ${port} is in use`),
        );
      }
      // A port that is only remembered gives way.
      const state = join(another.dir, "state.json");
      await writeFile(
        state,
        (await readFile(state, "utf8")).replace(/"ports":\{[^}]*\}/, `"ports":{"http":${port},"ssh":${port}}`),
      );
      another.github = await startGitHub({ dir: another.dir, owner, token });
      assert.notEqual(another.github.port, port);
    } finally {
      other.close();
      await another.stop();
    }
  });

  it("refuses another organisation's state, a damaged one, and an owner that can be none", async () => {
    const another = await testGitHub();
    await another.github.stop();
    await assert.rejects(
      startGitHub({ dir: another.dir, owner: "globex", token }),
      /belongs to the organisation "acme"/,
    );
    await assert.rejects(startGitHub({ dir: another.dir, owner: "../x", token }), /cannot be a GitHub organisation/);
    await assert.rejects(startGitHub({ dir: another.dir, owner, token: "" }), /needs a token/);
    await writeFile(join(another.dir, "state.json"), '{"version":1,"nextId":"x"}');
    await assert.rejects(startGitHub({ dir: another.dir, owner, token }), /nextId/);
    await writeFile(join(another.dir, "state.json"), "{");
    await assert.rejects(startGitHub({ dir: another.dir, owner, token }), /JSON|state\.json/);
    await rm(another.dir, { recursive: true });
  });

  it("says which Git it needs when there is none, or one that is too old", async () => {
    const { PATH } = process.env;
    const dir = await mkdtemp(join(tmpdir(), "fleet-github-test-"));
    try {
      process.env.PATH = dir;
      await assert.rejects(startGitHub({ dir, owner, token }), /needs Git 2\.38\.0 or newer on PATH: .*ENOENT/);
      await writeFile(join(dir, "git"), "#!/bin/sh\necho git version 2.37.1\n", { mode: 0o755 });
      await assert.rejects(startGitHub({ dir, owner, token }), /needs Git 2\.38\.0 or newer .* git version 2\.37\.1/);
    } finally {
      process.env.PATH = PATH;
      await rm(dir, { recursive: true });
    }
  });

  it("keeps its secrets from other users of the machine", async () => {
    for (const file of ["state.json", "ssh_host_ed25519_key", "ssh_host_ecdsa_key", "ssh_host_rsa_key"]) {
      assert.equal((await stat(join(test.dir, file))).mode & 0o077, 0, file);
    }
  });

  it("has answered nothing that is not on disk", async () => {
    await test.expect(201, "POST", `/orgs/${owner}/repos`, { name: "durable" });
    assert.match(await readFile(join(test.dir, "state.json"), "utf8"), /"durable"/);
    await test.restart();
    await test.expect(200, "GET", `/repos/${owner}/durable`);
  });

  it("finds its repositories again after it was killed between a record and its directory", async () => {
    const another = await testGitHub();
    for (const name of ["one", "two", "three"]) {
      await another.expect(201, "POST", `/orgs/${owner}/repos`, { name, auto_init: true });
      await another.expect(201, "PUT", `/repos/${owner}/${name}/contents/name`, { message: name, content: btoa(name) });
    }
    await another.github.stop();
    const at = (name: string): string => join(another.dir, "repositories", owner, name);
    // Renamed, renamed to the other's name, removed, and made, each without its record.
    await rename(at("one.git"), at("swap"));
    await rename(at("two.git"), at("one.git"));
    await rename(at("swap"), at("elsewhere.git"));
    await rename(at("three.git"), at(".1"));
    await mkdir(at("unfinished.git"));
    another.github = await startGitHub({ dir: another.dir, owner, token });
    for (const name of ["one", "two", "three"]) {
      const { body } = await another.expect(200, "GET", `/repos/${owner}/${name}/contents/name`);
      assert.equal(atob(textAt(body, "content")), name);
    }
    assert.deepEqual((await readdir(at(""))).toSorted(), ["one.git", "three.git", "two.git"]);
    await another.github.stop();
    await rm(at("two.git"), { recursive: true });
    await assert.rejects(startGitHub({ dir: another.dir, owner, token }), /Git data is gone for: two\./);
    await rm(another.dir, { recursive: true });
  });

  it("does not wait for idle or slow clients when it stops", async () => {
    const another = await testGitHub();
    await another.admin("POST", "/faults", { match: { path: "*/orgs/*" }, delayMs: 600_000 });
    const slow = another.api("GET", `/orgs/${owner}`).then(
      () => assert.fail("answered"),
      (error: unknown) => error,
    );
    await waitForRequest(another);
    const started = Date.now();
    await another.stop();
    assert.ok(Date.now() - started < 5000);
    assert.ok((await slow) instanceof Error);
  });

  it("lets no one use its own endpoints without the token", async () => {
    for (const [method, path] of [
      ["GET", "requests"],
      ["DELETE", "requests"],
      ["POST", "faults"],
      ["DELETE", "faults"],
    ]) {
      for (const headers of [{}, { authorization: "Bearer wrong" }] as Record<string, string>[]) {
        const response = await fetch(`${test.github.url}_emulator/${path}`, { method: String(method), headers });
        assert.equal(response.status, 401);
      }
    }
  });

  it("refuses faults that say nothing, or something it does not know", async () => {
    for (const fault of [{}, { status: 200 }, { drop: true, sometimes: true }, { status: 502, times: 0 }]) {
      assert.equal((await test.admin("POST", "/faults", fault)).status, 422);
    }
  });

  it("fails as often as it was told, and then works", async () => {
    await test.admin("POST", "/faults", { match: { method: "GET", path: "/api/v3/repos/*" }, status: 502, times: 2 });
    await test.expect(200, "GET", `/orgs/${owner}`);
    await test.expect(502, "GET", `/repos/${owner}/one`);
    await test.expect(502, "GET", `/repos/${owner}/one/topics`);
    await test.expect(200, "GET", `/repos/${owner}/one`);
    await test.expect(200, "GET", `/repos/${owner}/one`);
  });

  it("limits the rate as GitHub does, so that clients know how long to wait", async () => {
    await test.admin("POST", "/faults", { match: { method: "PUT" }, status: 429, retryAfter: 2 });
    const answer = await test.expect(429, "PUT", `/repos/${owner}/one/topics`, { names: ["a"] });
    assert.equal(answer.headers.get("retry-after"), "2");
    // go-github tells a secondary limit from another refusal by this.
    assert.match(textAt(answer.body, "documentation_url"), /secondary-rate-limits$/);
    assert.deepEqual(at((await test.expect(200, "GET", `/repos/${owner}/one/topics`)).body, "names"), []);
  });

  it("drops a connection, and counts the request that got no answer", async () => {
    await test.admin("POST", "/faults", { match: { path: `/api/v3/orgs/${owner}` }, drop: true });
    await assert.rejects(test.api("GET", `/orgs/${owner}`));
    const { body } = await test.admin("GET", "/requests");
    assert.deepEqual(pluck(at(body, "requests"), "status"), [0]);
  });

  it("counts requests by endpoint, writes apart, and its own not at all", async () => {
    await test.expect(200, "GET", `/repos/${owner}/one`);
    await test.expect(200, "GET", `/repos/${owner}/one?again`);
    await test.expect(200, "PUT", `/repos/${owner}/one/topics`, { names: [] });
    await test.expect(404, "GET", `/repos/${owner}/none`);
    const { body } = await test.admin("GET", "/requests?limit=2");
    assert.deepEqual(at(body, "counts"), {
      "GET /api/v3/repos/:owner/:repo": 3,
      "PUT /api/v3/repos/:owner/:repo/topics": 1,
    });
    assert.deepEqual([at(body, "total"), at(body, "writes")], [4, 1]);
    assert.deepEqual(pluck(at(body, "requests"), "status"), [200, 404]);
    assert.deepEqual(pluck(at(body, "requests"), "url"), [
      `/api/v3/repos/${owner}/one/topics`,
      `/api/v3/repos/${owner}/none`,
    ]);
    await test.admin("DELETE", "/requests");
    assert.equal(at((await test.admin("GET", "/requests")).body, "total"), 0);
  });

  it("describes itself as GitHub does", async () => {
    await test.expect(404, "GET", "/orgs/other");
    const { body: organization } = await test.expect(200, "GET", `/orgs/${owner}`);
    assert.equal(at(organization, "type"), "Organization");
    const { body: meta } = await test.expect(200, "GET", "/meta", undefined, { authorization: null });
    assert.deepEqual(
      (at(meta, "ssh_keys") as string[]).map((key) => key.split(" ")[0]),
      ["ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"],
    );
    assert.match(textAt(meta, "ssh_key_fingerprints.SHA256_ED25519"), /^[A-Za-z0-9+/]{43}$/);
  });

  it("answers rubbish with an error and not with silence", async () => {
    const response = await fetch(`${test.github.url}api/v3/orgs/${owner}/repos`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: "{",
    });
    assert.equal(response.status, 400);
    assert.equal(at(await response.json(), "message"), "Problems parsing JSON");
  });
});

async function waitForRequest(test: TestGitHub): Promise<void> {
  await pWaitFor(async () => at((await test.admin("GET", "/requests")).body, "total") === 1, {
    interval: 10,
    timeout: 5000,
  });
}
