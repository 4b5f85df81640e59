import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { AppsV1Api, AuthorizationV1Api, RbacAuthorizationV1Api } from "@kubernetes/client-node";
import { execa } from "execa";
import type { Emulator } from "../../support/e2e/emulator.js";
import { runFleetCommand } from "../../support/e2e/fleet-command.js";
import { FluxObjects, isReady } from "../../support/e2e/flux-objects.js";
import { copyCheckout } from "../../support/e2e/program-copy.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../../support/e2e/sandbox.js";
import { waitFor } from "../../support/e2e/wait-for.js";

/** The tenants of the staging stack: name → namespace. */
const namespaces = { "team-payments": "payments", "team-search": "team-search" };

describe("main job: the staging stack, when it is up", function () {
  this.timeout(20 * 60_000);
  let sandbox: TestSandbox;
  let staging: TestEnvironment;
  let github: Emulator;
  let outputs: StackOutputs;
  before(async () => {
    sandbox = await sharedSandbox();
    staging = await sandbox.environment();
    github = await sandbox.github();
    await staging.engine.ensureUp();
    outputs = (await staging.engine.outputs()) as unknown as StackOutputs;
  });

  for (const [name, namespace] of Object.entries(namespaces)) {
    it(`syncs ${name}: source and sync become Ready, at the same revision`, async () => {
      const flux = new FluxObjects(staging.kubernetes);
      const { status } = await flux.waitFor({ kind: "Kustomization", namespace, name }, isReady);
      const source = await flux.waitFor({ kind: "GitRepository", namespace, name }, isReady);
      assert.match(status?.lastAppliedRevision ?? "", /^main@sha1:[0-9a-f]{40}$/);
      assert.equal(source.status?.artifact?.revision, status?.lastAppliedRevision);
    });

    it(`tells ${name}'s namespace, repository and key in its outputs, and nothing else`, () => {
      const { keyFingerprint, ...others } = outputs.tenants[name] ?? { keyFingerprint: "none" };
      assert.match(keyFingerprint, /^SHA256:[A-Za-z0-9+/]{43}$/);
      const owner = staging.variables.GITHUB_OWNER;
      assert.match(
        (others as TenantOutputs).repository,
        new RegExp(`^ssh://git@127\\.0\\.0\\.1:\\d+/${owner}/${name}\\.git$`),
      );
      assert.deepEqual(others, { namespace, repository: (others as TenantOutputs).repository });
    });

    it(`reads ${name}'s repository with a read-only key, which is in the outputs, and names the cluster in its title`, async () => {
      const { status, body } = await github.api("GET", `repos/:owner/${name}/keys`);
      assert.equal(status, 200);
      const keys = body as readonly { key: string; title: string; read_only: boolean }[];
      assert.deepEqual(
        keys.map(({ title, read_only, key }) => ({ title, read_only, fingerprint: fingerprint(key) })),
        [
          {
            title: "fleet/staging (read-only)",
            read_only: true,
            fingerprint: outputs.tenants[name]?.keyFingerprint,
          },
        ],
      );
    });
  }

  it("tells the version of Flux, and the tenants of the stack and no others", () => {
    assert.equal(outputs.fluxVersion, "v2.9.2");
    assert.deepEqual(Object.keys(outputs.tenants).sort(), Object.keys(namespaces).sort());
  });

  it("is an installation that flux check passes and flux get all lists both tenants of", async () => {
    const flux = async (...args: string[]) => (await execa("flux", args, { env: staging.variables, all: true })).all;
    assert.match(await flux("check"), /all checks passed/);
    const lines = Object.entries(namespaces).flatMap(([name, namespace]) =>
      ["gitrepository", "kustomization"].map(
        (kind) => new RegExp(`^${namespace}\\s+${kind}/${name}\\s+main@sha1:[0-9a-f]{8}\\s+False\\s+True\\s`, "m"),
      ),
    );
    let listing = "";
    // Each time that kustomize-controller comes by, once a minute, it says Unknown for a moment.
    await waitFor(
      async () => {
        listing = await flux("get", "all", "--all-namespaces");
        return lines.every((line) => line.test(listing));
      },
      { describe: () => `flux get all says\n${listing}` },
    );
  });

  it("is what npx fleet render prints: kubectl diff finds no difference, by either way of an apply", async () => {
    const root = await copyCheckout(await sandbox.scratch("render"));
    const { variables: env } = staging;
    // Only GitHub's answer has the port of the emulator's SSH server.
    const { host } = new URL(outputs.tenants["team-search"]?.repository ?? "");
    const args = ["cli/fleet.mjs", "render", "staging", "--ssh-address", host];
    const { stdout: manifests } = await execa(process.execPath, args, {
      cwd: root,
      env,
      stripFinalNewline: false,
    });
    assert.match(manifests, /\nkind: Deployment\n/);
    const kubectl = (input: string, ...way: readonly string[]) =>
      execa("kubectl", ["diff", "--filename", "-", ...way], { env, input, reject: false });
    for (const way of [[], ["--server-side", "--force-conflicts"]]) {
      const { exitCode, stdout, stderr } = await kubectl(manifests, ...way);
      assert.deepEqual([exitCode, stdout], [0, ""], stderr);
    }
    // Flux has a quota too, with another number of pods.
    const quota =
      manifests.split("---\n").find((text) => /kind: ResourceQuota\n[\s\S]*\n +pods: "50"\n/.test(text)) ?? "";
    const other = await kubectl(quota.replace(/^( +pods: )"50"$/m, '$1"51"'));
    assert.equal(other.exitCode, 1, other.stderr);
    assert.match(other.stdout, /^\+ +pods: "51"$/m);
  });

  it("runs no controller of Flux as cluster-admin", async () => {
    const { items } = await staging.kubernetes.client(AppsV1Api).listNamespacedDeployment({ namespace: "flux-system" });
    const accounts = items.map(({ spec }) => spec?.template.spec?.serviceAccountName ?? "default");
    assert.deepEqual(accounts.sort(), [
      "helm-controller",
      "kustomize-controller",
      "notification-controller",
      "source-controller",
    ]);
    const authorization = staging.kubernetes.client(AuthorizationV1Api);
    for (const account of accounts) {
      const { status } = await authorization.createSubjectAccessReview({
        body: {
          spec: {
            user: `system:serviceaccount:flux-system:${account}`,
            groups: ["system:serviceaccounts", "system:serviceaccounts:flux-system", "system:authenticated"],
            resourceAttributes: { group: "*", resource: "*", verb: "*" },
          },
        },
      });
      assert.equal(status?.allowed, false, `${account} may do everything`);
    }
    const { items: bindings } = await staging.kubernetes.client(RbacAuthorizationV1Api).listClusterRoleBinding();
    const admins = bindings.filter(({ roleRef }) => roleRef.name === "cluster-admin").flatMap((b) => b.subjects ?? []);
    assert.deepEqual(
      admins.filter(({ kind }) => kind === "ServiceAccount").map(({ namespace, name }) => `${namespace}:${name}`),
      ["flux-system:platform-reconciler"],
    );
  });
});

describe("main job: fleet status and fleet doctor of the staging stack", function () {
  this.timeout(20 * 60_000);
  let checkout: string;
  let staging: TestEnvironment;
  let github: Emulator;
  before(async () => {
    const sandbox = await sharedSandbox();
    staging = await sandbox.environment();
    github = await sandbox.github();
    await staging.engine.ensureUp();
    checkout = await copyCheckout(await sandbox.scratch("checkout"));
  });

  it("has everything Ready, at the heads of the branches, by seven requests", async () => {
    const flux = new FluxObjects(staging.kubernetes);
    for (const [name, namespace] of Object.entries(namespaces)) {
      await flux.waitFor({ kind: "Kustomization", namespace, name }, isReady);
    }
    const { code, out } = await runFleetCommand(staging, checkout, "status", "staging", "--output", "json");
    assert.equal(code, 0, out);
    const [{ tenants, requests }] = (JSON.parse(out) as LookOutput).stacks;
    assert.equal(requests, 7);
    assert.deepEqual(
      tenants.map(({ syncs: [sync] }) => sync?.behind),
      [{ commits: 0 }, { commits: 0 }],
    );
    assert.ok(tenants.every(({ keys: [key] }) => Date.parse(key?.writtenAt ?? "") > 0));
  });

  it("finds nothing to fix on a machine that has just run pulumi up", async () => {
    const { code, out } = await runFleetCommand(staging, checkout, "doctor", "staging", "--output", "json");
    const { checks } = JSON.parse(out) as { checks: readonly { name: string; result: string }[] };
    assert.deepEqual(
      checks.filter(({ result }) => result === "problem"),
      [],
    );
    assert.equal(code, 0);
    assert.equal(checks.find(({ name }) => name === "rights")?.result, "ok");
  });

  it("names each fault and who made it: a controller without pods, and a suspended sync that stays behind", async () => {
    const env = staging.variables;
    const sync = ["--namespace", "payments"];
    const controller = ["--namespace", "flux-system", "deployment/notification-controller"];
    await execa("flux", ["suspend", "source", "git", "team-payments", ...sync], { env });
    await execa("flux", ["suspend", "kustomization", "team-payments", ...sync], { env });
    await execa("kubectl", ["scale", ...controller, "--replicas=0"], { env });
    try {
      const file = { message: "notes", content: btoa("not applied yet") };
      assert.equal((await github.api("PUT", "repos/:owner/team-payments/contents/notes.md", file)).status, 201);
      const { code, out, err } = await runFleetCommand(staging, checkout, "status", "staging", "--output", "json");
      assert.equal(code, 1, out);
      const [{ tenants }] = (JSON.parse(out) as LookOutput).stacks;
      assert.deepEqual(tenants[0]?.syncs[0]?.behind, { commits: 1 });
      assert.match(err, /staging: notification-controller: is scaled to 0 pods/);
      assert.match(
        err,
        /team-payments: Kustomization payments\/team-payments: suspended by flux since .* and by no file/,
      );
      const other = await runFleetCommand(staging, checkout, "status", "staging", "prod-eu");
      assert.equal(other.code, 3);
      assert.match(other.err, /^prod-eu: no context of KUBECONFIG leads to its cluster/m);
    } finally {
      await execa("kubectl", ["scale", ...controller, "--replicas=1"], { env });
      await execa("flux", ["resume", "source", "git", "team-payments", ...sync], { env });
      await execa("flux", ["resume", "kustomization", "team-payments", ...sync], { env });
    }
  });
});

interface LookOutput {
  readonly stacks: readonly [
    {
      readonly requests: number;
      readonly tenants: readonly {
        readonly syncs: readonly { readonly behind?: object }[];
        readonly keys: readonly { readonly writtenAt?: string }[];
      }[];
    },
  ];
}

interface TenantOutputs {
  readonly namespace: string;
  readonly repository: string;
  readonly keyFingerprint: string;
}

interface StackOutputs {
  readonly fluxVersion: string;
  readonly tenants: Readonly<Record<string, TenantOutputs>>;
}

/** Of a public key in the form of `authorized_keys`, as `ssh-keygen -l` shows it. */
function fingerprint(key: string): string {
  const [, blob = ""] = key.split(" ");
  const hash = createHash("sha256").update(Buffer.from(blob, "base64")).digest("base64");
  return `SHA256:${hash.replace(/=+$/, "")}`;
}
