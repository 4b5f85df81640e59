import assert from "node:assert/strict";
import { CoreV1Api, KubernetesObjectApi, PatchStrategy, setHeaderOptions, type V1Pod } from "@kubernetes/client-node";
import { fixedPolicies } from "../../../policies/admission/policies.js";
import { DryRun, refusal } from "../../support/e2e/dry-run.js";
import type { KubernetesClients } from "../../support/e2e/kubernetes-clients.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { accountToken, secret, serviceAccount } from "../../support/objects/configuration.js";
import { ingress } from "../../support/objects/network.js";
import { NAME, object } from "../../support/objects/object.js";
import { container, deployment, pod, volumeClaim } from "../../support/objects/workloads.js";
import { fleetSpec } from "../../support/unit/spec.js";
import {
  type BareCluster,
  bareCluster,
  clear,
  enforce,
  objectsOf,
  prepare,
  withoutDefaultClass,
} from "./bare-cluster.js";
import {
  claim,
  exported,
  group,
  namespace,
  neighbours,
  noted,
  pool,
  pooled,
  quota,
  resizable,
  tokenOf,
  unlimited,
} from "./existing-objects.js";
import { ofHosts } from "./host-cases.js";
import { registries } from "./image-cases.js";

const name = NAME;

/** Changes of pods, Secrets and Ingresses that exist. */
describe("Admission policies, on what exists already", function () {
  this.timeout(90 * 60_000);
  let cluster: BareCluster;
  let clients: KubernetesClients;
  let core: CoreV1Api;
  let tenant: DryRun;
  let putBack: (() => Promise<void>) | undefined;

  before(async () => {
    cluster = await bareCluster();
    ({ clients } = cluster);
    await prepare(cluster, namespace, ofHosts);
    core = clients.client(CoreV1Api);
    tenant = new DryRun(await clients.serviceAccount(namespace, "reconciler"));
    await clients.objects().create(pod({ namespace }));
    await clients.objects().create(resizable);
    await clients.objects().create(tokenOf("default"));
    await clients.objects().create(neighbours);
    await clients.objects().create(noted);
    for (const object of [exported, pooled]) await clients.objects().create(object);
    // A default class would be given to the claim later: the controller manager looks for such claims from time to time.
    putBack = await withoutDefaultClass(cluster);
    await clients.objects().create(claim);
  });
  after(async () => {
    if (cluster) await clear(cluster);
    await restoreDefaultClass();
  });

  async function restoreDefaultClass(): Promise<void> {
    const restore = putBack;
    putBack = undefined;
    await restore?.();
  }

  /** The API server's refusal of a debugger in the running pod; undefined when it is admitted. */
  const debug = (fields: object) =>
    refusal(
      core.patchNamespacedPodEphemeralcontainers(
        {
          name,
          namespace,
          dryRun: "All",
          body: {
            spec: { ephemeralContainers: [container({ resources: undefined, name: "debug", ...fields })] },
          },
        },
        strategic,
      ),
    );
  const resize = (limits: object) =>
    refusal(
      core.patchNamespacedPodResize(
        {
          name: "resizable",
          namespace,
          dryRun: "All",
          body: { spec: { containers: [{ name: "main", resources: { limits } }] } },
        },
        strategic,
      ),
    );
  const rename = (account: string) =>
    tenant.change(tokenOf("default"), { metadata: { annotations: { "kubernetes.io/service-account.name": account } } });
  const evil = { image: "quay.io/evil/debug:1" };

  it("without the policies, a pod with limits of zero fits any quota, and anything can be added to a pod", async () => {
    await clients.objects().create(quota);
    await waitFor(
      async () => (await core.readNamespacedResourceQuota({ name: "tenant", namespace })).status?.used !== undefined,
      { describe: () => "the quota does not count" },
    );
    const asTenant = KubernetesObjectApi.makeApiClient(await clients.serviceAccount(namespace, "reconciler"));
    const made = await asTenant.create(unlimited);
    const { limits } = (made as V1Pod).spec?.containers[0]?.resources ?? {};
    assert.deepEqual([limits?.cpu, limits?.memory], ["0", "0"]);
    await asTenant.delete(unlimited);
    assert.equal(await debug(evil), undefined);
    assert.equal(await resize({ cpu: "0" }), undefined);
    assert.equal(await rename("reconciler"), undefined);
    assert.equal(await tenant.change(neighbours, { metadata: { annotations: alias } }), undefined);
  });

  describe("with the policies", () => {
    before(async () => {
      const { admission } = fleetSpec();
      const images = { ...admission.images, registries };
      await enforce(cluster, objectsOf(fixedPolicies(fleetSpec({ admission: { ...admission, images } }))));
      const relabel = () => tenant.change(neighbours, { metadata: { annotations: alias } });
      for (const attack of [() => debug(evil), () => rename("reconciler"), () => tenant.create(unlimited), relabel]) {
        await waitFor(async () => (await attack()) !== undefined, { describe: () => `${attack} is not refused` });
      }
    });

    it("a pod with limits of zero is refused", async () => {
      assert.match((await tenant.create(unlimited)) ?? "", /fleet-workload-resources/);
    });

    it("a debugger is held to the same registries and pulls as what it looks at", async () => {
      assert.match((await debug(evil)) ?? "", /fleet-images/);
      assert.match((await debug({ imagePullPolicy: "IfNotPresent" })) ?? "", /fleet-images/);
      assert.equal(await debug({}), undefined);
    });

    it("a debugger cannot choose a profile of the node", async () => {
      const profile = { type: "Localhost", localhostProfile: "profiles/none.json" };
      for (const field of ["seccompProfile", "appArmorProfile"]) {
        const context = { securityContext: { ...container().securityContext, [field]: profile } };
        assert.match((await debug(context)) ?? "", /fleet-node-agents.*must not choose a profile of the node/, field);
      }
    });

    it("a pod's image can be changed within the same registries", async () => {
      const to = (image: string) => ({ spec: { containers: [container({ image })] } });
      const change = (image: string) =>
        refusal(core.patchNamespacedPod({ name, namespace, dryRun: "All", body: to(image) }, strategic));
      assert.match((await change(evil.image)) ?? "", /fleet-images/);
      assert.equal(await change("nginx:2"), undefined);
    });

    it("a pod can be resized, but not to nothing", async () => {
      assert.match((await resize({ cpu: "0" })) ?? "", /fleet-workload-resources/);
      assert.equal(await resize({ cpu: "200m" }), undefined);
    });

    it("a token that is older than the policies does not become another account's, and can be removed", async () => {
      for (const account of ["reconciler", "other"]) {
        assert.match((await rename(account)) ?? "", /fleet-platform-accounts/);
      }
      assert.equal(await tenant.change(tokenOf("default"), { metadata: { labels: { app: "web" } } }), undefined);
      assert.equal(await tenant.remove(tokenOf("default")), undefined);
    });

    it("a claim cannot get a class or a volume of its author's choice later", async () => {
      for (const spec of [{ storageClassName: "" }, { volumeName: "of-team-b" }]) {
        assert.match((await tenant.change(claim, { spec })) ?? "", /fleet-volumes/, JSON.stringify(spec));
      }
      assert.equal(await tenant.change(claim, { spec: { storageClassName: "fast" } }), undefined);
      assert.equal(await tenant.change(claim, { metadata: { labels: { app: "web" } } }), undefined);
    });

    it("an Ingress of another tenant's host can be moved to its own, and cannot be changed otherwise", async () => {
      const refused = /fleet-hosts/;
      const other = { ...(neighbours.spec as object), ingressClassName: "other" };
      assert.match((await tenant.change(neighbours, { spec: other })) ?? "", refused);
      assert.match((await tenant.change(neighbours, { metadata: { annotations: alias } })) ?? "", refused);
      assert.equal(
        await tenant.change(neighbours, { spec: ingress({ namespace }, ["shop.example.com"]).spec }),
        undefined,
      );
    });

    it("an Ingress of another tenant's host can be labelled, finalized and removed", async () => {
      assert.equal(await tenant.change(neighbours, { metadata: { labels: { app: "web" } } }), undefined);
      const finalizers = ["example.com/of-a-controller"];
      assert.equal(await new DryRun(clients.admin).change(neighbours, { metadata: { finalizers } }), undefined);
      assert.equal(await tenant.remove(neighbours), undefined);
    });

    it("an annotation that was there before the policy stays, and its value cannot be changed", async () => {
      const scale = { spec: { ...(noted.spec as object), ingressClassName: "other" } };
      assert.equal(await tenant.change(noted, scale), undefined);
      const rejoin = { metadata: { annotations: { [group]: "theirs" } } };
      assert.match((await tenant.change(noted, rejoin)) ?? "", /fleet-ingress-reach.*not known to concern this tenant/);
      assert.equal(await tenant.change(noted, { metadata: { annotations: { [group]: null } } }), undefined);
    });

    it("a label that was there before the policy stays, and neither its value nor its place can be changed", async () => {
      const key = "mirror.linkerd.io/exported";
      const relabel = (labels: object) => ({ metadata: { labels } });
      const unknown = /fleet-labels.*the labels [^ ]+ are not known to concern their own object alone/;
      assert.equal(await tenant.change(exported, { spec: { ports: [{ port: 81 }] } }), undefined);
      assert.match((await tenant.change(exported, relabel({ [key]: "remote-discovery" }))) ?? "", unknown);
      assert.equal(await tenant.change(exported, relabel({ [key]: null })), undefined);
      assert.equal(await tenant.change(pooled, { spec: { minReadySeconds: 1 } }), undefined);
      const template = (value: string) => ({ spec: { template: relabel({ [pool]: value }) } });
      assert.equal(await tenant.change(pooled, template("ours")), undefined);
      assert.match((await tenant.change(pooled, template("theirs"))) ?? "", unknown);
      assert.match((await tenant.change(pooled, relabel({ [pool]: "ours" }))) ?? "", unknown);
    });

    it("labels are not looked at in requests of others, such as operators that create objects for a tenant", async () => {
      const account = await clients.serviceAccount("kube-system", "statefulset-controller");
      const labels = { "operator.example.net/cluster": "x" };
      const claim = volumeClaim({ name: "of-an-operator", namespace, labels });
      // Without a default class, a claim needs one of its own.
      await restoreDefaultClass();
      await waitFor(async () => (await new DryRun(account).create(claim)) === undefined, {
        describe: () => "an operator cannot create the claim",
      });
      assert.match((await tenant.create(claim)) ?? "", /fleet-labels/);
    });

    it("an annotation of an Ingress is looked at when nothing else of it changes", async () => {
      const own = ingress({ name: "own", namespace }, ["shop.example.com"]);
      await clients.objects().create(own);
      const key = "nginx.ingress.kubernetes.io/server-alias";
      const change = (value: string) => tenant.change(own, { metadata: { annotations: { [key]: value } } });
      assert.match((await change("pay.example.com")) ?? "", /fleet-hosts/);
      assert.equal(await change("a.apps.example.com"), undefined);
    });

    it("an annotation without a value is looked at as any other: its key alone can have a controller copy a Secret", async () => {
      const [data, account, web] = [
        secret({ name: "copied", namespace }, {}),
        serviceAccount({ name: "annotated", namespace }),
        deployment({ name: "annotated", namespace }),
      ];
      for (const object of [data, account, web]) await clients.objects().create(object);
      const annotate = (key: string) => ({ metadata: { annotations: { [key]: "" } } });
      const unknown = annotate("example.org/agent");
      for (const [policy, object, change] of [
        ["fleet-configuration-annotations", data, annotate("kubed.appscode.com/sync")],
        ["fleet-identities", account, annotate("vault.hashicorp.com/alias-metadata")],
        ["fleet-volumes", claim, annotate("nfs.io/storage-path")],
        ["fleet-node-agents", web, { spec: { template: unknown } }],
        ["fleet-node-agents", pod({ namespace }), unknown],
      ] as const) {
        let words = "";
        // The API server hears of each policy in its own time, and the hook before the tests waits for others.
        await waitFor(
          async () => {
            words = (await tenant.change(object, change)) ?? "It is allowed.";
            return words.includes(policy);
          },
          { describe: () => `${policy} does not refuse ${object.kind} ${object.metadata.name}: ${words}` },
        );
      }
    });

    it("the account default can name pull Secrets: its list has one owner, and that is the tenant", async () => {
      const account = object("ServiceAccount", { name: "default", namespace });
      assert.equal(await tenant.change(account, { imagePullSecrets: [{ name: "fleet-pull-registry" }] }), undefined);
    });

    it("the platform can have a token that lasts made for a robot, and Kubernetes fills it", async () => {
      const robot = { name: "ci-robot", namespace };
      await core.createNamespacedServiceAccount({ namespace, body: { metadata: robot } });
      const secret = accountToken({ name: "robot", namespace }, "ci-robot");
      assert.match((await tenant.create(secret)) ?? "", /fleet-platform-accounts/);
      await clients.objects().create(secret);
      await waitFor(
        async () => (await core.readNamespacedSecret({ name: "robot", namespace })).data?.token !== undefined,
        { describe: () => "the Secret has no token" },
      );
    });
  });
});

const alias = { "nginx.ingress.kubernetes.io/server-alias": "pay.example.com" };

const strategic = setHeaderOptions("Content-Type", PatchStrategy.StrategicMergePatch);
