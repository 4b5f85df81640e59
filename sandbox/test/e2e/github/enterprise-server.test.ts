import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { at, owner, type TestGitHub, testGitHub } from "../../support/github.js";

describe("GitHub Enterprise Server", () => {
  let test: TestGitHub;
  before(async () => {
    test = await testGitHub({ enterpriseServer: true });
  });
  after(() => test.stop());

  it("has a meta endpoint without SSH host keys, as its own description has it", async () => {
    const file = createRequire(import.meta.url).resolve("@octokit/openapi/generated/ghes-3.19.json");
    const description: unknown = JSON.parse(readFileSync(file, "utf8"));
    const documented = Object.keys(at(description, "components.schemas.api-overview.properties") as object);
    const { body } = await test.expect(200, "GET", "/meta");
    const own = Object.keys(body as object);
    assert.deepEqual(
      own.filter((key) => !documented.includes(key)),
      [],
    );
    assert.ok(own.includes("installed_version"));
    assert.deepEqual(
      documented.filter((key) => key.startsWith("ssh_key")),
      [],
    );
  });

  it("answers below /api/v3 like github.com in all other respects", async () => {
    await test.expect(201, "POST", `/orgs/${owner}/repos`, { name: "a", auto_init: true });
    await test.expect(200, "GET", `/repos/${owner}/a`);
  });
});
