import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AppsV1Api } from "@kubernetes/client-node";
import { execa } from "execa";
import { ready } from "../../support/e2e/flux-objects.js";
import { repositories } from "../../support/e2e/github-view.js";
import type { TestEnvironment, TestSandbox } from "../../support/e2e/sandbox.js";
import { declareTenant } from "../../support/e2e/shared-stack.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { amounts, deployment, podSpec } from "../../support/objects/workloads.js";

const team = "team-first";
const developers = "first-developers";
const base = "deploy/base/kustomization.yaml";
const token = "of-the-workflow-of-statuses";

/** A status of a commit, as GitHub's API lists it. */
interface CommitStatus {
  readonly context: string;
  readonly state: string;
  readonly description: string;
}

/** A new team's first pushes: what runs, and where the team reads why something does not. */
describe("A team's first push", function () {
  this.timeout(15 * 60_000);
  const shared = declareTenant(team, (_, { variables }) => ({
    base: { access: { viewers: [developers] }, sync: { timeout: "30s", retryInterval: "10s" } },
    secrets: { "commit-status": variables.GITHUB_TOKEN ?? "" },
  }));
  let sandbox: TestSandbox;
  let staging: TestEnvironment;
  let tenant: Tenant;
  let apps: AppsV1Api;
  let checkout: string;
  let printed: string;

  before(async () => {
    const stack = await shared();
    ({ sandbox, staging, printed } = stack);
    checkout = await stack.checkout();
    tenant = await Tenant.of(sandbox, staging, team);
    apps = staging.kubernetes.client(AppsV1Api);
  });
  afterEach(() => tenant?.restore());

  /** Waits until the newest status of a commit on GitHub is this one. */
  const statusOf = async (commit: string, state: "failure" | "success"): Promise<CommitStatus> => {
    const github = await sandbox.github();
    return waitFor(
      async () => {
        const { body } = await github.api("GET", `repos/:owner/${tenant.repository}/commits/${commit}/statuses`);
        const [newest] = body as readonly CommitStatus[];
        return newest?.state === state && newest;
      },
      { timeout: 120_000, describe: () => `GitHub has a ${state} of ${commit}` },
    );
  };

  /** Writes the statuses with Flux's reasons as a workflow does, by a token that may do nothing else. @returns the tenant's */
  const reasonOf = async (commit: string): Promise<string> => {
    const github = await sandbox.github();
    const names = [...(await repositories(github)).keys()];
    await github.makeAccessToken({ token, app: "statuses", permissions: { statuses: "write" }, repositories: names });
    const { exitCode, all } = await execa(process.execPath, ["cli/fleet.mjs", "workflow", "statuses", "staging"], {
      cwd: checkout,
      env: { ...staging.variables, GITHUB_TOKEN: token },
      all: true,
      reject: false,
    });
    assert.equal(exitCode, 0, all);
    const { body } = await github.api("GET", `repos/:owner/${tenant.repository}/commits/${commit}/statuses`);
    const context = `staging/${tenant.namespace}/${team} (reason)`;
    return (body as readonly CommitStatus[]).find((one) => one.context === context)?.description ?? all;
  };

  /** The events that a member of the group in `access.viewers` reads. */
  const asViewer = async (...args: readonly string[]): Promise<string> => {
    const who = ["--as", "ann", "--as-group", developers, "--namespace", tenant.namespace];
    return (await execa("kubectl", [...who, ...args], { env: staging.variables })).stdout;
  };

  it("begins with an update that names the tenants without a status of Flux, and the setting", () => {
    const [, names = assert.fail(printed)] =
      /Flux writes no commit status for (.*): set fleet:secrets\.TENANT\.commit-status, or FLEET_STATUSES/.exec(
        printed,
      ) ?? [];
    assert.ok(!names.split(/,? /).includes(team), names);
  });

  it("runs the scaffold's Deployment, byte for byte, once its kustomization lists it", async () => {
    const { clone, namespace } = tenant;
    const listed = (await readFile(join(clone.directory, base), "utf8")).replace("# - deployment", "- deployment");
    const commit = await clone.commitAndPush("The first deployment", { [base]: listed });
    assert.equal(await clone.git("diff", "--name-only", "HEAD~1"), base);
    await tenant.syncNow();
    await tenant.applied(commit);
    const { spec, status } = await apps.readNamespacedDeployment({ namespace, name: "app" });
    assert.equal(status?.availableReplicas, spec?.replicas);
  });

  it("is refused at once for an ordinary Deployment, with every fix in one message, and succeeds with them", async () => {
    const plain = { name: "nginx", image: "nginx:1.29" };
    const commit = await tenant.push(deployment({ name: "nginx" }, { containers: [plain] }));
    const message = await tenant.flux.waitForRefusal(tenant.sync, /Deployment\/team-first\/nginx dry-run failed/);
    const fixes = [
      "set resources.limits.cpu and resources.limits.memory (nginx)",
      "set imagePullPolicy: Always (nginx)",
      "set securityContext.allowPrivilegeEscalation: false (nginx)",
      "set securityContext.capabilities.drop: [ALL] (nginx)",
      "set securityContext.runAsNonRoot: true (nginx)",
      "set securityContext.seccompProfile.type: RuntimeDefault (nginx)",
    ];
    assert.ok(message.includes(`. All that is missing: ${fixes.join("; ")}`), message);
    const { context, description } = await statusOf(commit, "failure");
    assert.deepEqual([context, description], [`staging/${tenant.namespace}/${team}`, "reconciliation failed"]);
    assert.match(await reasonOf(commit), /^Deployment\/team-first\/nginx: \S/);

    const corrected = {
      ...plain,
      imagePullPolicy: "Always",
      resources: { limits: { cpu: "100m", memory: "64Mi" } },
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      },
    };
    await tenant.applied(await tenant.push(deployment({ name: "nginx" }, { containers: [corrected] })));
  });

  it("fails after the sync's timeout where the quota refuses pods, and viewers read why", async () => {
    const large = podSpec(amounts({ cpu: "3", memory: "64Mi" }));
    const commit = await tenant.push(deployment({ name: "large" }, large, { replicas: 2 }));
    await tenant.attempted(commit);
    const { status } = await tenant.flux.waitFor(tenant.sync, (one) => {
      return ready(one)?.reason === "HealthCheckFailed" && one.status?.lastAttemptedRevision?.endsWith(commit) === true;
    });
    assert.match(
      JSON.stringify(status?.conditions),
      /timeout waiting for: \[Deployment\/team-first\/large status: 'InProgress'/,
    );
    const { description } = await statusOf(commit, "failure");
    assert.equal(description, "health check failed");
    assert.match(
      await reasonOf(commit),
      /^Deployment\/large: pods "large-.*" is forbidden: exceeded quota: tenant, req/,
    );
    const failed = '{.status.conditions[?(@.type=="ReplicaFailure")].message}';
    const condition = await asViewer("get", "deployment", "large", "--output", `jsonpath=${failed}`);
    assert.match(condition, /exceeded quota: tenant, requested: limits\.cpu=3/);
    const events = await asViewer("get", "events", "--field-selector", "type=Warning");
    assert.match(events, /FailedCreate .*exceeded quota: tenant/);
  });

  it("has a good status on GitHub after a correction", async () => {
    const commit = await tenant.push(deployment({ name: "small" }));
    await tenant.applied(commit);
    assert.equal((await statusOf(commit, "success")).description, "reconciliation succeeded");
    assert.equal(await reasonOf(commit), "applied, and Ready");
  });
});
