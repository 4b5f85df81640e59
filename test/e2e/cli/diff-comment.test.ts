import assert from "node:assert/strict";
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type GitHubEmulator, startGitHub } from "@fleet/sandbox/github";
import { DiffCheckout } from "../../support/e2e/diff-checkout.js";
import { type AccessTokenArgs, Emulator, type RequestReport } from "../../support/e2e/emulator.js";
import { refusedComments } from "./refused-comments.js";

const owner = "acme";
const token = "a-token-for-tests";

interface Comment {
  readonly id: number;
  readonly body: string;
  readonly html_url: string;
  readonly user: { readonly login: string };
}

/** A copy of the program in a repository of its own, which is also on the emulator with a pull request. */
describe("fleet diff --comment", () => {
  const former = { ...process.env };
  let folder: string;
  let root: string;
  let checkout: DiffCheckout;
  let github: GitHubEmulator;
  let emulator: Emulator;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "fleet-comment-test-"));
    root = join(folder, "checkout");
    await mkdir(join(folder, "temporary"));
    github = await startGitHub({ dir: join(folder, "github"), owner, token });
    emulator = new Emulator({ GITHUB_BASE_URL: github.url, GITHUB_OWNER: owner, GITHUB_TOKEN: token });
    checkout = await DiffCheckout.create(root);
    await writeFile(join(root, "stacks/base/tenants/team-docs.yaml"), "name: team-docs\ndescription: Pages\n");
    for (const stack of ["staging", "prod-eu"]) {
      await writeFile(join(root, `stacks/${stack}/tenants/team-docs.yaml`), "{}\n");
    }
    const components = "  fleet:extraComponents: [image-reflector-controller, image-automation-controller]\n";
    await appendFile(join(root, "Pulumi.staging.yaml"), components);
    await commit("base");
    await emulated("POST", "orgs/:owner/repos", { name: "fleet", visibility: "private" });
    await git("push", "--quiet", pushUrl(), "main");
    await git("switch", "--quiet", "--create", "change");
    await rights();
    await commit("change");
    await git("push", "--quiet", pushUrl(), "change");
    await emulated("POST", "repos/:owner/fleet/issues", { title: "An issue" });
    for (const title of ["Change", "Closed", "Locked"]) {
      const branch = title.toLowerCase();
      if (branch !== "change") await git("push", "--quiet", pushUrl(), `change:${branch}`);
      await emulated("POST", "repos/:owner/fleet/pulls", { title, head: branch, base: "main" });
    }
    await emulated("PATCH", "repos/:owner/fleet/pulls/3", { state: "closed" });
    await emulated("PUT", "repos/:owner/fleet/issues/4/lock");
    await emulated("POST", "admin/users", { login: "reviewer" });
    await emulator.makeAccessToken({
      token: "workflow",
      app: "github-actions",
      ...onFleet({ pull_requests: "write" }),
    });
    await emulator.makeAccessToken({ token: "fork", app: "github-actions", ...onFleet({ pull_requests: "read" }) });
    await emulator.makeAccessToken({ token: "reads", login: "reviewer", ...onFleet({ pull_requests: "read" }) });
    await emulator.makeAccessToken({ token: "elsewhere", login: "reviewer", repositories: [] });
    await emulator.resetRequests();
  });

  afterEach(async () => {
    await git("checkout", "--quiet", "--force", "change");
    await emulator.clearFaults();
    for (const { id } of await comments()) await emulated("DELETE", `repos/:owner/fleet/issues/comments/${id}`);
    await emulator.resetRequests();
  });
  after(async () => {
    for (const name of ["GITHUB_BASE_URL", "GITHUB_TOKEN", "TMPDIR"]) {
      if (former[name] === undefined) delete process.env[name];
      else process.env[name] = former[name];
    }
    await github.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const onFleet = (permissions: NonNullable<AccessTokenArgs["permissions"]>) => ({
    repositories: ["fleet"],
    permissions,
  });
  const pushUrl = () => `${github.url.replace("//", `//git:${token}@`)}${owner}/fleet.git`;

  const git = (...args: string[]) => checkout.git(...args);
  const commit = (message: string) => checkout.commit(message);

  async function emulated(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await emulator.api(method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async function comments(): Promise<readonly Comment[]> {
    return (await emulated("GET", "repos/:owner/fleet/issues/2/comments")) as readonly Comment[];
  }

  /** A limit of one tenant, and the right of another to push to the default branch of its repository. */
  async function rights(): Promise<void> {
    await appendFile(join(root, "stacks/base/tenants/team-payments.yaml"), 'limits:\n  cpu: "20"\n');
    const automation = [
      "imageAutomation:",
      "  pushToDefaultBranch: true",
      "  images: {index: {image: ghcr.io/acme/index, range: ~1.4}}",
      "",
    ];
    await writeFile(join(root, "stacks/staging/tenants/team-search.yaml"), automation.join("\n"));
  }

  /** A repository that everyone may read, which a rule refuses. */
  async function publish(): Promise<void> {
    const file = join(root, "stacks/base/tenants/team-docs.yaml");
    await writeFile(file, `${await readFile(file, "utf8")}repository:\n  visibility: public\n`);
  }

  /** Runs the command as an account. One stack is enough for most tests: each costs a recording of both revisions. */
  async function diff({ as = token, on = "acme/fleet#2", args = ["staging"] as readonly string[] } = {}) {
    // A test that runs at the same time counts the folders of the usual one.
    const TMPDIR = join(folder, "temporary");
    Object.assign(process.env, { GITHUB_BASE_URL: github.url, GITHUB_TOKEN: as, TMPDIR });
    return await checkout.diff("--base", "main", "--without-flux", "--comment", on, ...args);
  }

  /** Requests that wrote, without those of the test: `POST /repos/…`. */
  function writesOf({ requests }: RequestReport): string[] {
    return requests
      .filter(({ method }) => method !== "GET")
      .map(({ method, url }) => `${method} ${url.replace(/^\/api\/v3/, "")}`);
  }

  it("keeps one comment, also when two run at once, and writes nothing when nothing changed", async () => {
    const runs = await Promise.all([diff({ as: "workflow" }), diff({ as: "workflow" })]);
    for (const { code, err } of runs) {
      assert.equal(code, 0, err);
      assert.match(err, /^Comment (created|unchanged|updated): http:.+\/acme\/fleet\/pull\/2#issuecomment-\d+\n$/);
    }
    const [comment, ...others] = await comments();
    assert.ok(comment !== undefined && others.length === 0);
    assert.equal(comment.user.login, "github-actions[bot]");

    await emulator.resetRequests();
    const again = await diff({ as: "workflow" });
    assert.deepEqual([again.code, again.err], [0, `Comment unchanged: ${comment.html_url}\n`]);
    // GraphQL tells whose token it is.
    assert.deepEqual(writesOf(await emulator.requests()), ["POST /api/graphql"]);
    assert.deepEqual(
      (await comments()).map(({ id }) => id),
      [comment.id],
    );
  });

  it("says the right to write first, in Markdown, and nothing of other tenants", async () => {
    const { code, out, err } = await diff({ args: ["--output", "json"] });
    assert.deepEqual([code, err.startsWith("Comment created: ")], [0, true]);
    assert.equal((JSON.parse(out) as { readonly stacks: string[] }).stacks.length, 2);
    const [{ body } = assert.fail()] = await comments();
    assert.match(body, /^<!-- fleet:diff sha256=[0-9a-f]{64} -->\n## fleet diff\n/);
    const [, first = "", second = ""] = body.split("\n### ");
    assert.match(first, /^Privileges\n/);
    assert.match(first, /\*\*Gained:\*\* deploy key `.+` may now push to and read `team-search`, on `staging`/);
    assert.match(first, /\*\*Gained:\*\* quota `payments\/tenant` raised: /);
    assert.match(second, /^Tenants\n/);
    assert.doesNotMatch(body, /team-docs/);
    assert.ok(body.length <= 65_000);
  });

  it("edits its comment when the document changes, and cuts it to the limit", async () => {
    await diff();
    const [first] = await comments();
    await publish();
    assert.equal((await diff({ args: ["--limit", "1500"] })).code, 1);
    const [edited, ...others] = await comments();
    assert.ok(edited !== undefined && others.length === 0);
    assert.deepEqual([edited.id, edited.body === first?.body], [first?.id, false]);
    assert.match(edited.body, /Left out, because the document would be too long/);
    assert.ok(edited.body.length <= 1600);
  });

  it("refuses a violating change with file and line: without a request, or with the comment as the only write", async () => {
    await publish();
    const refusal = /^stacks\/base\/tenants\/team-docs\.yaml:4: repository\.visibility: \[private-repositories\] /m;
    Object.assign(process.env, { GITHUB_BASE_URL: github.url, GITHUB_TOKEN: token });
    const plain = await checkout.diff("--base", "main", "--without-flux", "staging");
    assert.equal(plain.code, 1);
    assert.match(plain.err, refusal);
    assert.deepEqual((await emulator.requests()).requests, []);
    const { code, err } = await diff();
    assert.equal(code, 1);
    assert.match(err, refusal);
    assert.deepEqual(writesOf(await emulator.requests()), ["POST /repos/acme/fleet/issues/2/comments"]);
    const [{ body } = assert.fail()] = await comments();
    assert.match(
      body,
      /\n### Rules\n\n- \*\*Refused:\*\* `stacks\/base\/tenants\/team-docs\.yaml:4`: `repository\.visibility`: /,
    );
  });

  it("never edits a comment of another account, whatever it carries", async () => {
    await diff();
    const [own] = await comments();
    await diff({ as: "workflow" });
    const both = await comments();
    assert.deepEqual(
      both.map(({ user }) => user.login),
      ["acme-admin", "github-actions[bot]"],
    );
    assert.equal(both[0]?.body, own?.body);
  });

  it("refuses a comment that another hand edited, before it records anything", async () => {
    await diff();
    const [comment] = await comments();
    assert.ok(comment !== undefined);
    const body = `${comment.body}\nLooks good to me`;
    await emulated("PATCH", `repos/:owner/fleet/issues/comments/${comment.id}`, { body });
    await emulator.resetRequests();
    const { code, out, err } = await diff();
    assert.deepEqual([code, out], [1, ""]);
    assert.match(
      err,
      /#issuecomment-\d+: was edited after this command wrote it, and is left as it is\. Delete the comment/,
    );
    assert.deepEqual(writesOf(await emulator.requests()), []);
    await emulated("DELETE", `repos/:owner/fleet/issues/comments/${comment.id}`);
    assert.equal((await diff()).code, 0);
  });

  it("creates no second comment when GitHub loses the answer", async () => {
    await emulator.fault({ match: { method: "GET", path: "*/issues/2/comments" }, drop: true });
    assert.equal((await diff()).code, 0);
    assert.equal((await comments()).length, 1);
  });

  for (const [what, args, message] of refusedComments) {
    it(`refuses, before it records anything: ${what}`, async () => {
      const { code, out, err } = await diff(args);
      assert.deepEqual([code, out], [1, ""]);
      assert.match(err, message);
      assert.deepEqual(writesOf(await emulator.requests()), []);
    });
  }

  it("names the right that the token lacks, and has written nothing", async () => {
    for (const [as, message] of [
      [
        "reads",
        /GITHUB_TOKEN: GitHub did not write the comment on acme\/fleet#2: .+"Pull requests: write" .+issues=write/,
      ],
      ["fork", /a workflow of a fork's pull request never has it/],
    ] as const) {
      const { code, err } = await diff({ as });
      assert.equal(code, 1);
      assert.match(err, message);
      assert.deepEqual(await comments(), []);
    }
  });

  it("refuses a name of another form as a wrong argument", async () => {
    for (const on of ["fleet#2", "acme/fleet", "acme/fleet#0"]) {
      const { code, err } = await diff({ on });
      assert.equal(code, 2);
      assert.match(err, /It must have the form OWNER\/REPO#NUMBER, such as acme\/fleet#12\./);
    }
  });
});
