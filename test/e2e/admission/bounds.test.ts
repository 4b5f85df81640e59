import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { AppsV1Api, CoreV1Api, KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";
import { SIZES } from "../../../config/tenant/limits/sizes.js";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { fixedPolicies } from "../../../policies/admission/policies.js";
import { quotaHard, type StackLimits } from "../../../policies/quotas.js";
import { DryRun } from "../../support/e2e/dry-run.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { service as serviceOf } from "../../support/objects/network.js";
import { type Fields, object } from "../../support/objects/object.js";
import { amounts, deployment as deploymentOf, pod, podSpec } from "../../support/objects/workloads.js";
import { fleetSpec } from "../../support/unit/spec.js";
import { apply, type BareCluster, bareCluster, clear, enforce, objectsOf, prepare } from "./bare-cluster.js";
import { gpu } from "./workload-cases.js";

const namespace = "team-a";

/** Resources that the stack allows its tenants. */
const allowed: StackLimits = {
  serviceExposure: ["LoadBalancer"],
  extendedResources: { [gpu]: "2", "hugepages-2Mi": "64Mi" },
};

/** The policies and the quota of one stack, in one tenant's namespace. */
describe("Admission policies and the quota, as a stack bounds them", function () {
  this.timeout(90 * 60_000);
  let cluster: BareCluster;
  let core: CoreV1Api;
  let tenant: DryRun;
  let apps: AppsV1Api;
  /** The API for objects that the tenant really creates. */
  let objects: KubernetesObjectApi;

  /** Puts the quota of a namespace with two Services and two Deployments into force, on a stack with these bounds. */
  const inForce = async (bounds: StackLimits) => {
    const hard = quotaHard({ size: "small", ...SIZES.small, services: 2, objects: 2 }, bounds);
    const name = "tenant";
    await apply(cluster, [object("ResourceQuota", { name, namespace }, { spec: { hard } })]);
    await waitFor(
      async () => {
        const { status } = await core.readNamespacedResourceQuota({ name, namespace });
        return status?.used !== undefined && isDeepStrictEqual({ ...status.hard }, hard);
      },
      { describe: () => "the quota does not count" },
    );
  };

  before(async () => {
    cluster = await bareCluster();
    const { clients } = cluster;
    await prepare(cluster, namespace);
    core = clients.client(CoreV1Api);
    apps = clients.client(AppsV1Api);
    const account = await clients.serviceAccount(namespace, "reconciler");
    tenant = new DryRun(account);
    objects = KubernetesObjectApi.makeApiClient(account);
    const { admission } = fleetSpec();
    await enforce(cluster, objectsOf(fixedPolicies(fleetSpec({ admission: { ...admission, ...allowed } }))));
    await waitFor(async () => (await tenant.create(service("NodePort", 1)))?.includes("fleet-exposed-services"), {
      describe: () => "a NodePort is not refused",
    });
  });
  after(() => cluster && clear(cluster));

  /** Changes a Deployment that never becomes ready, until it has so many ReplicaSets or gets no more. @returns how many */
  const roll = async (name: string, most: number): Promise<number> => {
    const deployment = deploymentOf({ name, namespace }, podSpec({}, { nodeSelector: { "example.com/none": "true" } }));
    await objects.create(deployment);
    const replicaSets = async () => {
      const { items } = await apps.listNamespacedReplicaSet({ namespace });
      return items.filter(({ metadata }) => metadata?.ownerReferences?.some((owner) => owner.name === name)).length;
    };
    const refusedBy = async () => {
      const { status } = await apps.readNamespacedDeployment({ name, namespace });
      return status?.conditions?.find(({ reason }) => reason === "ReplicaSetCreateError")?.message;
    };
    let looks = 0;
    /**
     * The quota, where there is one, counts what there is: Kubernetes counts anew every ten seconds here, and may then see
     * one too few or one too many until the next time. By the third look no such count is under way any more.
     */
    const counted = () =>
      waitFor(
        async () => {
          const { items } = await core.listNamespacedResourceQuota({ namespace });
          const used = items.flatMap(({ status }) => status?.used?.["count/replicasets.apps"] ?? []);
          const there = (await apps.listNamespacedReplicaSet({ namespace })).items.length;
          looks = used.every((number) => number === String(there)) ? looks + 1 : 0;
          return looks >= 3;
        },
        { interval: 50, describe: () => "the quota counts other ReplicaSets than there are" },
      );
    for (let changes = 1; ; changes++) {
      looks = 0;
      const outcome = await waitFor(
        async () => {
          if ((await replicaSets()) >= changes) return "made";
          return (await refusedBy())?.includes("exceeded quota: tenant") === true && "refused";
        },
        { describe: async () => `${name} has ${await replicaSets()} ReplicaSets of ${changes}` },
      );
      if (outcome === "refused" || changes === most) return replicaSets();
      await counted();
      const template = { metadata: { annotations: { changed: String(changes) } } };
      await objects.patch(
        { ...deployment, spec: { template } },
        undefined,
        undefined,
        undefined,
        undefined,
        PatchStrategy.MergePatch,
      );
    }
  };

  it("leave a Deployment that never becomes ready more history than it may keep, without a quota", async () => {
    assert.equal(await roll("endless", 30), 30);
    await apps.deleteNamespacedDeployment({ name: "endless", namespace });
    await waitFor(async () => (await apps.listNamespacedReplicaSet({ namespace })).items.length === 0, {
      describe: () => "the ReplicaSets are still there",
    });
  });

  it("refuse by the quota what a policy alone would let in", async () => {
    assert.equal(await tenant.create(service("LoadBalancer", 1)), undefined);
    await inForce(fleetSpec().admission);
    const refused = /exceeded quota: tenant, .*services\.loadbalancers=1/;
    await waitFor(async () => refused.test((await tenant.create(service("LoadBalancer", 1))) ?? ""), {
      describe: () => "a load balancer is not refused",
    });
  });

  describe("with the quota of the stack", () => {
    before(async () => {
      await inForce(allowed);
      await waitFor(async () => (await tenant.create(service("LoadBalancer", 1))) === undefined, {
        describe: () => "a load balancer is not allowed",
      });
    });

    it("allow load balancers, with as many ports of nodes as there may be Services", async () => {
      assert.equal(await tenant.create(service("LoadBalancer", 2)), undefined);
      const refused = /exceeded quota: tenant, .*services\.nodeports=3/;
      assert.match((await tenant.create(service("LoadBalancer", 3))) ?? "", refused);
      const without = service("LoadBalancer", 3, { allocateLoadBalancerNodePorts: false });
      assert.equal(await tenant.create(without), undefined);
    });

    it("refuse the ports of nodes alone still, for which there is room", async () => {
      assert.match((await tenant.create(service("NodePort", 1))) ?? "", /fleet-exposed-services/);
    });

    it("allow GPUs and huge pages up to the bound", async () => {
      for (const [name, enough, more] of [
        [gpu, "2", "3"],
        ["hugepages-2Mi", "64Mi", "66Mi"],
      ] as const) {
        assert.equal(await tenant.create(taking(name, enough)), undefined, name);
        const refused = new RegExp(`exceeded quota: tenant, requested: requests\\.${name}=${more}`);
        assert.match((await tenant.create(taking(name, more))) ?? "", refused);
      }
    });

    it("refuse what the quota does not count", async () => {
      const refused = /anything but cpu, memory, ephemeral-storage, nvidia\.com\/gpu, hugepages-2Mi, or ask/;
      assert.match((await tenant.create(taking("example.com/fpga", "1"))) ?? "", refused);
    });

    it("stop a Deployment that never becomes ready at the history of the Deployments that there may be", async () => {
      assert.equal(await roll("bounded", 30), 24);
    });

    it("let in a pod that says nothing of disk, which the quota counts", async () => {
      assert.equal(await tenant.create(pod({ namespace })), undefined);
    });
  });
});

function service(type: string, ports: number, more: Fields = {}): KubernetesObject {
  const named = Array.from({ length: ports }, (_, port) => ({ name: `p${port}`, port: 80 + port }));
  return serviceOf({ namespace }, { type, ports: named, ...more });
}

/** A pod that takes this much of something. */
function taking(name: string, amount: string): KubernetesObject {
  return pod({ namespace }, podSpec(amounts({ cpu: "100m", memory: "64Mi", [name]: amount })));
}
