import assert from "node:assert/strict";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { FleetError, problemLine } from "../../../lib/diagnostics/problem.js";
import { checkInstallation } from "../../../preflight/github-app.js";
import { appServer, isSigned } from "../../support/unit/app-server.js";
import { TestServers } from "../../support/unit/servers.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

const base = fleetSpec();
const { repository } = base.platform;
const protection = { ...repository.protection, app: 7 };
/** A stack whose ruleset exempts the App 7. */
const exempting: FleetSpec = { ...base, platform: { ...base.platform, repository: { ...repository, protection } } };

const installation = {
  app_id: 7,
  account: { login: "Acme" },
  permissions: { administration: "write", contents: "write", metadata: "read" },
  repository_selection: "all",
  suspended_at: null,
};

describe("the preflight check of a GitHub App", () => {
  const servers = new TestServers();
  afterEach(() => servers.stop());

  interface Case {
    readonly spec?: FleetSpec;
    readonly status?: number;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
  }

  /** The problems, and the requests that GitHub got. */
  async function check({ spec = exempting, status = 200, body = installation, headers = {} }: Case) {
    const { environment, requests } = await appServer(servers, { answer: () => ({ status, body, headers }) });
    const error = await checkInstallation(spec, environment).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error !== undefined && !(error instanceof FleetError)) throw error;
    return { lines: error?.problems.map(problemLine) ?? [], requests };
  }

  it("asks once, as the App itself", async () => {
    const { lines, requests } = await check({});
    assert.deepEqual(lines, []);
    assert.deepEqual(
      requests.map(({ line, token }) => [line, isSigned(token)]),
      [["GET /api/v3/app/installations/9", true]],
    );
  });

  it("asks nothing with a token", async () => {
    await checkInstallation(base, { GITHUB_TOKEN: "token", GITHUB_BASE_URL: "http://127.0.0.1:1/" });
  });

  for (const [name, answer, expected] of [
    [
      "another key",
      { status: 401, message: "A JSON web token could not be decoded" },
      /GITHUB_APP_PEM_FILE: .*not one/,
    ],
    ["an unknown App", { status: 404, message: "Integration not found" }, /GITHUB_APP_ID: .*there is no such App/],
    ["an unknown installation", { status: 404, message: "Not Found" }, /GITHUB_APP_INSTALLATION_ID: .*no such instal/],
  ] as const) {
    it(`names ${name}`, async () => {
      const { lines } = await check({ status: answer.status, body: { message: answer.message } });
      assert.equal(lines.length, 1);
      assert.match(lines[0] ?? "", expected);
    });
  }

  for (const [claim, seconds, words] of [
    [
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
      -300,
      "ahead of",
    ],
    ["'Expiration time' claim ('exp') is too far in the future", -300, "ahead of"],
    [
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
      900,
      "behind",
    ],
  ] as const) {
    it(`names the clock for: ${claim}`, async () => {
      const date = new Date(Date.now() + seconds * 1000).toUTCString();
      const { lines } = await check({ status: 401, body: { message: claim }, headers: { date } });
      assert.match(
        lines[0] ?? "",
        new RegExp(`The clock of this machine is \\d{3} s ${words} GitHub's\\. Synchronise`),
      );
    });
  }

  it("names an installation on another account, and one that is suspended", async () => {
    const other = await check({ body: { ...installation, account: { login: "umbrella" } } });
    assert.match(other.lines.join("\n"), /GITHUB_APP_INSTALLATION_ID: is an installation on umbrella, and the stack's/);
    const suspended = await check({ body: { ...installation, suspended_at: "2026-11-27T00:00:00Z" } });
    assert.match(suspended.lines.join("\n"), /INSTALLATION_ID: is an installation that is suspended on acme/);
  });

  it("names every missing permission at once, and one that only reads", async () => {
    const tenants = [tenantSpec("shop", { webhook: true, team: {} })];
    const rules = { program: "acme/fleet", revision: "a".repeat(40) };
    const platform = { ...exempting.platform, repository: { ...exempting.platform.repository, rules } };
    const spec = { ...exempting, tenants, platform };
    const { lines } = await check({ spec, body: { ...installation, permissions: { administration: "read" } } });
    const named = lines.map((line) => /without the permission ([^,]+),/.exec(line)?.[1]);
    const all = ["Administration: write", "Contents: write", "Members: write", "Webhooks: write", "Workflows: write"];
    assert.deepEqual(named.sort(), all);
  });

  it("demands that the ruleset of the platform's repository exempts the App, where the stack owns it", async () => {
    const { lines } = await check({ spec: base });
    assert.match(lines.join("\n"), /does not exempt.*fleet:platformRepository\.protection\.app: 7/);
    const elsewhere = { ...base, github: { ...base.github, ownsRepositories: false } };
    assert.deepEqual((await check({ spec: elsewhere })).lines, []);
  });

  it("refuses an answer that is not GitHub's", async () => {
    assert.match((await check({ body: {} })).lines.join("\n"), /the answer is not that of GitHub's REST API/);
  });
});
