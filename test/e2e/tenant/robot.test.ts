import assert from "node:assert/strict";
import {
  CoreV1Api,
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
} from "@kubernetes/client-node";
import { stringify } from "yaml";
import { DryRun } from "../support/dry-run.js";
import type { TestEnvironment } from "../support/sandbox.js";
import { declareTenant } from "../support/shared-stack.js";
import { Tenant } from "../support/tenant.js";
import { waitFor } from "../support/wait-for.js";
import { withoutPolicy } from "../support/without-policy.js";

/** A sync, as far as a pipeline looks at it. */
interface Sync extends KubernetesObject {
  readonly spec?: { readonly suspend?: boolean; readonly path?: string };
  readonly status?: { readonly lastHandledReconcileAt?: string };
}

const team = "team-robots";
const kustomization = "kustomize.toolkit.fluxcd.io/v1";

describe("A tenant's CI robot", function () {
  this.timeout(15 * 60_000);
  const shared = declareTenant(team, () => ({ base: { robot: { enabled: true, token: true } } }));
  let staging: TestEnvironment;
  let tenant: Tenant;
  /** The API as whoever has the robot's token. */
  let robot: KubernetesObjectApi;
  let token: KubeConfig;

  before(async () => {
    const stack = await shared();
    ({ staging } = stack);
    tenant = await Tenant.of(stack.sandbox, staging, team);
    token = await longLived(staging, tenant.namespace);
    robot = KubernetesObjectApi.makeApiClient(token);

    await tenant.clone.write({
      "extra/greeting.yaml": stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "greeting" } }),
    });
    const own = {
      apiVersion: kustomization,
      kind: "Kustomization",
      metadata: { name: "own" },
      spec: {
        interval: "1h",
        prune: true,
        path: "./extra",
        sourceRef: { kind: "GitRepository", name: team },
        serviceAccountName: "reconciler",
        targetNamespace: tenant.namespace,
      },
    };
    await tenant.applied(await tenant.push(own));
  });

  const named = (name: string, namespace = tenant.namespace): Sync & { metadata: { name: string } } => ({
    apiVersion: kustomization,
    kind: "Kustomization",
    metadata: { name, namespace },
  });
  const patch = (name: string, change: object, namespace?: string): Promise<Sync> => {
    const { metadata = {}, ...rest } = change as { readonly metadata?: object };
    const object = named(name, namespace);
    return robot.patch(
      { ...object, ...rest, metadata: { ...object.metadata, ...metadata } },
      undefined,
      undefined,
      undefined,
      undefined,
      PatchStrategy.MergePatch,
    );
  };
  const request = (at: string) => ({ metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": at } } });

  it("has the tenant's own sync and the root sync run at once, and reads what became of it", async () => {
    for (const name of ["own", team]) {
      const at = new Date().toISOString();
      await patch(name, request(at));
      await waitFor(async () => (await robot.read<Sync>(named(name))).status?.lastHandledReconcileAt === at, {
        describe: async () => `${name} has run: ${JSON.stringify(await robot.read(named(name)))}`,
      });
    }
  });

  it("suspends and resumes the tenant's own sync", async () => {
    for (const suspend of [true, false]) {
      await patch("own", { spec: { suspend } });
      assert.equal((await robot.read<Sync>(named("own"))).spec?.suspend, suspend);
    }
  });

  it("does not suspend what the platform owns: pulumi would undo it", async () => {
    await refused(
      patch(team, { spec: { suspend: true } }),
      /kustomizations team-robots\/team-robots is the platform's/,
    );
  });

  it("changes nothing else of the tenant's own sync", async () => {
    for (const change of [
      { spec: { path: "./elsewhere" } },
      { spec: { targetNamespace: null } },
      { spec: { suspend: true, force: true } },
      { metadata: { labels: { "example.com/team": "robots" } } },
      { metadata: { annotations: { "example.com/by": "a robot" } } },
      { metadata: { finalizers: null } },
    ]) {
      await refused(
        patch("own", change),
        /fleet-robots.*may only reconcile, suspend and resume: change everything else by a push/,
      );
    }
  });

  it("makes and removes nothing, and reads no Secret", async () => {
    const cannot = (verb: string, kind: string) => new RegExp(`cannot ${verb} resource \\\\?"${kind}`);
    await refused(robot.delete(named("own")), cannot("delete", "kustomizations"));
    await refused(robot.create({ ...named("mine"), spec: {} } as KubernetesObject), cannot("create", "kustomizations"));
    const core = token.makeApiClient(CoreV1Api);
    const { namespace } = tenant;
    await refused(core.listNamespacedSecret({ namespace }), cannot("list", "secrets"));
    await refused(core.listNamespacedPod({ namespace }), cannot("list", "pods"));
    const body = { metadata: { name: "by-a-robot" } };
    await refused(core.createNamespacedConfigMap({ namespace, body }), cannot("create", "configmaps"));
  });

  it("sees and changes nothing of another tenant", async () => {
    await refused(robot.read(named("team-search", "team-search")), /cannot get resource/);
    await refused(patch("team-search", request("now"), "team-search"), /cannot patch resource/);
  });

  it("would change its tenant's sync without the policy: that is what stops it", async () => {
    const dryRun = new DryRun(token);
    const own = {
      apiVersion: kustomization,
      kind: "Kustomization",
      metadata: { name: "own", namespace: tenant.namespace },
    };
    const admitted = async () => (await dryRun.change(own, { spec: { path: "./nowhere" } })) === undefined;
    await withoutPolicy(staging.kubernetes, "fleet-robots", admitted, async () => {
      const changed = await patch("own", { spec: { path: "./elsewhere" } });
      assert.equal(changed.spec?.path, "./elsewhere");
    });
  });
});

/** Access by the token in the cluster's Secret, once Kubernetes has put it there. */
async function longLived({ kubernetes }: TestEnvironment, namespace: string): Promise<KubeConfig> {
  const token = await waitFor(
    async () => {
      const { data } = await kubernetes.client(CoreV1Api).readNamespacedSecret({ namespace, name: "ci-robot-token" });
      return data?.token;
    },
    { describe: () => "the Secret ci-robot-token has a token" },
  );
  const cluster = kubernetes.admin.getCurrentCluster();
  assert.ok(cluster);
  const config = new KubeConfig();
  config.loadFromClusterAndUser(cluster, { name: "ci-robot", token: Buffer.from(token, "base64").toString("utf8") });
  return config;
}

/** The API server's own words are what a pipeline reads. */
async function refused(attempt: Promise<unknown>, reason: RegExp): Promise<void> {
  await assert.rejects(attempt, (error: unknown) => {
    const { code, body } = error as { code?: number; body?: unknown };
    assert.equal(code, 403, String(error));
    assert.match(typeof body === "string" ? body : JSON.stringify(body), reason);
    return true;
  });
}
