import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { at, owner, pluck, type TestGitHub, testGitHub, textAt } from "../../support/github.js";

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const publicKey = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
const all = { administration: "write", contents: "write", members: "write", repository_hooks: "write" };

describe("GitHub emulator: Apps", () => {
  let test: TestGitHub;
  let id: number;
  let installation: number;
  before(async () => {
    test = await testGitHub();
    await test.expect(201, "POST", `/orgs/${owner}/repos`, { name: "shop", auto_init: true, private: true });
  });
  beforeEach(() => install({ permissions: all }));
  after(() => test.stop());

  async function install(app: object): Promise<void> {
    const { status, body } = await test.admin("POST", "/apps", { slug: "fleet", publicKey, ...app });
    assert.equal(status, 201);
    [id, installation] = [Number(at(body, "id")), Number(at(body, "installationId"))];
  }

  /** A JWT of the App. @param claims seconds from now, and in place of the App's number */
  function jwt({ iat = -60, exp = 540, iss = String(id) } = {}, key = pair.privateKey) {
    const now = Math.floor(Date.now() / 1000);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const text = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iat: now + iat, exp: now + exp, iss })}`;
    return by(`${text}.${sign("RSA-SHA256", Buffer.from(text), key).toString("base64url")}`);
  }
  const by = (token: string) => ({ authorization: `Bearer ${token}` });
  const tokenPath = () => `/app/installations/${installation}/access_tokens`;
  async function token(): Promise<string> {
    return textAt((await test.expect(201, "POST", tokenPath(), undefined, jwt())).body, "token");
  }

  it("identify themselves by a JWT, and only by one that they signed, of a time that is right", async () => {
    const path = `/app/installations/${installation}`;
    const { body } = await test.expect(200, "GET", path, undefined, jwt());
    assert.deepEqual([at(body, "app_id"), at(body, "account.login"), at(body, "suspended_at")], [id, owner, null]);
    assert.equal(
      at((await test.expect(200, "GET", `/orgs/${owner}/installation`, undefined, jwt())).body, "id"),
      installation,
    );
    const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    for (const [wrong, status, message] of [
      [jwt({}, other), 401, /could not be decoded/],
      [jwt({ iss: "1" }), 404, /Integration not found/],
      [jwt({ iat: 30 }), 401, /'Issued at' claim/],
      [jwt({ exp: -1 }), 401, /'Expiration time' claim \('exp'\) must be/],
      [jwt({ exp: 700 }), 401, /'Expiration time' claim \('exp'\) is too far/],
      [by("a.b.c"), 401, /could not be decoded/],
      [by("a-token-for-tests"), 401, /Bad credentials/],
    ] as const) {
      const answer = await test.expect(status, "GET", path, undefined, wrong);
      assert.match(textAt(answer.body, "message"), message);
    }
    await test.expect(404, "GET", `/app/installations/${installation + 1}`, undefined, jwt());
    await test.expect(401, "GET", path, undefined, { authorization: null });
    await test.expect(401, "GET", `/orgs/${owner}/repos`, undefined, jwt());
  });

  it("tell the time by which they judge a JWT", async () => {
    await install({ permissions: all, aheadSeconds: 3600 });
    const { headers } = await test.expect(401, "GET", `/app/installations/${installation}`, undefined, jwt());
    const ahead = Date.parse(headers.get("date") ?? "") - Date.now();
    assert.ok(ahead > 3_590_000 && ahead < 3_610_000, String(ahead));
  });

  it("administer the organisation's repositories with a token, as far as their permissions go", async () => {
    const options = by(await token());
    await test.expect(
      201,
      "POST",
      `/orgs/${owner}/repos`,
      { name: "of-the-app", private: true, auto_init: true },
      options,
    );
    const { body } = await test.expect(200, "GET", `/orgs/${owner}/repos`, undefined, options);
    assert.deepEqual(pluck(body, "name").sort(), ["of-the-app", "shop"]);
    await test.expect(200, "GET", `/repos/${owner}/shop/keys`, undefined, options);
    await test.expect(200, "GET", `/repos/${owner}/shop/hooks`, undefined, options);
    await test.expect(201, "POST", `/orgs/${owner}/teams`, { name: "apps" }, options);
    await test.expect(403, "GET", "/user", undefined, options);
    const content = Buffer.from("x").toString("base64");
    const file = (path: string) => [`/repos/${owner}/shop/contents/${path}`, { message: "m", content }] as const;
    await test.expect(201, "PUT", ...file("a.txt"), options);
    const refused = await test.expect(403, "PUT", ...file(".github/workflows/a.yml"), options);
    assert.equal(refused.headers.get("x-accepted-github-permissions"), "workflows=write");
  });

  for (const [permission, method, path, body] of [
    ["administration", "GET", `/repos/${owner}/shop/keys`, undefined],
    ["administration", "POST", `/orgs/${owner}/repos`, { name: "never" }],
    ["repository_hooks", "GET", `/repos/${owner}/shop/hooks`, undefined],
    ["members", "POST", `/orgs/${owner}/teams`, { name: "never" }],
    ["contents", "PUT", `/repos/${owner}/shop/contents/b.txt`, { message: "m", content: "eA==" }],
  ] as const) {
    it(`are refused without the permission ${permission}: ${method} ${path}`, async () => {
      const { [permission]: _, ...others } = all;
      await install({ permissions: others });
      const { headers } = await test.expect(403, method, path, body, by(await token()));
      assert.match(headers.get("x-accepted-github-permissions") ?? "", new RegExp(`^${permission}=`));
    });
  }

  it("bypass a ruleset only as the App that it names", async () => {
    await test.expect(201, "POST", `/orgs/${owner}/repos`, { name: "ruled", auto_init: true });
    const rule = (actor: number) => ({
      name: "review",
      target: "branch",
      enforcement: "active",
      bypass_actors: [{ actor_id: actor, actor_type: "Integration", bypass_mode: "always" }],
      conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
      rules: [{ type: "pull_request" }],
    });
    const made = await test.expect(201, "POST", `/repos/${owner}/ruled/rulesets`, rule(id + 1));
    const put = async (status: number) => {
      const change = { message: "m", content: "eA==" };
      await test.expect(status, "PUT", `/repos/${owner}/ruled/contents/c.txt`, change, by(await token()));
    };
    await put(409);
    await test.expect(200, "PUT", `/repos/${owner}/ruled/rulesets/${textAt(made.body, "id")}`, rule(id));
    await put(201);
  });

  it("lose their tokens at their end, and all of them when they are suspended", async () => {
    await install({ permissions: all, tokenSeconds: 1 });
    const short = await token();
    const { headers } = await test.expect(200, "GET", `/repos/${owner}/shop`, undefined, by(short));
    const end = Date.parse(headers.get("github-authentication-token-expiration") ?? "");
    assert.ok(end <= Date.now() + 1000);
    // The end of a token has no event: GitHub's clock decides.
    while (Date.now() <= end + 1000) await new Promise((resolve) => setTimeout(resolve, 50));
    await test.expect(401, "GET", `/repos/${owner}/shop`, undefined, by(short));

    await install({ permissions: all });
    const long = await token();
    await install({ permissions: all, suspended: true });
    await test.expect(401, "GET", `/repos/${owner}/shop`, undefined, by(long));
    const { body } = await test.expect(403, "POST", tokenPath(), undefined, jwt());
    assert.match(textAt(body, "message"), /suspended/);
  });

  it("outlive a restart", async () => {
    const made = await token();
    await test.restart();
    await test.expect(200, "GET", `/repos/${owner}/shop`, undefined, by(made));
    await test.expect(200, "GET", `/app/installations/${installation}`, undefined, jwt());
  });
});
