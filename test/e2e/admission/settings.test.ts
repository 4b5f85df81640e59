import assert from "node:assert/strict";
import { join } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { execa } from "execa";
import type { FleetSpec } from "../../../config/fleet-spec.js";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { fixedPolicies, sourcePolicy } from "../../../policies/admission/policies.js";
import { DryRun } from "../../support/e2e/dry-run.js";
import type { KubernetesClients } from "../../support/e2e/kubernetes-clients.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { imageRepository } from "../../support/objects/image-automation.js";
import { service as serviceOf } from "../../support/objects/network.js";
import { provider } from "../../support/objects/notifications.js";
import type { Fields } from "../../support/objects/object.js";
import { bucket, gitRepository, helmRepository, ociRepository } from "../../support/objects/sources.js";
import { deployment, everyWorkload, pod } from "../../support/objects/workloads.js";
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
import { allowed, type Case, each, type Place, refused } from "./cases.js";
import { hostCases } from "./host-cases.js";
import { imageAutomationCases, pushCases } from "./image-automation-cases.js";
import { digestCases, pullCases, registries, tagCases } from "./image-cases.js";
import { allowedAnnotations } from "./ingress-reach-cases.js";
import { innerCases, neverAllowed, notificationCases } from "./notification-cases.js";
import { sourceCases } from "./source-cases.js";
import { attributesClassCases, classlessCases, storageClassCases } from "./volume-cases.js";
import { accountCases, balancerCases, resourceCases, serviceCases, silent, zeroCases } from "./workload-cases.js";

const namespace = "team-a";
const place: Place = { namespace, organisation: "ssh://git@github.com/acme" };
/** A tenant's namespace where image automation may push to the default branch. */
const trusted: Place = { ...place, namespace: "team-trusted" };
/** A tenant's namespace whose limit range is gone. */
const unlimited: Place = { ...place, namespace: "team-unlimited" };

/** Each setting of a stack about admission, on a real API server. */
describe("Admission policies, as a stack sets them", function () {
  this.timeout(90 * 60_000);
  let cluster: BareCluster;
  let clients: KubernetesClients;
  let tenant: DryRun;

  const tenantOf = async (one: Place) => new DryRun(await clients.serviceAccount(one.namespace, "reconciler"));
  /** Puts the policies of a stack with these settings into force, where they were not when the last case was tried. */
  const inForce = async (settings: Partial<FleetSpec["admission"]>, until: readonly Case[]) => {
    const spec = fleetSpec({ admission: { ...fleetSpec().admission, ...settings } });
    await enforce(cluster, objectsOf([...fixedPolicies(spec), sourcePolicy(spec, "github.com")]));
    for (const one of until) {
      await waitFor(async () => isAsSaid(one, await tenant.create(one.object)), {
        describe: () => `${one.title} is not ${one.refused === undefined ? "allowed" : "refused"}`,
      });
    }
  };
  const check = async (cases: readonly Case[], who: DryRun) => {
    for (const { title, object, refused } of cases) {
      const said = await who.create(object);
      if (refused === undefined) assert.equal(said, undefined, title);
      else assert.match(said ?? "", refused, title);
    }
  };

  before(async () => {
    cluster = await bareCluster();
    ({ clients } = cluster);
    await prepare(cluster, namespace);
    await prepare(cluster, trusted.namespace, { "fleet.dev/image-automation": "default-branch" });
    await prepare(cluster, unlimited.namespace);
    await clients.client(CoreV1Api).deleteNamespacedLimitRange({ name: "tenant", namespace: unlimited.namespace });
    tenant = await tenantOf(place);
  });
  after(() => cluster && clear(cluster));

  describe("with more hosts, owners and kinds of Services", () => {
    before(async () => {
      const object = { title: "an image elsewhere", object: oci("oci://quay.example.com/acme/app"), refused: /./ };
      await inForce(
        {
          sourceHosts: ["ghcr.io", "Charts.Example.com", "storage.googleapis.com"],
          sourceOwners: ["Stefan"],
          serviceExposure: ["LoadBalancer", "ExternalName"],
          identityAnnotations: [],
        },
        [object, { title: "a load balancer", object: service({ type: "LoadBalancer" }) }],
      );
    });

    it("refuses at GitHub's registry the images of an owner that is not allowed", async () => {
      assert.match((await tenant.create(oci("oci://ghcr.io/evil/app"))) ?? "", /fleet-flux-source.*: acme, stefan;/);
    });

    it("refuses buckets at Google still when they have a Secret, which can be the controller's own token", async () => {
      const said = await tenant.create(bucketAtGoogle({ secretRef: { name: "mine" } }));
      assert.match(said ?? "", /fleet-flux-source/);
    });

    it("refuses the ways to expose a Service that are still not allowed", async () => {
      assert.match(
        (await tenant.create(service({ type: "NodePort" }))) ?? "",
        /fleet-exposed-services.* ClusterIP or LoadBalancer or ExternalName:/,
      );
      assert.match((await tenant.create(service({ externalIPs: ["203.0.113.7"] }))) ?? "", /fleet-exposed-services/);
    });

    it("allows what was added, and still what was allowed before", async () => {
      for (const object of [
        oci("oci://ghcr.io/acme/charts/app"),
        oci("oci://ghcr.io/stefan/app"),
        git("https://github.com/STEFAN/app"),
        git("https://github.com/acme/app.git"),
        git("ssh://git@github.com/acme/app.git"),
        bucketAtGoogle({ serviceAccountName: "mine" }),
        helmRepository(place, "https://charts.example.com/any/path"),
        service({ type: "LoadBalancer" }),
        service({ type: "ExternalName", externalName: "db.example.com" }),
        service({}),
      ]) {
        assert.equal(await tenant.create(object), undefined, JSON.stringify(object.spec));
      }
    });
  });

  describe("with resources left to the limit range", () => {
    const refused = /fleet-workload-resources/;

    before(() =>
      inForce({ workloadResources: "defaulted" }, allowed({ "a silent Deployment": deployment(place, silent) })),
    );

    it("allows workloads that declare nothing, of which the limit range makes pods with limits", () =>
      check(
        allowed({ ...everyWorkload(place, "that declares nothing", silent), "a pod": pod(place, silent) }),
        tenant,
      ));

    it("refuses limits of zero still, which the limit range takes for limits", () =>
      check(zeroCases(place, refused), tenant));

    it("refuses a pod where the limit range is gone", async () => {
      const who = await tenantOf(unlimited);
      assert.match((await who.create(pod(unlimited, silent))) ?? "", refused);
      assert.equal(await who.create(pod(unlimited)), undefined);
    });
  });

  describe("with nodes that may hand out what they have", () => {
    before(() => inForce({ images: { registries: [], digests: "optional", pullPolicy: "any" } }, tagCases(place)));

    it("refuses a tag that moves, unless it is pulled always", () => check(tagCases(place), tenant));
  });

  describe("with digests demanded", () => {
    before(() => inForce({ images: { registries: [], digests: "required", pullPolicy: "any" } }, digestCases(place)));

    it("refuses tags alone, and allows digests", () => check(digestCases(place), tenant));
  });

  describe("with lists of classes of storage, and raw devices", () => {
    const cases = [...storageClassCases(place), ...attributesClassCases(place)];
    const settings = { storageClasses: ["fast"], volumeAttributesClasses: ["gold"], blockVolumes: "any" } as const;

    before(() => inForce(settings, cases));

    it("refuses claims of other classes", () => check(cases, tenant));
  });

  describe("on a cluster without a default storage class", () => {
    let putBack: () => Promise<void>;

    before(async () => {
      await inForce({ storageClasses: ["fast"] }, storageClassCases(place));
      putBack = await withoutDefaultClass(cluster);
      // The API server hears of the removal a moment later.
      for (const one of classlessCases(place).filter(({ refused }) => refused !== undefined)) {
        await waitFor(async () => isAsSaid(one, await tenant.create(one.object)), {
          describe: () => `${one.title} is not refused`,
        });
      }
    });
    after(() => putBack());

    it("refuses claims without a class, which would take any volume without one", () =>
      check(classlessCases(place), tenant));

    it("refuses them also to the controllers that create them from templates, and not to the platform", async () => {
      const [classless] = classlessCases(place);
      assert.ok(classless?.refused);
      const controllers = await clients.serviceAccount("kube-system", "statefulset-controller");
      assert.match((await new DryRun(controllers).create(classless.object)) ?? "", classless.refused);
      assert.equal(await new DryRun(clients.admin).create(classless.object), undefined);
    });
  });

  describe("with load balancers", () => {
    const cases = balancerCases(place, ["example.com/internal"]);

    before(() => inForce({ serviceExposure: ["LoadBalancer"], loadBalancerClasses: ["example.com/internal"] }, cases));

    it("refuses addresses and classes of load balancers that the stack does not list", () => check(cases, tenant));
  });

  describe("with addresses of choice", () => {
    const cases = allowed({
      "a Service at an address of its choice": serviceOf(place, { clusterIP: "10.96.77.77" }),
      "a load balancer at an address of its choice": serviceOf(place, {
        type: "LoadBalancer",
        loadBalancerIP: "203.0.113.7",
      }),
    });

    before(() => inForce({ serviceExposure: ["LoadBalancer", "clusterIP", "loadBalancerIP"] }, cases));

    it("allows them", () => check(cases, tenant));
  });

  describe("with notifications to any address", () => {
    const cases = notificationCases(place);
    const providers = cases.filter(
      ({ object, refused }) => object.kind === "Provider" && refused?.source.includes("encrypted"),
    );
    const publicOnly = (one: Case) => one.refused?.source.includes("public host") === true;
    const alertmanager = provider(place, {
      type: "alertmanager",
      address: "http://alertmanager.monitoring:9093/api/v2",
    });

    before(() => inForce({ notificationAddresses: "any" }, providers.map(asPassing)));

    it("allows what is not encrypted", () => check(providers.map(asPassing), tenant));

    it("refuses everything else that was refused", () =>
      check(
        cases.filter((one) => !providers.includes(one) && !publicOnly(one)),
        tenant,
      ));

    it("allows a Service of the cluster, and neither an address nor the controller itself nor the API server", () =>
      check(
        [
          ...allowed({ "an Alertmanager in the cluster": alertmanager }),
          ...innerCases(place, /must not go to an address of a network, to the controller itself/, neverAllowed),
        ],
        tenant,
      ));
  });

  describe("with a tenant whose file lists no hosts", () => {
    const cases = hostCases(place).filter(({ object }) => object.kind === "Ingress" || object.kind === "Service");
    const named = (object: KubernetesObject) => object.kind === "Ingress" || object.metadata.annotations !== undefined;
    const refused = /fleet-hosts/;

    before(() =>
      inForce(
        { annotations: allowedAnnotations },
        [...cases.slice(0, 1), ...cases.filter(({ title }) => title.includes("nginx.hosts.example.com"))].map(
          ({ title, object }) => ({ title, object, refused: /fleet-hosts.*which lists none: change/ }),
        ),
      ),
    );

    it("refuses every Ingress, and every Service for a host", () =>
      check(
        cases.filter(({ object }) => named(object)).map(({ title, object }) => ({ title, object, refused })),
        tenant,
      ));

    it("allows Services that name none", () =>
      check(
        cases.filter(({ object }) => !named(object)),
        tenant,
      ));
  });

  describe("with nothing said", () => {
    const inClear = notificationCases(place).filter(({ refused }) => refused?.source.includes("must be encrypted"));

    before(() => inForce({}, inClear));

    it("refuses scans of registries in the cluster, and allows others and the platform's", async () => {
      const scans = (host: string) => imageRepository(place, `${host}/acme/app`);
      const hosts = ["169.254.169.254", "localhost:5000", "registry.default.svc", "registry.team-b:5000", "10.0.0.1"];
      await check(
        refused(
          /scans must be at a public host/,
          each(hosts, (host) => [host, scans(host)]),
        ),
        tenant,
      );
      await check(allowed({ "a public one": scans("ghcr.io") }), tenant);
      await check(allowed({ "the sandbox's": scans("127.0.0.1:5000") }), new DryRun(clients.admin));
    });

    it("refuses a tenant to have notifications sent unencrypted, and lets the platform", async () => {
      await check(inClear, tenant);
      await check(inClear.map(asPassing), new DryRun(clients.admin));
    });
  });

  describe("where a namespace lets image automation push to the default branch", () => {
    before(() => inForce({ images: { registries, digests: "optional", pullPolicy: "any" } }, registered));

    const registered = imageAutomationCases(place).filter(({ refused }) => refused?.source.includes("registry"));

    it("allows every push elsewhere too if it is the platform's, from a tenant's file", () =>
      check(pushCases(place), new DryRun(clients.admin)));

    it("allows every push there", async () => check(pushCases(trusted), await tenantOf(trusted)));

    it("refuses everything else there that it refuses elsewhere", async () => {
      const pushes = pushCases(trusted).map(({ title }) => title);
      await check(
        imageAutomationCases(trusted).filter(({ title }) => !pushes.includes(title)),
        await tenantOf(trusted),
      );
    });
  });

  describe("as audit", () => {
    const attacks = [
      ...serviceCases(place),
      ...hostCases(place).filter(({ object }) => object.kind === "Ingress"),
      ...sourceCases(place),
      ...resourceCases(place),
      ...pullCases(place),
      ...accountCases(place),
      ...notificationCases(place),
      ...imageAutomationCases(place),
    ].filter(({ refused }) => refused !== undefined);

    before(() => inForce({ mode: "audit" }, attacks.map(asPassing)));

    it("let every request pass, and warn its sender with the message of the refusal", async () => {
      await check(attacks.map(asPassing), tenant);

      const [nodePort] = serviceCases(place);
      const user = `system:serviceaccount:${namespace}:reconciler`;
      const { stderr } = await execa(
        join(cluster.bin, "kubectl"),
        ["create", "--dry-run=server", "-f", "-", "--as", user],
        { env: { KUBECONFIG: cluster.kubeconfig }, input: JSON.stringify(nodePort?.object) },
      );
      assert.match(stderr, new RegExp(`Warning: .*fleet-exposed-services.*${nodePort?.refused?.source}`));
    });
  });
});

function isAsSaid({ refused }: Case, said: string | undefined): boolean {
  return refused === undefined ? said === undefined : refused.test(said ?? "");
}

function asPassing({ title, object }: Case): Case {
  return { title, object };
}

const oci = (url: string) => ociRepository(place, url);
const git = (url: string) => gitRepository(place, url);
const service = (spec: Fields) => serviceOf(place, spec);
const bucketAtGoogle = (more: Fields) => bucket(place, "storage.googleapis.com", { provider: "gcp", ...more });
