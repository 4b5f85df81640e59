import assert from "node:assert/strict";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import { problemLine } from "../../../lib/diagnostics/problem.js";
import { objectIdentity } from "../../../lib/state/stack-state.js";
import { checkGitTokens } from "../../../preflight/git-tokens.js";
import { ownRepository } from "../../support/unit/fleet.js";
import { httpServer, type TestServer } from "../../support/unit/servers.js";
import { fleetSpec, type Sections, tenantSpec } from "../../support/unit/spec.js";

/** A token as GitHub knows it. */
interface KnownToken {
  readonly login?: string;
  readonly expires?: string;
  readonly scopes?: string;
  /** Private repositories that it lists, and the account's role on each. */
  readonly lists?: Readonly<Record<string, "read" | "write" | "maintain" | "admin">>;
  /** @default true */
  readonly contents?: boolean;
}

const now = Date.parse("2026-06-01T00:00:00Z");
const good: KnownToken = { login: "bot-a", expires: "2027-01-31 12:00:00 UTC", lists: { "team-a": "read" } };
const roles = ["read", "triage", "write", "maintain", "admin"];

describe("checkGitTokens", () => {
  let server: TestServer;
  let tokens: Readonly<Record<string, KnownToken>>;
  let requests: string[];

  before(async () => {
    server = await httpServer(({ url = "", headers }, response) => {
      requests.push(url);
      const token = tokens[(headers.authorization ?? "").replace(/^token /, "")];
      const { status, body } = answer(token, new URL(url, "http://127.0.0.1").pathname.split("/").slice(3));
      response.writeHead(status, {
        "content-type": "application/json",
        ...(token?.expires && { "github-authentication-token-expiration": token.expires }),
        ...(token?.scopes !== undefined && { "x-oauth-scopes": token.scopes }),
      });
      response.end(JSON.stringify(body));
    });
  });
  after(() => server.stop());
  beforeEach(() => {
    requests = [];
  });

  /** GitHub's answer to one request. @param path below the REST API */
  function answer(token: KnownToken | undefined, [kind, , name = "", part]: readonly string[]) {
    if (token === undefined) return { status: 401, body: { message: "Bad credentials" } };
    const { lists = {}, contents = true } = token;
    if (kind === "user") return { status: 200, body: { login: token.login ?? "bot" } };
    if (kind === "orgs") {
      return {
        status: 200,
        body: [...Object.keys(lists).map((one) => ({ name: one, private: true })), { name: "public", private: false }],
      };
    }
    const role = lists[name];
    if (role === undefined) return { status: 404, body: { message: "Not Found" } };
    if (part === "branches")
      return contents
        ? { status: 200, body: { name: "main" } }
        : { status: 403, body: { message: "Resource not accessible by personal access token" } };
    const may = (least: string) => roles.indexOf(role) >= roles.indexOf(least);
    const permissions = { pull: true, push: may("write"), maintain: may("maintain"), admin: may("admin") };
    return { status: 200, body: { default_branch: "main", permissions } };
  }

  const specWith = (gitTokens: FleetSpec["github"]["gitTokens"], sections: Sections = {}) => {
    const { github } = fleetSpec();
    return fleetSpec({
      github: { ...github, ...(gitTokens && { gitTokens }) },
      tenants: [tenantSpec("team-a", sections), tenantSpec("team-b")],
    });
  };
  const own = specWith({ "team-a": { write: false } });

  interface Checking {
    readonly spec?: FleetSpec;
    readonly values?: Readonly<Record<string, Readonly<Record<string, string>>>>;
    /** Secrets with tokens in the state. */
    readonly used?: readonly { readonly namespace: string; readonly name: string }[];
    /** Repositories that exist. */
    readonly existing?: readonly string[];
  }

  const check = async (known: Readonly<Record<string, KnownToken>>, changes: Checking = {}) => {
    const {
      spec = own,
      values = { "team-a": { read: "one" } },
      used = [],
      existing = ["platform", "team-a", "charts"],
    } = changes;
    tokens = known;
    const objects = new Map(
      used.map((metadata) => [objectIdentity("kubernetes:core/v1:Secret", metadata) ?? "", "urn"]),
    );
    const { problems, ...sentences } = await checkGitTokens(
      spec,
      {
        environment: { GITHUB_TOKEN: "of the platform team", GITHUB_BASE_URL: `http://127.0.0.1:${server.port}/` },
        gitTokens: values,
        repositories: new Map(existing.map(ownRepository)),
        state: { objects },
      },
      now,
    );
    return { problems: problems.map(problemLine), ...sentences };
  };
  const refused = async (token: KnownToken | undefined, expected: RegExp, changes: Checking = {}) => {
    const { problems, notes } = await check(token ? { one: token } : {}, changes);
    assert.equal(problems.length, 1, problems.join("\n"));
    assert.match(problems[0] ?? "", /^Pulumi\.staging\.yaml: fleet:gitTokens\.team-a\.(read|write): /);
    assert.match(problems[0] ?? "", expected);
    return notes;
  };
  const secret = { namespace: "team-a", name: "tenant-git--token" };

  describe("refuses a token", () => {
    it("that GitHub does not take", () =>
      refused(undefined, /is refused by GitHub: it expired or was revoked\. Make a new one/));

    it("that is a classic one, even without a scope", async () => {
      for (const scopes of ["repo", ""])
        await refused({ ...good, scopes }, /is a classic token of bot-a, which opens every/);
    });

    it("that reads another tenant's repository, even when it is in use", async () => {
      const lists = { "team-a": "read", "team-b": "read" } as const;
      for (const used of [[], [secret]]) {
        await refused({ ...good, lists }, /of bot-a reads acme\/team-b as well, .* Make one for acme\/team-a alone/, {
          used,
        });
      }
    });

    it("that reads the whole organisation, by a few names and their number", () =>
      refused(
        { ...good, lists: { "team-a": "read", a: "read", b: "read", c: "read", d: "read" } },
        /reads acme\/a, acme\/b, acme\/c and 1 more as well/,
      ));

    it("that another tenant's was taken for, although it reads none of its own and is in use", () =>
      refused({ ...good, lists: { "team-b": "read" } }, /reads acme\/team-b as well/, { used: [secret] }));

    it("that lacks the repository, or its files", async () => {
      await refused(
        { ...good, lists: {} },
        /does not read the files of acme\/team-a: it lacks the repository, the permission Contents/,
      );
      await refused({ ...good, contents: false }, /does not read the files of acme\/team-a/);
    });

    it("whose account may push or administer, because GitHub does not tell the rights of a token", async () => {
      await refused(
        { ...good, lists: { "team-a": "write" } },
        /belongs to bot-a, who may push to acme\/team-a\. .* role read there/,
      );
      for (const role of ["maintain", "admin"] as const) {
        await refused({ ...good, lists: { "team-a": role } }, /belongs to bot-a, who may administer acme\/team-a/);
      }
    });

    it("of a repository that is still to be created, without asking GitHub", async () => {
      await refused(good, /is for acme\/team-a, which does not exist yet/, { existing: ["platform"] });
      assert.deepEqual(requests, []);
    });

    it("of the platform that reads a tenant's repository", async () => {
      const spec = specWith({ platform: { write: false } });
      const lists = { platform: "read", "team-a": "read" } as const;
      const { problems } = await check({ one: { ...good, lists } }, { spec, values: { platform: { read: "one" } } });
      assert.match(
        problems.join("\n"),
        /^Pulumi\.staging\.yaml: fleet:gitTokens\.platform\.read: of bot-a reads acme\/team-a as well/,
      );
    });
  });

  describe("of image automation", () => {
    const images = { shop: { image: "ghcr.io/acme/shop", range: "^1" } };
    const author = { name: "Robot", email: "robot@example.com" };
    const spec = specWith({ "team-a": { write: true } }, { imageAutomation: { author, path: "./deploy", images } });
    const values = { "team-a": { read: "reads", write: "one" } };
    const reads = good;
    const pushing = (role: "read" | "write" | "maintain" | "admin") =>
      check({ reads, one: { ...good, login: "bot-w", lists: { "team-a": role } } }, { spec, values });

    it("allows a second token, whose account has the role write", async () => {
      const { problems, notes } = await pushing("write");
      assert.deepEqual(problems, []);
      assert.match(notes.join(), /team-a\.read \(bot-a, until .*\), team-a\.write \(bot-w, until /);
    });

    it("refuses one that could not push, and one whose account could bypass the protection of branches", async () => {
      assert.match(
        (await pushing("read")).problems.join(),
        /team-a\.write: belongs to bot-w, who may not push to acme\/team-a\. .* role write/,
      );
      for (const role of ["maintain", "admin"] as const) {
        assert.match(
          (await pushing(role)).problems.join(),
          /team-a\.write: belongs to bot-w, who may administer acme\/team-a/,
        );
      }
    });
  });

  it("says whose tokens they are and when they end, and asks GitHub four times for a tenant with one repository", async () => {
    const { problems, notes, warnings } = await check({ one: good });
    assert.deepEqual({ problems, warnings }, { problems: [], warnings: [] });
    assert.deepEqual(notes, [
      "Flux clones by HTTPS with the tokens of team-a.read (bot-a, until 2027-01-31 12:00:00 UTC).",
    ]);
    assert.equal(requests.length, 4);
    const { expires: _, ...endless } = good;
    assert.match((await check({ one: endless })).notes.join(), /\(bot-a, without end\)/);
  });

  it("names a token that ends within 14 days, or at a time that it cannot read", async () => {
    const warned = async (expires: string) => (await check({ one: { ...good, expires } })).warnings.join();
    assert.equal(await warned("2026-06-16 00:00:00 UTC"), "");
    assert.match(
      await warned("2026-06-15 12:00:00 UTC"),
      /^The token fleet:gitTokens\.team-a\.read of bot-a expires on 2026-06-15 12:00:00 UTC, in 14 days\. Flux then fetches nothing with it\. Make a new one, and set it: pulumi config set --stack staging --path --secret fleet:gitTokens\.team-a\.read\.$/,
    );
    assert.match(await warned("2026-06-02 01:00:00 +0000"), /, in 1 day\./);
    assert.match(await warned("2026-06-01 01:00:00 UTC"), /, within a day\./);
    assert.match(await warned("one day"), /expires on one day\. Flux/);
  });

  it("warns of a token in use that works no more, and lets the updates of others go on", async () => {
    const { problems, warnings } = await check({}, { used: [secret] });
    assert.deepEqual(problems, []);
    assert.match(
      warnings.join(),
      /^The token fleet:gitTokens\.team-a\.read is refused by GitHub: .*Flux fetches nothing with it until there is a new one\. Make a new one/,
    );
    assert.match(
      (await check({ one: { ...good, lists: {} } }, { used: [secret] })).warnings.join(),
      /does not read the files of acme\/team-a/,
    );
  });

  it("asks about each repository that is synced, and allows the others of the tenant", async () => {
    const sections: Sections = { repositories: { charts: {}, other: {} }, syncs: { charts: { repository: "charts" } } };
    const spec = specWith({ "team-a": { write: false } }, sections);
    const lists = { "team-a": "read", charts: "read", other: "read" } as const;
    assert.deepEqual((await check({ one: { ...good, lists } }, { spec })).problems, []);
    assert.equal(requests.length, 6);
  });

  it("asks nothing without tokens, whatever the number of tenants", async () => {
    const { notes, warnings, problems } = await check({}, { spec: specWith(undefined), values: {} });
    assert.deepEqual([notes, warnings, problems, requests], [[], [], [], []]);
  });

  it("reports a server that is no GitHub at the setting, and repeats no token", async () => {
    const broken = await httpServer((_, response) => response.end("<html>one</html>"));
    const environment = { GITHUB_BASE_URL: `http://127.0.0.1:${broken.port}/` };
    const args = {
      environment,
      gitTokens: { "team-a": { read: "hunter2" } },
      repositories: new Map([ownRepository("team-a")]),
      state: { objects: new Map() },
    };
    await assert.rejects(checkGitTokens(own, args, now), (error) => {
      assert.match(
        String(error),
        /Pulumi\.staging\.yaml: fleet:gitTokens\.team-a\.read: GitHub did not tell whose token this is/,
      );
      return !String(error).includes("hunter2");
    });
    await broken.stop();
  });
});
