import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type KubernetesObject, KubernetesObjectApi } from "@kubernetes/client-node";
import { DryRun } from "../../support/e2e/dry-run.js";
import { editYaml } from "../../support/e2e/edit-yaml.js";
import { runFleetCommand } from "../../support/e2e/fleet-command.js";
import { isReady } from "../../support/e2e/flux-objects.js";
import type { TestEnvironment, TestSandbox } from "../../support/e2e/sandbox.js";
import { declareTenant, type SharedStack } from "../../support/e2e/shared-stack.js";
import { pushMeanwhile } from "../../support/e2e/steady-tenant.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { WebServer } from "../../support/e2e/web-server.js";
import { configMap } from "../../support/objects/configuration.js";
import { provider } from "../../support/objects/notifications.js";
import { reference } from "../../support/objects/object.js";

const team = "team-events";
const token = "the-token-of-the-pager";
const key = "events-are-signed-with-this";

/** The fields of an event that the tests read. */
interface FluxEvent {
  readonly involvedObject: { readonly kind: string; readonly namespace: string; readonly name: string };
  readonly severity: string;
  readonly message: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A Receiver, as far as the tests look at it. */
interface Receiver extends KubernetesObject {
  readonly status?: {
    readonly webhookPath?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

describe("A tenant's notifications", function () {
  this.timeout(15 * 60_000);
  const shared = declareTenant(team, async (sandbox, { variables }) => {
    pager = await WebServer.start();
    sandbox.endsBefore(pager);
    log = await WebServer.start();
    sandbox.endsBefore(log);
    return {
      base: {
        notifications: {
          pager: { type: "generic", address: pager.url, secret: "pager", syncs: [team] },
          log: { type: "generic-hmac", address: log.url, secret: "log", events: "info" },
        },
        webhook: true,
        // The interval does not matter, because the webhook reports each push.
        sync: { interval: "1h" },
      },
      settings: { webhookUrl: variables.FLEET_WEBHOOK_URL, ingressNamespaces: ["ingress-nginx"] },
      secrets: { pager: token, log: key },
    };
  });
  let pager: WebServer;
  let log: WebServer;
  let stack: SharedStack;
  let sandbox: TestSandbox;
  let staging: TestEnvironment;
  let tenant: Tenant;

  before(async () => {
    stack = await shared();
    ({ sandbox, staging } = stack);
    tenant = await Tenant.of(sandbox, staging, team);
  });

  it("are refused while the stack lacks their secrets, or has one in plain text", async () => {
    const program = await stack.copy();
    await editYaml(join(program, "Pulumi.staging.yaml"), (settings) => settings.deleteIn(["config", "fleet:secrets"]));
    const set = ["config", "set", "--path", "--plaintext", `fleet:secrets.${team}.other`, token];
    await staging.engine.succeed(set, { cwd: program });
    const refused = await staging.engine.upFails({ cwd: program });
    assert.match(
      refused,
      /notifications\.pager\.secret: "pager" is no secret .*--secret fleet:secrets\.team-events\.pager/,
    );
    assert.match(refused, /notifications\.log\.secret: "log" is no secret/);
    assert.match(refused, /Pulumi\.staging\.yaml: fleet:secrets: is not encrypted/);
    assert.ok(!refused.includes(token), "the message repeats a secret");
  });

  it("take their secrets from the stack's encrypted configuration, and show them nowhere", async () => {
    const settings = await readFile(join(stack.program, "Pulumi.staging.yaml"), "utf8");
    assert.doesNotMatch(settings, new RegExp(`${token}|${key}`));
    assert.doesNotMatch(stack.printed, new RegExp(`${token}|${key}`));
    const state = await staging.engine.exportText();
    for (const secret of [token, key]) {
      for (const form of [secret, Buffer.from(secret).toString("base64")]) assert.ok(!state.includes(form), form);
    }
    await tenant.applied(await tenant.clone.git("rev-parse", "HEAD"));
  });

  it("report a successful sync where all events are wanted, signed, and not where only errors are", async () => {
    const commit = await tenant.push(configMap({ name: "told" }, { value: "1" }));
    await tenant.applied(commit);
    const request = await waitFor(
      () => log.requests.find(({ body }) => body.includes(commit) && body.includes(`ConfigMap/${team}/told created`)),
      { describe: () => JSON.stringify(log.requests.map(({ body }) => body)) },
    );
    const signature = createHmac("sha256", key).update(request.body).digest("hex");
    assert.equal(request.headers["x-signature"], `sha256=${signature}`);
    assert.deepEqual(pager.requests, []);
  });

  it("report a failed sync, with its name, its cluster and the reason", async () => {
    const commit = await tenant.push(configMap({ name: "Not_A_Name" }));
    const request = await waitFor(() => pager.requests.find(({ body }) => body.includes(commit)), {
      timeout: 120_000,
      describe: async () => JSON.stringify((await tenant.flux.get(tenant.sync)).status),
    });
    assert.equal(request.headers.authorization, `Bearer ${token}`);
    const event = JSON.parse(request.body) as FluxEvent;
    assert.deepEqual(
      { kind: event.involvedObject.kind, namespace: event.involvedObject.namespace, name: event.involvedObject.name },
      tenant.sync,
    );
    assert.equal(event.severity, "error");
    assert.match(event.message, /Not_A_Name/);
    assert.equal(event.metadata?.cluster, "staging");
  });

  describe("and its webhook", () => {
    const hooks = async () => {
      const { status, body } = await (await sandbox.github()).api("GET", `repos/:owner/${tenant.repository}/hooks`);
      assert.equal(status, 200);
      return body as readonly { readonly active: boolean; readonly config: { readonly url: string } }[];
    };
    let url: string;

    it("has the address of the Receiver on GitHub, by the same update", async () => {
      const receiver = await waitFor(
        async () => {
          const { status } = await staging.kubernetes
            .objects()
            .read<Receiver>(reference("Receiver", { name: "tenant-webhook", namespace: tenant.namespace }));
          return status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") && status;
        },
        { describe: () => "the Receiver is Ready" },
      );
      const [hook, ...others] = await hooks();
      assert.ok(hook?.active);
      assert.deepEqual(others, []);
      url = hook.config.url;
      assert.equal(new URL(url).pathname, receiver.webhookPath);
      assert.equal(`${new URL(url).origin}/`, staging.variables.FLEET_WEBHOOK_URL);
    });

    it("makes Flux apply a push although the interval is an hour", async () => {
      const commit = await tenant.commit(configMap({ name: "pushed" }, { value: "1" }));
      await tenant.clone.push();
      await tenant.applied(commit);
    });

    it("refuses requests without the token", async () => {
      const body = JSON.stringify({ ref: "refs/heads/main" });
      const signature = createHmac("sha256", "a guess").update(body).digest("hex");
      for (const headers of [{}, { "x-hub-signature-256": `sha256=${signature}` }]) {
        const response = await fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json", "x-github-event": "push", ...headers },
          body,
        });
        await response.arrayBuffer();
        assert.equal(response.status, 400);
      }
    });

    it("follows a rotation of the key: a team that pushes every 2 s by webhook notices nothing", async () => {
      const rotate = ["tenant", "rotate-keys", team, "--stack", "staging", "--yes"];
      const rotation = runFleetCommand(staging, await stack.checkout(), ...rotate);
      const { commits, problems } = await pushMeanwhile(rotation, tenant, staging);
      const { code, out, err } = await rotation;
      assert.equal(code, 0, `${out}${err}`);
      assert.deepEqual(problems, []);
      assert.ok(commits.length > 2, `${commits.length} pushes`);
      // The interval is an hour, so the webhook reports this push, or nothing does.
      const commit = await tenant.commit(configMap({ name: "after-rotation" }, { value: "1" }));
      await tenant.clone.push();
      const isApplied = (revision = "") => revision.endsWith(commit);
      await tenant.flux.waitFor(
        tenant.sync,
        (one) => isReady(one) && isApplied(one.status?.lastAppliedRevision),
        60_000,
      );
    });
  });

  it("cannot be redirected by the tenant, which may make its own", async () => {
    const { namespace } = tenant;
    const account = await staging.kubernetes.serviceAccount(namespace, "reconciler");
    const spec = { address: "https://elsewhere.example.com/" };
    const changed = await new DryRun(account).change(
      reference("Provider", { name: "tenant-notify-pager", namespace }),
      { spec },
    );
    assert.match(changed ?? "", /fleet-owned-objects/);
    const reconciler = KubernetesObjectApi.makeApiClient(account);
    const mine = provider({ name: "mine", namespace }, spec);
    // The quota refuses everything until Kubernetes has counted for the first time, soon after the namespace came.
    await waitFor(async () => (await reconciler.create(mine)) !== undefined, { describe: () => "it makes none" });
    await reconciler.delete(mine);
  });
});
