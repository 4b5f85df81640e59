import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { webhookPath, webhookToken } from "../../../../components/tenant/notifications/webhook.js";
import { resourcesOf } from "../../../../config/tenant/parts.js";
import { webhookParts } from "../../../../config/tenant/webhook/parts.js";
import type { Recording } from "../../../../review/record/recorder.js";
import { assertProblems, load } from "../../../support/unit/checkout-tree.js";
import { recordFleet } from "../../../support/unit/fleet.js";
import { fleetSpec, tenantSpec } from "../../../support/unit/spec.js";

const base = "stacks/base/tenants/team-a.yaml";
const overlay = "stacks/staging/tenants/team-a.yaml";
const reachable = { webhookUrl: "https://flux-webhook.example.com", ingressNamespaces: '["ingress-nginx"]' };

describe("a webhook is refused", () => {
  it("on a stack that GitHub cannot reach, in the file that asks for it", () => {
    assertProblems(
      { files: { [base]: "name: team-a\nwebhook: true\n" } },
      /^stacks\/base\/tenants\/team-a\.yaml:2: webhook: needs an address .* Pulumi\.staging\.yaml has no fleet:webhookUrl\. Set it .* or write webhook: false in stacks\/staging\/tenants\/team-a\.yaml\.$/,
    );
    assertProblems(
      { files: { [overlay]: "webhook: true\n" } },
      /^stacks\/staging\/tenants\/team-a\.yaml:1: webhook: needs an address/,
    );
  });

  it("and not where an overlay takes it back", () => {
    const files = { [base]: "name: team-a\nwebhook: true\n", [overlay]: "webhook: false\n" };
    assert.equal(load({ files }).tenants[0]?.webhook, false);
  });

  it("when it is not true or false", () => {
    assertProblems(
      { files: { [base]: "name: team-a\nwebhook: 'on'\n" }, config: reachable },
      /team-a\.yaml:2: webhook: must be true or false/,
    );
  });

  for (const [what, webhookUrl, problem] of [
    ["by http", "http://flux-webhook.example.com", /is an http URL/],
    ["with a path", "https://example.com/flux", /has a path, and Flux takes none before its own \/hook\//],
    ["with a query", "https://example.com/?a", /has a path/],
    ["with credentials", "https://hunter2@example.com", /contains credentials/],
    ["that is none", "flux-webhook.example.com", /is not a URL/],
  ] as const) {
    it(`with an address ${what}, which is not repeated`, () => {
      assertProblems({ config: { ...reachable, webhookUrl } }, new RegExp(`fleet:webhookUrl: ${problem.source}`));
    });
  }

  it("with an address from which no ingress controller may forward", () => {
    assertProblems(
      { config: { webhookUrl: "https://flux-webhook.example.com" } },
      /fleet:webhookUrl: leads to a receiver that nothing may speak to\. List .* fleet:ingressNamespaces/,
    );
  });
});

describe("a webhook's token", () => {
  const [part] = webhookParts(resourcesOf(tenantSpec("team-a")));
  assert.ok(part);
  const token = webhookToken("a private key", "staging", part);

  it("is too long to be guessed", () => {
    assert.match(token, /^[0-9a-f]{64}$/);
  });

  it("stays the same while the key does, and is another for every key, cluster, repository and namespace", () => {
    assert.equal(webhookToken("a private key", "staging", part), token);
    const others = [
      webhookToken("another private key", "staging", part),
      webhookToken("a private key", "prod-eu", part),
      webhookToken("a private key", "staging", { ...part, repository: "team-b" }),
      webhookToken("a private key", "staging", { ...part, namespace: "team-b" }),
    ];
    assert.equal(new Set([token, ...others]).size, 5);
  });

  it("leads to the path that Flux computes: /hook/ and sha256 of token, name and namespace", () => {
    // As notification-controller's own test has it: fmt.Sprintf("/hook/%x", sha256.Sum256([]byte(token + name + namespace))).
    const digest = createHash("sha256").update("tokentenant-webhookteam-a").digest("hex");
    assert.equal(webhookPath("token", { name: "tenant-webhook", namespace: "team-a" }), `/hook/${digest}`);
    // The literal that coreutils gives: printf 'tokenhook' | sha256sum
    assert.equal(
      webhookPath("token", { name: "hook", namespace: "" }),
      "/hook/23be32e12ff6296a228b3dde2cc32016c4b20d1301dc2649cf23ec107c4138ee",
    );
  });
});

describe("a tenant's webhook", () => {
  const receiver = "kubernetes:notification.toolkit.fluxcd.io/v1:Receiver";
  const hook = "github:index/repositoryWebhook:RepositoryWebhook";
  const flux = { ...fleetSpec().flux, ingressNamespaces: ["ingress-nginx"], webhookUrl: reachable.webhookUrl };

  it("is not there unless the file asks for it", async () => {
    const fleet = await recordFleet(fleetSpec({ flux, tenants: [tenantSpec("team-a")] }));
    assert.deepEqual([...fleet.ofType(receiver), ...fleet.ofType(hook)], []);
  });

  describe("as it is registered", () => {
    let fleet: Recording;
    before(async () => {
      fleet = await recordFleet(fleetSpec({ flux, tenants: [tenantSpec("team-a", { webhook: true })] }));
    });
    const configuration = () =>
      fleet.find(hook, "team-a.team-a.tenant-git-webhook-hook").inputs.configuration as Record<
        string,
        string | boolean
      >;

    it("is one webhook on the repository: signed, with certificates checked", () => {
      const { inputs, secretInputs } = fleet.find(hook, "team-a.team-a.tenant-git-webhook-hook");
      assert.equal(fleet.ofType(hook).length, 1);
      assert.equal(inputs.repository, "team-a");
      assert.deepEqual(inputs.events, ["push"]);
      assert.equal(inputs.active, true);
      assert.equal(configuration().contentType, "json");
      assert.equal(configuration().insecureSsl, false);
      assert.ok(secretInputs.includes("configuration"));
    });

    it("leads to the Receiver of the same token", () => {
      const secret = fleet.find("kubernetes:core/v1:Secret", "team-a.team-a.tenant-git-webhook-token");
      const token = Buffer.from((secret.inputs.data as { token: string }).token, "base64").toString();
      assert.ok(secret.secretInputs.includes("data"));
      assert.equal(configuration().secret, token);
      const path = webhookPath(token, { name: "tenant-webhook", namespace: "team-a" });
      assert.equal(configuration().url, `https://flux-webhook.example.com${path}`);
      assert.deepEqual(fleet.find(receiver, "team-a.team-a.tenant-git-webhook-receiver").inputs.spec, {
        type: "github",
        events: ["ping", "push"],
        resources: [{ apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", name: "team-a" }],
        secretRef: { name: "tenant-webhook" },
      });
    });

    it("has its Receiver follow a new token at once: Flux watches the Secret, and no other of the tenant", () => {
      const watched = fleet
        .ofType("kubernetes:core/v1:Secret")
        .filter(({ inputs }) => {
          const { labels = {} } = inputs.metadata as { readonly labels?: Readonly<Record<string, string>> };
          return labels["reconcile.fluxcd.io/watch"] === "Enabled";
        })
        .map(({ name }) => name);
      assert.deepEqual(watched, ["team-a.team-a.tenant-git-webhook-token"]);
    });

    it("comes before the quota on its kind, and goes before the repository is archived", () => {
      const one = fleet.find(receiver, "team-a.team-a.tenant-git-webhook-receiver");
      assert.ok(fleet.waitsFor(fleet.find("kubernetes:core/v1:ResourceQuota", "team-a.team-a-quota-flux"), one));
      const repository = fleet.find("github:index/repository:Repository", "team-a.team-a-repository-github");
      assert.ok(fleet.waitsFor(fleet.find(hook, "team-a.team-a.tenant-git-webhook-hook"), repository));
      assert.ok(fleet.waitsFor(fleet.find(hook, "team-a.team-a.tenant-git-webhook-hook"), one));
    });
  });

  it("is one for each repository in each namespace", () => {
    const tenant = tenantSpec("team-a", {
      repositories: { "Team.A": {} },
      namespaces: { jobs: {} },
      syncs: {
        other: { repository: "Team.A" },
        tagged: { path: "./tagged", ref: { tag: "v1" } },
        jobs: { namespace: "jobs" },
      },
    });
    const parts = resourcesOf(tenant);
    const webhooks = webhookParts(parts);
    assert.deepEqual(
      webhooks.map(({ repository: name, namespace, sources }) => [name, namespace, sources]),
      [
        ["team-a", "team-a", ["team-a", "tagged"]],
        ["Team.A", "team-a", ["other"]],
        ["team-a", "jobs", ["jobs"]],
      ],
    );
    const names = webhooks.map(({ name, namespace }) => `${namespace}/${name}`);
    assert.equal(new Set(names).size, 3);
    for (const name of names) assert.match(name, /\/tenant-webhook[-a-z0-9]*$/);
  });
});
