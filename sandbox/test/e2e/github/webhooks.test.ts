import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { verify } from "@octokit/webhooks-methods";
import pWaitFor from "p-wait-for";
import { GitClient } from "../../support/git-client.js";
import { at, owner, pluck, type TestGitHub, testGitHub, textAt } from "../../support/github.js";
import { webhookProblem } from "../../support/openapi.js";

interface Received {
  readonly event: string;
  readonly signature: string;
  readonly type: string;
  readonly text: string;
}

describe("GitHub emulator: webhooks", function () {
  this.timeout(30_000);
  let test: TestGitHub;
  let client: GitClient;
  let server: Server;
  let url: string;
  let received: Received[] = [];
  const path = `/repos/${owner}/hooked`;
  before(async () => {
    test = await testGitHub();
    client = await GitClient.create(test);
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        received.push({
          event: String(request.headers["x-github-event"]),
          signature: String(request.headers["x-hub-signature-256"]),
          type: String(request.headers["content-type"]),
          text: Buffer.concat(chunks).toString(),
        });
        response.writeHead(request.url === "/broken" ? 500 : 200).end();
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await test.expect(201, "POST", `/orgs/${owner}/repos`, { name: "hooked", auto_init: true });
  });
  beforeEach(() => {
    received = [];
  });
  after(async () => {
    await test.stop();
    await client.remove();
    server.close();
  });
  const got = async (event: string, count = 1): Promise<Received[]> => {
    const matching = (): Received[] => received.filter((one) => one.event === event);
    await pWaitFor(() => matching().length >= count, { interval: 10, timeout: 10_000 });
    return matching();
  };
  const hook = async (config: object, more: object = {}) =>
    (
      await test.expect(201, "POST", `${path}/hooks`, {
        name: "web",
        events: ["push"],
        active: true,
        config: { content_type: "json", ...config },
        ...more,
      })
    ).body;

  it("refuses a hook without a usable address, and a second one to the same", async () => {
    await test.expect(422, "POST", `${path}/hooks`, { config: {} });
    await test.expect(422, "POST", `${path}/hooks`, { config: { url: "ftp://example.com/" } });
    await hook({ url: `${url}twice` });
    await test.expect(422, "POST", `${path}/hooks`, { config: { url: `${url}twice` } });
    await test.expect(404, "GET", `${path}/hooks/1`);
  });

  it("never shows a secret", async () => {
    const body = await hook({ url: `${url}secret`, secret: "hush-hush" });
    assert.equal(at(body, "config.secret"), "********");
    const read = await test.expect(200, "GET", `${path}/hooks/${textAt(body, "id")}`);
    assert.doesNotMatch(JSON.stringify(read.body), /hush-hush/);
    await test.expect(204, "DELETE", `${path}/hooks/${textAt(body, "id")}`);
  });

  it("signs what it sends, so that a receiver can tell it from a forgery", async () => {
    const body = await hook({ url: `${url}signed`, secret: "s3cret" });
    const [ping] = await got("ping");
    assert.ok(ping !== undefined && (await verify("s3cret", ping.text, ping.signature)));
    assert.ok(!(await verify("another", ping.text, ping.signature)));
    await test.expect(204, "DELETE", `${path}/hooks/${textAt(body, "id")}`);
  });

  it("tells about pushes over SSH and HTTP and about commits of the REST API, once each", async () => {
    const body = await hook({ url: `${url}push`, secret: "s" });
    await got("ping");
    const before = received.filter(({ event }) => event === "push").length;
    await test.expect(201, "PUT", `${path}/contents/rest`, { message: "by REST", content: "" });
    const key = await client.deployKey("hooked", false);
    const clone = await client.clone(client.ssh("hooked"), key.file);
    await client.commit(clone, "ssh", "by SSH\n");
    await client.must(["push", "--quiet"], { cwd: clone, key: key.file });
    await client.commit(clone, "http", "by HTTP\n");
    await client.must(["push", "--quiet", client.http("hooked"), "HEAD:main", "HEAD:refs/heads/more"], { cwd: clone });
    // The hook to /twice of an earlier test listens too.
    const pushes = (await got("push", before + 8)).filter(({ signature }) => signature !== "undefined");
    const payloads = pushes.map(({ text }) => JSON.parse(text) as unknown);
    assert.deepEqual(pluck(payloads, "ref"), [
      "refs/heads/main",
      "refs/heads/main",
      "refs/heads/main",
      "refs/heads/more",
    ]);
    assert.deepEqual(pluck(payloads, "head_commit.message"), ["by REST", "change ssh", "change http", "change http"]);
    assert.deepEqual(at(payloads, "1.head_commit.added"), ["ssh"]);
    assert.equal(at(payloads, "1.before"), at(payloads, "0.after"));
    for (const payload of payloads) assert.equal(webhookProblem("push", payload), undefined);
    await test.expect(204, "DELETE", `${path}/hooks/${textAt(body, "id")}`);
  });

  it("is silent about a push that was refused", async () => {
    const body = await hook({ url: `${url}silent` });
    const rules = [{ type: "deletion" }, { type: "pull_request" }];
    const ruleset = {
      name: "frozen",
      enforcement: "active",
      conditions: { ref_name: { include: ["~ALL"], exclude: [] } },
      rules,
    };
    const { body: frozen } = await test.expect(201, "POST", `${path}/rulesets`, ruleset);
    const clone = await client.clone(client.http("hooked"));
    await client.commit(clone, "refused", "refused\n");
    assert.notEqual((await client.git(["push"], { cwd: clone })).code, 0);
    await test.expect(204, "DELETE", `${path}/rulesets/${textAt(frozen, "id")}`);
    await got("ping");
    assert.ok(received.every(({ event }) => event === "ping"));
    await test.expect(204, "DELETE", `${path}/hooks/${textAt(body, "id")}`);
  });

  it("sends nothing to an inactive hook, and a form where one is asked for", async () => {
    const body = await hook({ url: `${url}form`, content_type: "form", secret: "f" }, { active: false });
    await got("ping");
    const hookPath = `${path}/hooks/${textAt(body, "id")}`;
    await test.expect(200, "PATCH", hookPath, { active: true, events: ["*"] });
    await test.expect(201, "PUT", `${path}/contents/form`, { message: "form", content: "" });
    const form = (): Received | undefined =>
      received.find(({ event, type }) => event === "push" && type === "application/x-www-form-urlencoded");
    await pWaitFor(() => form() !== undefined, { interval: 10, timeout: 5000 });
    const sent = form();
    assert.ok(sent !== undefined && (await verify("f", sent.text, sent.signature)));
    assert.equal(at(JSON.parse(String(new URLSearchParams(sent.text).get("payload"))), "head_commit.message"), "form");
    assert.ok(received.every(({ event, type }) => event !== "ping" || type === "application/x-www-form-urlencoded"));
    await test.expect(204, "DELETE", hookPath);
  });

  it("remembers how a delivery went, and does not repeat it", async () => {
    const body = await hook({ url: `${url}broken` });
    const hookPath = `${path}/hooks/${textAt(body, "id")}`;
    const response = async () => (await test.expect(200, "GET", hookPath)).body;
    await pWaitFor(async () => at(await response(), "last_response.code") === 500, { interval: 20, timeout: 5000 });
    assert.equal(received.length, 1);
    assert.deepEqual(pluck((await test.expect(200, "GET", `${path}/hooks`)).body, "active"), [true, true]);
    await test.expect(204, "DELETE", hookPath);
  });
});
