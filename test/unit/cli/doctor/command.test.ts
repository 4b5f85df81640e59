import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addDoctorCommand, type DoctorSystems } from "../../../../cli/commands/doctor.js";
import type { RanTool } from "../../../../cli/doctor/read-tools.js";
import { fleetLabels } from "../../../../lib/kubernetes/ownership-labels.js";
import { appServer } from "../../../support/unit/app-server.js";
import { soundSettings, soundTree } from "../../../support/unit/checkout-tree.js";
import { FakeClusters } from "../../../support/unit/fake-cluster-server.js";
import { older } from "../../../support/unit/lock-checkout.js";
import { runFleetWith } from "../../../support/unit/run-fleet.js";
import { httpServer, TestServers } from "../../../support/unit/servers.js";
import { writeTree } from "../../../support/unit/tree-files.js";

const tree = {
  ...soundTree,
  "Pulumi.staging.yaml": soundSettings("fleet:githubOwner: acme"),
  "flux.lock.json": JSON.stringify({ "v2.9.2": older }),
  "package.json": JSON.stringify({ engines: { node: ">=20.19" } }),
};

/** Outputs of programs by their first two words. A program without any does not start. */
const outputs: Readonly<Record<string, string>> = {
  "pulumi version": "v3.276.0\n",
  "pulumi whoami": JSON.stringify({ user: "ada", url: "s3://state" }),
  "pulumi stack": JSON.stringify([{ name: "staging", updateInProgress: false }]),
  "git --version": "git version 2.47.3\n",
  "kubectl version": "Client Version: v1.36.1\n",
  "kubectl --context": "yes\n",
  "flux --version": "flux version 2.9.2\n",
};

interface GitHubAnswers {
  readonly [path: string]: { readonly status?: number; readonly headers?: object; readonly data?: unknown } | undefined;
}

const classic = { "/user": { headers: { "x-oauth-scopes": "repo, read:org" }, data: { login: "ada" } } };

describe("fleet doctor", () => {
  let root: string;
  let clusters: FakeClusters;
  let servers: TestServers;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-doctor-"));
    writeTree(root, tree);
    clusters = new FakeClusters();
    servers = new TestServers();
  });
  afterEach(async () => {
    rmSync(root, { recursive: true, force: true });
    await servers.stop();
    await clusters.end();
  });

  /** A GitHub that answers by path, and the variables that lead to it. */
  async function gitHub(answers: GitHubAnswers, date = new Date().toUTCString()) {
    const { port } = await servers.started(
      httpServer(({ url = "" }, response) => {
        const {
          status = 200,
          headers = {},
          data = [],
        } = answers[url.slice("/api/v3".length).split("?")[0] ?? ""] ?? { status: 404 };
        response.writeHead(status, { "content-type": "application/json", date, ...headers });
        response.end(JSON.stringify(data));
      }),
    );
    return { GITHUB_TOKEN: "token-of-the-test", GITHUB_BASE_URL: `http://127.0.0.1:${port}/` };
  }

  const namespace = (stack: string) => ({ metadata: { name: "flux-system", labels: fleetLabels(stack) } });
  const version = { "/version": { gitVersion: "v1.36.1" } };

  async function soundEnvironment() {
    await clusters.add("one", { ...version, "/api/v1/namespaces/flux-system": namespace("staging") });
    const platform = "/repos/acme/platform";
    const rights = { [`${platform}/keys`]: {}, [`${platform}/contents`]: {} };
    return {
      ...(await gitHub({ ...classic, ...rights })),
      ...clusters.environment("one"),
      PULUMI_CONFIG_PASSPHRASE: "",
    };
  }

  async function doctor(systems: Partial<DoctorSystems> = {}, ran: Readonly<Record<string, string>> = outputs) {
    const run = async (command: string, args: readonly string[]): Promise<RanTool> => {
      const stdout = ran[`${command} ${args[0]}`];
      return { failed: stdout === undefined, stdout: stdout ?? "", stderr: "error: not there\n" };
    };
    const environment = systems.environment ?? (await soundEnvironment());
    const use = { node: "22.1.0", now: Date.now, run, ...systems, environment };
    const args = ["doctor", "staging", "--output", "json"];
    const { code, out, err } = await runFleetWith(
      (program, streams) => addDoctorCommand(program, streams, root, use),
      ...args,
    );
    const { checks } = JSON.parse(out) as { checks: { area: string; name: string; result: string; fix?: string }[] };
    const wrong = checks
      .filter(({ result }) => result !== "ok")
      .map(({ area, name, result }) => `${result}: ${area}, ${name}`);
    return { code, err, wrong, checks };
  }

  it("finds nothing wrong with a machine that is ready", async () => {
    const { code, wrong, err } = await doctor();
    assert.deepEqual([wrong, code, err], [[], 0, ""]);
  });

  it("checks a GitHub App by its installation: its permissions, its repositories and the clock", async () => {
    const installation = {
      app_id: 7,
      account: { login: "acme" },
      permissions: { administration: "write" },
      repository_selection: "selected",
      suspended_at: null,
    };
    const date = new Date(Date.now() + 40 * 60_000).toUTCString();
    const { environment, requests } = await appServer(servers, {
      answer: () => ({ body: installation, headers: { date } }),
    });
    const base = await soundEnvironment();
    const { code, wrong, checks } = await doctor({
      environment: { ...base, ...environment, GITHUB_TOKEN: undefined },
    });
    assert.equal(code, 1);
    assert.deepEqual(wrong, [
      "warning: GitHub, repositories",
      "problem: GitHub, GITHUB_APP_ID",
      "problem: GitHub, GITHUB_APP_ID",
      "problem: GitHub, clock",
    ]);
    const fixes = checks.map(({ fix }) => fix).join("\n");
    assert.match(
      fixes,
      /Give the App the permission Contents: write.*\n.*fleet:platformRepository\.protection\.app: 7/,
    );
    assert.deepEqual(
      requests.map(({ line }) => line),
      ["GET /api/v3/app/installations/9"],
    );
  });

  it("names the App's key that GitHub does not know", async () => {
    const answer = () => ({ status: 401, body: { message: "A JSON web token could not be decoded" } });
    const { environment } = await appServer(servers, { answer });
    const { wrong } = await doctor({
      environment: { ...(await soundEnvironment()), ...environment, GITHUB_TOKEN: undefined },
    });
    assert.deepEqual(wrong, ["problem: GitHub, GITHUB_APP_PEM_FILE"]);
  });

  it("names each missing tool, an old Node, and what is missing for pulumi", async () => {
    const { code, wrong, err } = await doctor({ node: "20.1.0" }, {});
    assert.equal(code, 1);
    assert.deepEqual(wrong, [
      "problem: tools, Node",
      "problem: tools, pulumi",
      "warning: tools, git",
      "warning: tools, kubectl",
      "warning: tools, flux",
      "problem: pulumi, login",
      "warning: cluster, rights",
    ]);
    assert.match(err, /^3 problems\. What to do:\n {2}tools, Node: Install Node 20\.19 or newer$/m);
  });

  it("tells a locked stack, one that is not in the backend, and a missing passphrase", async () => {
    const environment = { ...(await soundEnvironment()), PULUMI_CONFIG_PASSPHRASE: undefined };
    const locked = JSON.stringify([{ name: "organization/fleet/staging", updateInProgress: true }]);
    const { wrong, err } = await doctor({ environment }, { ...outputs, "pulumi stack": locked });
    assert.deepEqual(wrong, ["problem: pulumi, stack staging", "problem: pulumi, passphrase"]);
    assert.match(err, /pulumi cancel --stack staging/);
    const none = await doctor({}, { ...outputs, "pulumi stack": "[]" });
    assert.deepEqual([none.wrong, none.code], [["warning: pulumi, stack staging"], 0]);
  });

  it("names the scope or permission that a token lacks, and what it is for", async () => {
    writeTree(root, { "stacks/base/tenants/team-a.yaml": "name: team-a\nteam:\n  name: team-a\n" });
    const { code, wrong, err } = await doctor();
    assert.deepEqual([code, wrong], [1, ["problem: GitHub, scope admin:org"]]);
    assert.match(err, /Add the scope admin:org to the token: it is for teams of tenants, and their members/);
    const fine = await gitHub({
      "/user": {
        data: { login: "ada" },
        headers: { "github-authentication-token-expiration": "2026-11-30 00:00:00 UTC" },
      },
      "/repos/acme/platform": {},
      "/repos/acme/platform/keys": { status: 403 },
      "/repos/acme/platform/contents": {},
      "/orgs/acme/teams": { status: 403 },
    });
    const environment = { ...(await soundEnvironment()), ...fine };
    const { wrong: lacking } = await doctor({ environment, now: () => Date.parse("2026-11-27T00:00:00Z") });
    assert.deepEqual(
      lacking.filter((one) => !one.endsWith("clock")),
      [
        "warning: GitHub, end of the token",
        "problem: GitHub, permission Administration: write",
        "problem: GitHub, permission Members: write",
      ],
    );
  });

  it("names the scope for workflows where the files want any, and says that no request shows the permission", async () => {
    writeTree(root, { "stacks/base/tenants/team-a.yaml": "name: team-a\nrepository:\n  scaffold: helm\n" });
    const { wrong, err } = await doctor();
    assert.deepEqual(wrong, ["problem: GitHub, scope workflow"]);
    assert.match(err, /Add the scope workflow to the token: it is for workflows in repositories/);
    const platform = "/repos/acme/platform";
    const rights = { [platform]: {}, [`${platform}/keys`]: {}, [`${platform}/contents`]: {} };
    const fine = await gitHub({ "/user": { data: { login: "ada" } }, ...rights });
    const { wrong: unknown } = await doctor({ environment: { ...(await soundEnvironment()), ...fine } });
    assert.deepEqual(unknown, ["warning: GitHub, permission Workflows: write"]);
  });

  it("tells variables that are missing, a refused token, and a GitHub that does not answer", async () => {
    const sound = await soundEnvironment();
    const without = await doctor({ environment: { ...sound, GITHUB_TOKEN: undefined } });
    assert.deepEqual(without.wrong, ["problem: GitHub, GITHUB_TOKEN"]);
    for (const status of [401, 503]) {
      const environment = { ...sound, ...(await gitHub({ "/user": { status } })) };
      assert.deepEqual((await doctor({ environment })).wrong, ["problem: GitHub, API"]);
    }
  });

  it("tells a cluster of another stack, one that refuses, none at all, and a lack of rights", async () => {
    const sound = await soundEnvironment();
    await clusters.add("two", { ...version, "/api/v1/namespaces/flux-system": namespace("prod-eu") });
    await clusters.add("three", { "/version": 401 });
    await clusters.add("bare", version);
    await clusters.add("foreign", { "/version": {} });
    const wrongOf = async (current: string | undefined, ran = outputs) => {
      return (await doctor({ environment: { ...sound, ...clusters.environment(current) } }, ran)).wrong;
    };
    assert.deepEqual(await wrongOf("two"), ["problem: cluster, stack"]);
    assert.deepEqual(await wrongOf("three"), ["problem: cluster, API server"]);
    assert.deepEqual(await wrongOf("foreign"), ["problem: cluster, API server"]);
    assert.deepEqual(await wrongOf(undefined), ["problem: cluster, KUBECONFIG"]);
    assert.deepEqual(await wrongOf("bare"), []);
    assert.deepEqual(await wrongOf("one", { ...outputs, "kubectl --context": "Warning: x\nno\n" }), [
      "problem: cluster, rights",
    ]);
  });

  it("tells a wrong clock, and faulty files", async () => {
    const { wrong } = await doctor({ now: () => Date.now() + 3_600_000 });
    assert.deepEqual(wrong, ["problem: GitHub, clock", "problem: cluster, clock"]);
    writeTree(root, { "stacks/staging/tenants/team-a.yaml": "quota: 1\n" });
    const { wrong: faults, code } = await doctor();
    assert.deepEqual([faults, code], [["problem: files, staging"], 1]);
  });
});
