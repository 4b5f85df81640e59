import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CleanSystems } from "../../../../cli/clean/clean-stack.js";
import type { ApiClient } from "../../../../cli/cluster/api-client.js";
import { addCleanCommand } from "../../../../cli/commands/clean.js";
import { fleetLabels } from "../../../../lib/kubernetes/ownership-labels.js";
import { soundSettings, soundTree } from "../../../support/unit/checkout-tree.js";
import { older } from "../../../support/unit/lock-checkout.js";
import { runFleetWith } from "../../../support/unit/run-fleet.js";
import { httpServer, TestServers } from "../../../support/unit/servers.js";
import { writeTree } from "../../../support/unit/tree-files.js";

const title = "fleet/staging (read-only)";
const old = "2020-01-01T00:00:00Z";
const key = (id: number, text: string, own = title) => {
  return { id, title: own, key: `ssh-ed25519 ${text}`, read_only: true, created_at: old, last_used: null };
};
const lists: Readonly<Record<string, unknown>> = {
  "/orgs/acme/repos": [
    { name: "platform", topics: ["managed-by-fleet"], archived: false },
    { name: "gone", topics: ["managed-by-fleet"], archived: false },
    { name: "former", topics: ["managed-by-fleet"], archived: true },
    { name: "private-of-ada", topics: [], archived: false },
  ],
  "/repos/acme/platform/keys": [key(1, "STATE"), key(2, "SECRET"), key(3, "LOST"), key(4, "ADA", "laptop of Ada")],
  "/repos/acme/gone/keys": [key(5, "LOST2")],
};

/** A key as OpenSSH writes it, with the content of its public half. Its private half is none. */
function sshKey(): { readonly privateKey: string; readonly publicKey: string } {
  const text = (content: Buffer | string) => {
    const bytes = Buffer.from(content);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const half = Buffer.concat([text("ssh-ed25519"), text(Buffer.alloc(32, 7))]);
  const count = Buffer.from([0, 0, 0, 1]);
  const parts = [Buffer.from("openssh-key-v1\0"), text("none"), text("none"), text(""), count, text(half)];
  const encoded = Buffer.concat(parts).toString("base64");
  const privateKey = `-----BEGIN OPENSSH PRIVATE KEY-----\n${encoded}\n-----END OPENSSH PRIVATE KEY-----\n`;
  return { privateKey, publicKey: half.toString("base64") };
}

describe("fleet clean", () => {
  let root: string;
  let servers: TestServers;
  let requests: string[];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-clean-"));
    writeTree(root, {
      ...soundTree,
      "Pulumi.staging.yaml": soundSettings("fleet:githubOwner: acme"),
      "flux.lock.json": JSON.stringify({ "v2.9.2": older }),
    });
    servers = new TestServers();
    requests = [];
  });
  afterEach(async () => {
    rmSync(root, { recursive: true, force: true });
    await servers.stop();
  });

  async function gitHub() {
    const { port } = await servers.started(
      httpServer(({ method = "", url = "" }, response) => {
        const path = url.slice("/api/v3".length).split("?")[0] ?? "";
        requests.push(`${method} ${path}`);
        const list = method === "GET" ? lists[path] : undefined;
        response.writeHead(method === "DELETE" ? 204 : list === undefined ? 404 : 200, {
          "content-type": "application/json",
        });
        response.end(method === "DELETE" ? undefined : JSON.stringify(list ?? { message: "Not Found" }));
      }),
    );
    return { GITHUB_TOKEN: "token", GITHUB_BASE_URL: `http://127.0.0.1:${port}/` };
  }

  const secret = (name: string, data: object) => ({ metadata: { name, namespace: "flux-system" }, data });
  const base64 = (text: string) => Buffer.from(text).toString("base64");

  function cluster(secrets: readonly object[], stack = "staging"): ApiClient {
    const answers: Readonly<Record<string, unknown>> = {
      "/api/v1/namespaces/flux-system": { metadata: { labels: fleetLabels(stack) } },
      "/api/v1/secrets": { items: secrets },
      "/apis/notification.toolkit.fluxcd.io/v1/receivers": { items: [] },
    };
    return {
      context: "",
      server: "https://cluster",
      requests: () => 0,
      send: async ({ path }) => ({ status: 200, body: answers[path.split("?", 1)[0] ?? ""] }),
      end: () => undefined,
    };
  }

  const state = {
    deployment: {
      resources: [
        { type: "github:index/repositoryDeployKey:RepositoryDeployKey", inputs: { key: "ssh-ed25519 STATE" } },
      ],
    },
  };

  async function clean(systems: Partial<CleanSystems>, args: readonly string[], answer?: boolean) {
    const use: CleanSystems = {
      environment: await gitHub(),
      connect: async () => cluster([secret("git", { "identity.pub": base64("ssh-ed25519 SECRET comment") })]),
      isUpdating: async () => false,
      exportState: async () => state,
      now: Date.now,
      ...systems,
    };
    const ask = answer === undefined ? undefined : async () => answer;
    const result = await runFleetWith(
      (program, streams) => addCleanCommand(program, streams, root, use, ask),
      "clean",
      "staging",
      ...args,
    );
    return { ...result, removed: requests.filter((one) => one.startsWith("DELETE")) };
  }

  it("removes what nothing uses, in the repositories of the fleet alone", async () => {
    const { code, removed, out, err } = await clean({}, ["--yes"]);
    assert.equal(code, 0, err);
    assert.deepEqual(removed, ["DELETE /repos/acme/platform/keys/3", "DELETE /repos/acme/gone/keys/5"]);
    assert.match(out, /acme\/platform.*fleet\/staging \(read-only\).*SHA256:.*to be removed/);
    assert.match(out, /Not read, because they are archived: former\./);
    assert.match(out, /Not read, because GitHub shows no such repositories: team-a\./);
    assert.ok(!requests.some((one) => one.includes("private-of-ada")));
  });

  it("removes nothing in a dry run, without a terminal, and without consent", async () => {
    const dry = await clean({}, ["--dry-run"]);
    assert.deepEqual([dry.code, dry.removed], [0, []]);
    const mute = await clean({}, []);
    assert.deepEqual([mute.code, mute.removed], [2, []]);
    const refused = await clean({}, [], false);
    assert.deepEqual([refused.code, refused.removed], [1, []]);
    assert.match(refused.err, /Nothing was removed/);
  });

  it("removes nothing while an update runs, or when one began after the question", async () => {
    const running = await clean({ isUpdating: async () => true }, ["--yes"]);
    assert.deepEqual([running.code, running.removed], [3, []]);
    assert.match(
      running.err,
      /an update runs on the stack, or was killed and left its lock.*pulumi cancel --stack staging/,
    );
    let asked = 0;
    const isUpdating = async () => {
      asked += 1;
      return asked > 1;
    };
    const later = await clean({ isUpdating }, ["--yes"]);
    assert.deepEqual([later.code, later.removed], [3, []]);
  });

  it("reads GitHub before it asks for the lock, and the state after that", async () => {
    const order: string[] = [];
    const isUpdating = async () => order.push(`lock after ${requests.length} requests`) < 0;
    const exportState = async () => {
      order.push("state");
      return state;
    };
    await clean({ isUpdating, exportState }, ["--dry-run"]);
    assert.deepEqual(order, ["lock after 3 requests", "state"]);
  });

  it("keeps what is younger than a day where the backend hides its locks", async () => {
    const young = { ...key(9, "YOUNG"), created_at: new Date().toISOString() };
    const { "/repos/acme/gone/keys": before } = lists;
    Object.assign(lists, { "/repos/acme/gone/keys": [young] });
    try {
      const { removed } = await clean({ isUpdating: async () => undefined }, ["--yes", "--unused-for", "0d"]);
      assert.deepEqual(removed, ["DELETE /repos/acme/platform/keys/3"]);
      requests = [];
      const visible = await clean({}, ["--yes", "--unused-for", "0d"]);
      assert.deepEqual(visible.removed, ["DELETE /repos/acme/platform/keys/3", "DELETE /repos/acme/gone/keys/9"]);
    } finally {
      Object.assign(lists, { "/repos/acme/gone/keys": before });
    }
  });

  it("removes nothing when KUBECONFIG leads to another cluster, whose Secrets would prove nothing", async () => {
    const { code, err, removed } = await clean({ connect: async () => cluster([], "prod-eu") }, ["--yes"]);
    assert.deepEqual([code, removed], [3, []]);
    assert.match(err, /belongs to prod-eu, and not to the cluster of staging/);
  });

  it("removes nothing when a Secret has a key whose public half is unknown", async () => {
    const secrets = [secret("odd", { identity: base64("-----BEGIN RSA PRIVATE KEY-----\n") })];
    const { code, err, removed } = await clean({ connect: async () => cluster(secrets) }, ["--yes"]);
    assert.deepEqual([code, removed], [3, []]);
    assert.match(err, /Secret flux-system\/odd: has a private key \(identity\) whose public half is unknown/);
  });

  it("removes nothing of another organisation, which GITHUB_OWNER names", async () => {
    const environment = { ...(await gitHub()), GITHUB_OWNER: "umbrella" };
    const { code, err, removed } = await clean({ environment }, ["--yes"]);
    assert.deepEqual([code, removed, requests], [3, [], []]);
    assert.match(err, /GITHUB_OWNER: differs from fleet:githubOwner in Pulumi\.staging\.yaml, which is acme/);
  });

  it("keeps keys where GitHub does not tell whether they are used, as older Enterprise Servers", async () => {
    const { last_used: _, ...untold } = key(9, "UNTOLD");
    const { "/repos/acme/gone/keys": before } = lists;
    Object.assign(lists, { "/repos/acme/gone/keys": [untold] });
    try {
      const { removed, out } = await clean({}, ["--yes"]);
      assert.deepEqual(removed, ["DELETE /repos/acme/platform/keys/3"]);
      assert.match(out, /acme\/gone.*stays: used at an/);
    } finally {
      Object.assign(lists, { "/repos/acme/gone/keys": before });
    }
  });

  it("names the Secret that keeps a key, whatever its name there", async () => {
    const { out, removed } = await clean({}, ["--yes"]);
    assert.match(out.replace(/\s+/g, " "), /stays: in the Secret/);
    assert.deepEqual(removed, ["DELETE /repos/acme/platform/keys/3", "DELETE /repos/acme/gone/keys/5"]);
  });

  it("keeps a key whose copy in a Secret has another name", async () => {
    const { privateKey, publicKey } = sshKey();
    const { "/repos/acme/gone/keys": before } = lists;
    Object.assign(lists, { "/repos/acme/gone/keys": [key(9, publicKey)] });
    try {
      const copy = secret("copy", { "ssh-privatekey": base64(privateKey) });
      const kept = await clean({ connect: async () => cluster([copy]) }, ["--yes"]);
      assert.ok(kept.removed.length > 0 && !kept.removed.includes("DELETE /repos/acme/gone/keys/9"));
    } finally {
      Object.assign(lists, { "/repos/acme/gone/keys": before });
    }
  });

  it("is not stopped by a Secret whose identity is no private key", async () => {
    const secrets = [secret("app", { identity: base64("web-frontend") })];
    const { code, err } = await clean({ connect: async () => cluster(secrets) }, ["--dry-run"]);
    assert.equal(code, 0, err);
  });

  it("removes nothing when another stack of the checkout has the same webhook address, in any spelling", async () => {
    const ingress = "fleet:ingressNamespaces: [ingress]";
    const settings = (url: string) => soundSettings("fleet:githubOwner: acme", ingress, `fleet:webhookUrl: ${url}`);
    writeTree(root, {
      "Pulumi.staging.yaml": settings("https://flux.example.com"),
      "Pulumi.twin.yaml": settings("https://FLUX.example.com:443/"),
      "stacks/twin/tenants/.keep": "",
    });
    const { code, err, removed } = await clean({}, ["--yes"]);
    assert.deepEqual([code, removed], [1, []]);
    assert.match(err, /the webhook address of twin too/);
  });

  it("removes nothing when another stack of the checkout has the same cluster name", async () => {
    writeTree(root, { "Pulumi.twin.yaml": soundSettings("fleet:cluster: staging"), "stacks/twin/tenants/.keep": "" });
    const { code, err, removed } = await clean({}, ["--yes"]);
    assert.deepEqual([code, removed], [1, []]);
    assert.match(err, /has the cluster name or the webhook address of twin too/);
  });
});
