import assert from "node:assert/strict";
import {
  type KubernetesObject as ClientObject,
  CoreV1Api,
  KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
} from "@kubernetes/client-node";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { assertForbidden, DryRun } from "../../support/e2e/dry-run.js";
import type { TestEnvironment } from "../../support/e2e/sandbox.js";
import { declareTenant } from "../../support/e2e/shared-stack.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { withoutPolicy } from "../../support/e2e/without-policy.js";
import { configMap } from "../../support/objects/configuration.js";
import { type Kind, type Reference, reference } from "../../support/objects/object.js";
import { chartFiles, configMapFile } from "../../support/objects/repository-files.js";
import { gitRepository, gitSource, helmRepository, ociRepository } from "../../support/objects/sources.js";
import { chartTemplate, helmRelease, kustomization } from "../../support/objects/syncs.js";

/** An object of Flux's, as far as a pipeline looks at it. */
interface FluxObject extends ClientObject {
  readonly spec?: { readonly suspend?: boolean; readonly path?: string };
  readonly status?: { readonly lastHandledReconcileAt?: string; readonly conditions?: readonly object[] };
}

/** Kinds that a pipeline may have run. */
const kinds = ["Kustomization", "HelmRelease", "GitRepository", "HelmRepository", "OCIRepository"] as const;

const team = "team-robots";

describe("A tenant's CI robot", function () {
  this.timeout(15 * 60_000);
  const shared = declareTenant(team, () => ({ base: { robot: { enabled: true, token: true } } }));
  declareTenant("team-unhurried", () => ({}));
  let staging: TestEnvironment;
  let tenant: Tenant;
  let neighbour: Tenant;
  /** The API with the robot's token. */
  let robot: KubernetesObjectApi;
  let token: KubeConfig;

  /** An address of the tenant's owner, which sources may have, with a scheme that no server answers. */
  const beside = (scheme: string): string =>
    tenant.cloneUrl.replace(/^ssh:\/\/[^@]*@/, `${scheme}://`).replace(/[^/]+$/, "charts");

  /** Of each kind what the tenant has, in full. */
  const own = (name = "own"): Readonly<Record<(typeof kinds)[number], KubernetesObject>> => {
    const metadata = { name, namespace: tenant.namespace };
    const hourly = { interval: "1h" };
    const sourceRef = gitSource(team);
    return {
      Kustomization: kustomization(metadata, {
        ...hourly,
        path: "./extra",
        sourceRef,
        targetNamespace: tenant.namespace,
      }),
      HelmRelease: helmRelease(metadata, { ...hourly, chart: chartTemplate({ sourceRef }) }),
      GitRepository: gitRepository(metadata, tenant.cloneUrl, { ...hourly, secretRef: { name: "tenant-git" } }),
      // There is nothing to be had at these two: they fail, and say so.
      HelmRepository: helmRepository(metadata, beside("https"), hourly),
      OCIRepository: ociRepository(metadata, beside("oci"), hourly),
    };
  };

  before(async () => {
    const stack = await shared();
    ({ staging } = stack);
    tenant = await Tenant.of(stack.sandbox, staging, team);
    neighbour = await Tenant.of(stack.sandbox, staging, "team-unhurried");
    token = await longLived(staging, tenant.namespace);
    robot = KubernetesObjectApi.makeApiClient(token);

    await tenant.clone.write({
      "extra/greeting.yaml": configMapFile("greeting"),
      ...chartFiles("chart", configMap({ name: "charted" }), "chart/"),
    });
    const commit = await tenant.push();
    await tenant.flux.waitFor(tenant.source, ({ status }) => status?.artifact?.revision.endsWith(commit) === true);
    // As Flux applies what the tenant pushes; but a root sync would wait for all of them, and two never get Ready.
    const reconciler = KubernetesObjectApi.makeApiClient(
      await staging.kubernetes.serviceAccount(tenant.namespace, "reconciler"),
    );
    for (const object of Object.values(own())) {
      let last: unknown;
      // The quota on Flux's kinds lets nothing in before it counts them.
      await waitFor(
        async () => {
          const made = reconciler.create(object);
          return await made.then(
            () => true,
            (error: unknown) => {
              last = error;
              return false;
            },
          );
        },
        { timeout: 180_000, describe: () => `the tenant cannot make a ${object.kind}: ${String(last)}` },
      );
    }
  });

  const the = (kind: Kind, name = "own", namespace = tenant.namespace) => reference(kind, { name, namespace });
  const patch = (object: Reference, change: object): Promise<FluxObject> => {
    const { metadata = {}, ...rest } = change as { readonly metadata?: object };
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

  /** Has it run now, and waits until that has been done. */
  async function runs(object: Reference): Promise<void> {
    const at = new Date().toISOString();
    await patch(object, request(at));
    const look = () => robot.read<FluxObject>(object);
    const { status } = await waitFor(
      async () => {
        const there = await look();
        return there.status?.lastHandledReconcileAt === at && there;
      },
      { describe: async () => `${object.kind} ${object.metadata.name} has run: ${JSON.stringify(await look())}` },
    );
    assert.ok(status?.conditions?.length);
  }

  it("has the root sync run at once, and reads what became of it", () => runs(the("Kustomization", team)));

  it("may request without end, of all objects at once, while a neighbour's push is applied", async () => {
    let [requests, isOver] = [0, false];
    const flood = async (object: Reference) => {
      while (!isOver) await patch(object, request(String(++requests)));
    };
    const all = [the("Kustomization", team), the("GitRepository", team), ...kinds.map((kind) => the(kind))];
    const floods = Promise.all(all.map(flood));
    const began = performance.now();
    await neighbour.applied(await neighbour.push(configMap({ name: "unhurried" }))).finally(() => {
      isOver = true;
    });
    const seconds = (performance.now() - began) / 1000;
    await floods;
    assert.ok(requests > 100, `only ${requests} requests`);
    // The figures of docs/security.md.
    process.stdout.write(`      during ${requests} requests, a neighbour's push is applied: ${seconds.toFixed(1)} s\n`);
  });

  for (const kind of kinds) {
    it(`has the tenant's own ${kind} run at once, and reads what became of it`, () => runs(the(kind)));

    it(`suspends and resumes the tenant's own ${kind}`, async () => {
      for (const suspend of [true, false]) {
        await patch(the(kind), { spec: { suspend } });
        assert.equal((await robot.read<FluxObject>(the(kind))).spec?.suspend, suspend);
      }
    });

    it(`changes nothing else of the tenant's own ${kind}, and does not remove it`, async () => {
      for (const change of [
        { spec: { interval: "2h" } },
        { spec: { suspend: true, timeout: "1m" } },
        { metadata: { labels: { team: "robots" } } },
        { metadata: { annotations: { "example.com/by": "a robot" } } },
        { metadata: { finalizers: null } },
        ...(kind === "Kustomization" ? [{ spec: { path: "./elsewhere" } }, { spec: { targetNamespace: null } }] : []),
        ...(kind === "HelmRelease" ? [{ spec: { values: { replicas: 9 } } }] : []),
        // Where the tenant itself may lead it.
        ...(kind.endsWith("Repository") ? [{ spec: { url: `${urlOf(own()[kind])}-more` } }] : []),
      ]) {
        await assertForbidden(patch(the(kind), change), /fleet-robots/);
      }
      await assertForbidden(robot.delete(the(kind)), cannot("delete", kind.toLowerCase()));
    });
  }

  it("does not suspend what the platform owns: pulumi would undo it", async () => {
    for (const kind of ["Kustomization", "GitRepository"] as const) {
      await assertForbidden(patch(the(kind, team), { spec: { suspend: true } }), /fleet-owned-objects/);
    }
  });

  it("makes nothing, and reads no Secret", async () => {
    for (const mine of Object.values(own("mine"))) {
      await assertForbidden(robot.create(mine), cannot("create", mine.kind.toLowerCase()));
    }
    const core = token.makeApiClient(CoreV1Api);
    const { namespace } = tenant;
    await assertForbidden(core.listNamespacedSecret({ namespace }), cannot("list", "secrets"));
    await assertForbidden(core.listNamespacedPod({ namespace }), cannot("list", "pods"));
    const body = { metadata: { name: "by-a-robot" } };
    await assertForbidden(core.createNamespacedConfigMap({ namespace, body }), cannot("create", "configmaps"));
  });

  it("sees and changes nothing of another tenant", async () => {
    const others = the("Kustomization", "team-search", "team-search");
    await assertForbidden(robot.read(others), /cannot get resource/);
    await assertForbidden(patch(others, request("now")), /cannot patch resource/);
  });

  it("would change its tenant's sync without the policy: that is what stops it", async () => {
    const dryRun = new DryRun(token);
    const admitted = async () =>
      (await dryRun.change(the("Kustomization"), { spec: { path: "./nowhere" } })) === undefined;
    await withoutPolicy(staging.kubernetes, "fleet-robots", admitted, async () => {
      const changed = await patch(the("Kustomization"), { spec: { path: "./elsewhere" } });
      assert.equal(changed.spec?.path, "./elsewhere");
    });
  });
});

/** The URL of a source. */
function urlOf({ spec }: KubernetesObject): string {
  return (spec as { readonly url: string }).url;
}

/** RBAC's message about a missing verb. @param kinds a kind or its plural, in lower case */
function cannot(verb: string, kinds: string): RegExp {
  return new RegExp(`cannot ${verb} resource \\\\?"${kinds.replace(/(y|s)$/, "")}`);
}

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
