import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type KubernetesObject, KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";
import { copyProgram } from "../support/program-copy.js";
import { editYaml } from "../support/program-settings.js";
import { type TestEnvironment, TestSandbox } from "../support/sandbox.js";
import { Tenant } from "../support/tenant.js";
import { waitFor } from "../support/wait-for.js";
import { WebServer } from "../support/web-server.js";

const token = "the-pager-is-told-by-whoever-knows-this";
const key = "events-are-signed-with-this";

/** What Flux tells of, as far as the tests look at it. */
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
  let sandbox: TestSandbox;
  let staging: TestEnvironment;
  let payments: Tenant;
  let program: string;
  let pager: WebServer;
  let log: WebServer;

  before(async () => {
    sandbox = await TestSandbox.create();
    staging = await sandbox.environment();
    pager = await WebServer.start();
    log = await WebServer.start();
    program = await copyProgram(await sandbox.scratch("program"));
    await editYaml(program, "stacks/base/tenants/team-payments.yaml", [
      [
        ["notifications"],
        {
          pager: { type: "generic", address: pager.url, secret: "pager", syncs: ["team-payments"] },
          log: { type: "generic-hmac", address: log.url, secret: "log", events: "info" },
        },
      ],
      [["webhook"], true],
      // Nobody waits for it: a push is told.
      [["sync", "interval"], "1h"],
    ]);
    await editYaml(program, "Pulumi.staging.yaml", [
      [["config", "fleet:webhookUrl"], staging.variables.FLEET_WEBHOOK_URL],
      [["config", "fleet:ingressNamespaces"], ["ingress-nginx"]],
    ]);
  });
  after(async () => {
    await sandbox?.end();
    await pager?.end();
    await log?.end();
  });

  const set = (name: string, value: string, ...flags: readonly string[]) =>
    staging.engine.succeed(["config", "set", "--path", ...flags, `fleet:secrets.team-payments.${name}`, value], {
      cwd: program,
    });

  it("are refused while the stack lacks their secrets, or has them in plain text", async () => {
    const missing = await staging.engine.upFails({ cwd: program });
    assert.match(
      missing,
      /notifications\.pager\.secret: "pager" is no secret .*--secret fleet:secrets\.team-payments\.pager/,
    );
    assert.match(missing, /notifications\.log\.secret: "log" is no secret/);

    await set("pager", token, "--plaintext");
    await set("log", key, "--plaintext");
    const plain = await staging.engine.upFails({ cwd: program });
    assert.match(plain, /Pulumi\.staging\.yaml: fleet:secrets: is not encrypted/);
    assert.ok(!plain.includes(token), "the message repeats a secret");
  });

  it("take their secrets from the stack's encrypted configuration, and show them nowhere", async () => {
    await set("pager", token, "--secret");
    await set("log", key, "--secret");
    assert.doesNotMatch(await readFile(join(program, "Pulumi.staging.yaml"), "utf8"), new RegExp(`${token}|${key}`));
    const { all } = await staging.engine.up({ cwd: program });
    assert.doesNotMatch(all, new RegExp(`${token}|${key}`));
    const state = await staging.engine.exportText();
    for (const secret of [token, key]) {
      for (const form of [secret, Buffer.from(secret).toString("base64")]) assert.ok(!state.includes(form), form);
    }
    payments = await Tenant.of(sandbox, staging, "team-payments");
    await payments.applied(await payments.clone.git("rev-parse", "HEAD"));
  });

  it("tell whoever wants everything of a sync that went well, signed, and whoever wants errors of nothing", async () => {
    const commit = await payments.push({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "told" },
      data: { value: "1" },
    });
    await payments.applied(commit);
    const request = await waitFor(
      () => log.requests.find(({ body }) => body.includes(commit) && body.includes("ConfigMap/payments/told created")),
      { describe: () => JSON.stringify(log.requests.map(({ body }) => body)) },
    );
    const signature = createHmac("sha256", key).update(request.body).digest("hex");
    assert.equal(request.headers["x-signature"], `sha256=${signature}`);
    assert.deepEqual(pager.requests, []);
  });

  it("tell of a sync that fails: which one, on which cluster, and why", async () => {
    const commit = await payments.push({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "Not_A_Name" } });
    const request = await waitFor(() => pager.requests.find(({ body }) => body.includes(commit)), {
      timeout: 120_000,
      describe: async () => JSON.stringify((await payments.flux.get(payments.sync)).status),
    });
    assert.equal(request.headers.authorization, `Bearer ${token}`);
    const event = JSON.parse(request.body) as FluxEvent;
    assert.deepEqual(
      { kind: event.involvedObject.kind, namespace: event.involvedObject.namespace, name: event.involvedObject.name },
      payments.sync,
    );
    assert.equal(event.severity, "error");
    assert.match(event.message, /Not_A_Name/);
    assert.equal(event.metadata?.cluster, "staging");
  });

  describe("and its webhook", () => {
    const hooks = async () => {
      const { status, body } = await (await sandbox.github()).api("GET", `repos/:owner/${payments.repository}/hooks`);
      assert.equal(status, 200);
      return body as readonly { readonly active: boolean; readonly config: { readonly url: string } }[];
    };
    let url: string;

    it("is at GitHub where the Receiver is, by the same update", async () => {
      const receiver = await waitFor(
        async () => {
          const { status } = await staging.kubernetes.objects().read<Receiver>({
            apiVersion: "notification.toolkit.fluxcd.io/v1",
            kind: "Receiver",
            metadata: { name: "tenant-webhook", namespace: payments.namespace },
          });
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

    it("has a push applied although the next look at Git is an hour away", async () => {
      const commit = await payments.commit({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "pushed" },
        data: { value: "1" },
      });
      await payments.clone.push();
      await payments.applied(commit);
    });

    it("believes nobody who does not know the token", async () => {
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
  });

  it("cannot be sent elsewhere by the tenant, which may make its own beside them", async () => {
    const reconciler = KubernetesObjectApi.makeApiClient(
      await staging.kubernetes.serviceAccount(payments.namespace, "reconciler"),
    );
    const provider = (name: string) => ({
      apiVersion: "notification.toolkit.fluxcd.io/v1beta3",
      kind: "Provider",
      metadata: { name, namespace: payments.namespace },
      spec: { type: "generic", address: "https://elsewhere.example.com/" },
    });
    await assert.rejects(
      reconciler.patch(
        provider("tenant-notify-pager"),
        undefined,
        undefined,
        undefined,
        undefined,
        PatchStrategy.MergePatch,
      ),
      (error: unknown) =>
        /providers payments\/tenant-notify-pager is the platform's/.test(String((error as { body?: unknown }).body)),
    );
    const own = await reconciler.create(provider("mine"));
    assert.equal(own.metadata?.name, "mine");
    await reconciler.delete(provider("mine"));
  });
});
