import assert from "node:assert/strict";
import { join } from "node:path";
import { execa } from "execa";
import { fixedPolicies, sourcePolicy } from "../../../components/admission/policies.js";
import type { KubernetesObject } from "../../../components/kubernetes-object.js";
import { type ControlPlane, startControlPlane } from "../../../sandbox/control-plane/control-plane.js";
import { ensureToolchain } from "../../../sandbox/toolchain/toolchain.js";
import { fleetSpec } from "../../unit/support/spec.js";
import { temporary } from "../control-plane/cluster.js";
import { DryRun } from "../support/dry-run.js";
import { KubernetesClients } from "../support/kubernetes-clients.js";
import { waitFor } from "../support/wait-for.js";
import { apply, type BareCluster, objectsOf, prepare } from "./bare-cluster.js";
import { sourceCases } from "./cases.js";
import { serviceCases } from "./workload-cases.js";

const namespace = "team-a";
const place = { namespace, organisation: "ssh://git@github.com/acme" };
const metadata = { name: "of-a-test", namespace };

/** What a stack can say about admission, each setting against a real API server. */
describe("Admission policies, as a stack sets them", function () {
  this.timeout(90 * 60_000);
  let space: Awaited<ReturnType<typeof temporary>>;
  let plane: ControlPlane;
  let cluster: BareCluster;
  let tenant: DryRun;

  before(async () => {
    const toolchain = await ensureToolchain();
    space = await temporary();
    plane = await startControlPlane({ dir: space.dir, bin: toolchain.bin, name: "settings" });
    cluster = { ...toolchain, kubeconfig: plane.kubeconfig };
    await prepare(cluster, namespace);
    tenant = new DryRun(await new KubernetesClients(plane.kubeconfig).serviceAccount(namespace, "reconciler"));
  });
  after(async () => {
    await plane?.stop();
    await space?.remove();
  });

  describe("with more hosts, owners and kinds of Services", () => {
    before(async () => {
      const spec = fleetSpec({
        admission: {
          mode: "enforce",
          sourceHosts: ["ghcr.io", "Charts.Example.com"],
          sourceOwners: ["Stefan"],
          serviceExposure: ["LoadBalancer", "ExternalName"],
          identityAnnotations: [],
        },
      });
      await apply(cluster, objectsOf([...fixedPolicies(spec), sourcePolicy(spec, "github.com")]));
      for (const object of [oci("oci://quay.example.com/acme/app"), service({ type: "NodePort" })]) {
        await waitFor(async () => (await tenant.create(object)) !== undefined, {
          describe: () => `the ${object.kind} is not refused`,
        });
      }
    });

    it("refuses at GitHub's registry the images of an owner that nobody allowed", async () => {
      assert.match(
        (await tenant.create(oci("oci://ghcr.io/evil/app"))) ?? "",
        /must belong to an allowed owner: acme, stefan/,
      );
    });

    it("refuses the ways to expose a Service that are still not allowed", async () => {
      assert.match(
        (await tenant.create(service({ type: "NodePort" }))) ?? "",
        /ClusterIP or LoadBalancer or ExternalName/,
      );
      assert.match((await tenant.create(service({ externalIPs: ["203.0.113.7"] }))) ?? "", /must not claim addresses/);
    });

    it("allows what was added, and still what was allowed before", async () => {
      for (const object of [
        oci("oci://ghcr.io/acme/charts/app"),
        oci("oci://ghcr.io/stefan/app"),
        git("https://github.com/STEFAN/app"),
        git("https://github.com/acme/app.git"),
        git("ssh://git@github.com/acme/app.git"),
        { ...git("https://charts.example.com/any/path"), kind: "HelmRepository" },
        service({ type: "LoadBalancer" }),
        service({ type: "ExternalName", externalName: "db.example.com" }),
        service({}),
      ]) {
        assert.equal(await tenant.create(object), undefined, JSON.stringify(object.spec));
      }
    });
  });

  describe("as audit", () => {
    before(async () => {
      const admission = { ...fleetSpec().admission, mode: "audit" as const };
      const spec = fleetSpec({ admission });
      await apply(cluster, objectsOf([...fixedPolicies(spec), sourcePolicy(spec, "github.com")]));
      await waitFor(async () => (await tenant.create(service({ type: "NodePort" }))) === undefined, {
        describe: () => "the Service is still refused",
      });
    });

    it("let everything pass, and warn whoever sent it in the words of the refusal", async () => {
      const attacks = [...serviceCases(place), ...sourceCases(place)].filter(({ refused }) => refused !== undefined);
      for (const { title, object } of attacks) assert.equal(await tenant.create(object), undefined, title);

      const user = `system:serviceaccount:${namespace}:reconciler`;
      const { stderr } = await execa(
        join(cluster.bin, "kubectl"),
        ["create", "--dry-run=server", "-f", "-", "--as", user],
        { env: { KUBECONFIG: cluster.kubeconfig }, input: JSON.stringify(service({ type: "NodePort" })) },
      );
      assert.match(stderr, /Warning: .*fleet-exposed-services.*Services must be of the type/);
    });
  });
});

function oci(url: string): KubernetesObject {
  return { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "OCIRepository", metadata, spec: { interval: "1m", url } };
}

function git(url: string): KubernetesObject {
  return { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", metadata, spec: { interval: "1m", url } };
}

function service(spec: object): KubernetesObject {
  return { apiVersion: "v1", kind: "Service", metadata, spec: { ports: [{ port: 80 }], ...spec } };
}
