import assert from "node:assert/strict";
import { gitHubServer } from "../../../../lib/github/base-url.js";

describe("gitHubServer", () => {
  const cases: readonly (readonly [string | undefined, string, string])[] = [
    [undefined, "https://api.github.com", "github.com"],
    ["https://api.github.com/", "https://api.github.com", "github.com"],
    ["https://github.com/", "https://api.github.com", "github.com"],
    ["https://acme.ghe.com/", "https://api.acme.ghe.com", "acme.ghe.com"],
    ["https://api.acme.ghe.com", "https://api.acme.ghe.com", "acme.ghe.com"],
    ["https://github.example.com/", "https://github.example.com/api/v3", "github.example.com"],
    ["https://github.example.com/api/v3/", "https://github.example.com/api/v3", "github.example.com"],
    ["https://example.com/github", "https://example.com/github/api/v3", "example.com"],
    ["http://127.0.0.1:8080/", "http://127.0.0.1:8080/api/v3", "127.0.0.1:8080"],
    // Names that only look like those of GitHub's cloud.
    ["https://ghe.com/", "https://ghe.com/api/v3", "ghe.com"],
    ["https://notgithub.com/", "https://notgithub.com/api/v3", "notgithub.com"],
    ["https://github.com.example.com/", "https://github.com.example.com/api/v3", "github.com.example.com"],
  ];
  for (const [base, rest, host] of cases) {
    it(`asks ${rest} with GITHUB_BASE_URL ${base}, as GitHub's provider does`, () => {
      const server = gitHubServer(base);
      assert.deepEqual([server.rest, server.host], [rest, host]);
      assert.equal(server.enterpriseServer, rest.endsWith("/api/v3"));
    });
  }
});
