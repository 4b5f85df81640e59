import assert from "node:assert/strict";
import { join } from "node:path";
import { execa } from "execa";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { DryRun } from "../../support/e2e/dry-run.js";
import { imageRepository } from "../../support/objects/image-automation.js";
import { service as serviceOf } from "../../support/objects/network.js";
import { provider } from "../../support/objects/notifications.js";
import type { Fields } from "../../support/objects/object.js";
import { bucket, gitRepository, helmRepository, ociRepository } from "../../support/objects/sources.js";
import { prepare } from "./bare-cluster.js";
import { allowed, type Case, each, type Place, refused } from "./cases.js";
import { hostCases } from "./host-cases.js";
import { imageAutomationCases, pushCases } from "./image-automation-cases.js";
import { pullCases, registries } from "./image-cases.js";
import { allowedAnnotations } from "./ingress-reach-cases.js";
import { innerCases, neverAllowed, notificationCases } from "./notification-cases.js";
import { namespace, PolicySettings, place } from "./policy-settings.js";
import { sourceCases } from "./source-cases.js";
import { accountCases, balancerCases, resourceCases, serviceCases } from "./workload-cases.js";

/** A tenant's namespace where image automation may push to the default branch. */
const trusted: Place = { ...place, namespace: "team-trusted" };

/** Settings of a stack about connections and modes of admission, on a real API server. */
describe("Admission policies, as a stack sets them", function () {
  this.timeout(90 * 60_000);
  let stack: PolicySettings;

  before(async () => {
    stack = await PolicySettings.prepare();
    await prepare(stack.cluster, trusted.namespace, { "fleet.dev/image-automation": "default-branch" });
  });
  after(() => stack?.clear());

  describe("with more hosts, owners and kinds of Services", () => {
    before(async () => {
      const object = { title: "an image elsewhere", object: oci("oci://quay.example.com/acme/app"), refused: /./ };
      await stack.enforce(
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
      assert.match(
        (await stack.tenant.create(oci("oci://ghcr.io/evil/app"))) ?? "",
        /fleet-flux-source.*: acme, stefan;/,
      );
    });

    it("refuses buckets at Google still when they have a Secret, which can be the controller's own token", async () => {
      const said = await stack.tenant.create(bucketAtGoogle({ secretRef: { name: "mine" } }));
      assert.match(said ?? "", /fleet-flux-source/);
    });

    it("refuses the ways to expose a Service that are still not allowed", async () => {
      assert.match(
        (await stack.tenant.create(service({ type: "NodePort" }))) ?? "",
        /fleet-exposed-services.* ClusterIP or LoadBalancer or ExternalName:/,
      );
      assert.match(
        (await stack.tenant.create(service({ externalIPs: ["203.0.113.7"] }))) ?? "",
        /fleet-exposed-services/,
      );
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
        assert.equal(await stack.tenant.create(object), undefined, JSON.stringify(object.spec));
      }
    });
  });

  describe("with load balancers", () => {
    const cases = balancerCases(place, ["example.com/internal"]);

    before(() =>
      stack.enforce({ serviceExposure: ["LoadBalancer"], loadBalancerClasses: ["example.com/internal"] }, cases),
    );

    it("refuses addresses and classes of load balancers that the stack does not list", () => stack.check(cases));
  });

  describe("with addresses of choice", () => {
    const cases = allowed({
      "a Service at an address of its choice": serviceOf(place, { clusterIP: "10.96.77.77" }),
      "a load balancer at an address of its choice": serviceOf(place, {
        type: "LoadBalancer",
        loadBalancerIP: "203.0.113.7",
      }),
    });

    before(() => stack.enforce({ serviceExposure: ["LoadBalancer", "clusterIP", "loadBalancerIP"] }, cases));

    it("allows them", () => stack.check(cases));
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

    before(() => stack.enforce({ notificationAddresses: "any" }, providers.map(asPassing)));

    it("allows what is not encrypted", () => stack.check(providers.map(asPassing)));

    it("refuses everything else that was refused", () =>
      stack.check(cases.filter((one) => !providers.includes(one) && !publicOnly(one))));

    it("allows a Service of the cluster, and neither an address nor the controller itself nor the API server", () =>
      stack.check([
        ...allowed({ "an Alertmanager in the cluster": alertmanager }),
        ...innerCases(place, /must not go to an address of a network, to the controller itself/, neverAllowed),
      ]));
  });

  describe("with a tenant whose file lists no hosts", () => {
    const cases = hostCases(place).filter(({ object }) => object.kind === "Ingress" || object.kind === "Service");
    const named = (object: KubernetesObject) => object.kind === "Ingress" || object.metadata.annotations !== undefined;
    const refused = /fleet-hosts/;

    before(() =>
      stack.enforce(
        { annotations: allowedAnnotations },
        [...cases.slice(0, 1), ...cases.filter(({ title }) => title.includes("nginx.hosts.example.com"))].map(
          ({ title, object }) => ({ title, object, refused: /fleet-hosts.*which lists none: change/ }),
        ),
      ),
    );

    it("refuses every Ingress, and every Service for a host", () =>
      stack.check(
        cases.filter(({ object }) => named(object)).map(({ title, object }) => ({ title, object, refused })),
      ));

    it("allows Services that name none", () => stack.check(cases.filter(({ object }) => !named(object))));
  });

  describe("with nothing said", () => {
    const inClear = notificationCases(place).filter(({ refused }) => refused?.source.includes("must be encrypted"));

    before(() => stack.enforce({}, inClear));

    it("refuses scans of registries in the cluster, and allows others and the platform's", async () => {
      const scans = (host: string) => imageRepository(place, `${host}/acme/app`);
      const hosts = ["169.254.169.254", "localhost:5000", "registry.default.svc", "registry.team-b:5000", "10.0.0.1"];
      await stack.check(
        refused(
          /scans must be at a public host/,
          each(hosts, (host) => [host, scans(host)]),
        ),
      );
      await stack.check(allowed({ "a public one": scans("ghcr.io") }));
      await stack.check(allowed({ "the sandbox's": scans("127.0.0.1:5000") }), new DryRun(stack.cluster.clients.admin));
    });

    it("refuses a tenant to have notifications sent unencrypted, and lets the platform", async () => {
      await stack.check(inClear);
      await stack.check(inClear.map(asPassing), new DryRun(stack.cluster.clients.admin));
    });
  });

  describe("where a namespace lets image automation push to the default branch", () => {
    before(() => stack.enforce({ images: { registries, digests: "optional", pullPolicy: "any" } }, registered));

    const registered = imageAutomationCases(place).filter(({ refused }) => refused?.source.includes("registry"));

    it("allows every push elsewhere too if it is the platform's, from a tenant's file", () =>
      stack.check(pushCases(place), new DryRun(stack.cluster.clients.admin)));

    it("allows every push there", async () => stack.check(pushCases(trusted), await stack.tenantOf(trusted)));

    it("refuses everything else there that it refuses elsewhere", async () => {
      const pushes = pushCases(trusted).map(({ title }) => title);
      await stack.check(
        imageAutomationCases(trusted).filter(({ title }) => !pushes.includes(title)),
        await stack.tenantOf(trusted),
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

    before(() => stack.enforce({ mode: "audit" }, attacks.map(asPassing)));

    it("let every request pass, and warn its sender with the message of the refusal", async () => {
      await stack.check(attacks.map(asPassing));

      const [nodePort] = serviceCases(place);
      const user = `system:serviceaccount:${namespace}:reconciler`;
      const { stderr } = await execa(
        join(stack.cluster.bin, "kubectl"),
        ["create", "--dry-run=server", "-f", "-", "--as", user],
        { env: { KUBECONFIG: stack.cluster.kubeconfig }, input: JSON.stringify(nodePort?.object) },
      );
      assert.match(stderr, new RegExp(`Warning: .*fleet-exposed-services.*${nodePort?.refused?.source}`));
    });
  });
});

function asPassing({ title, object }: Case): Case {
  return { title, object };
}

const oci = (url: string) => ociRepository(place, url);
const git = (url: string) => gitRepository(place, url);
const service = (spec: Fields) => serviceOf(place, spec);
const bucketAtGoogle = (more: Fields) => bucket(place, "storage.googleapis.com", { provider: "gcp", ...more });
