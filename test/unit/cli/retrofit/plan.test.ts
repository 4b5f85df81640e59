import assert from "node:assert/strict";
import type { RetrofitOutput } from "../../../../cli/retrofit/output.js";
import type { FakeApiServer } from "../../../support/unit/fake-api-server.js";
import {
  controller,
  fluxObject,
  ofBootstrap,
  ordinaryTenantObjects,
  retrofitCluster,
} from "../../../support/unit/retrofit-cluster.js";
import { retrofit } from "../../../support/unit/run-retrofit.js";
import { refusal, type StoredObject } from "../../../support/unit/stored-objects.js";

async function planOf(server: FakeApiServer, ...tenants: readonly string[]): Promise<RetrofitOutput["steps"]> {
  const { code, out, err } = await retrofit(server, tenants, "--output", "json");
  assert.equal(code, 1, err);
  assert.deepEqual(server.writes, []);
  return (JSON.parse(out) as RetrofitOutput).steps;
}

/** The obstacles of a step as `OBJECT: MESSAGE`. */
function obstaclesOf(steps: RetrofitOutput["steps"], id: string): string[] {
  const step = steps.find((one) => one.id === id);
  return (step?.obstacles ?? []).map(({ object, message }) => `${object}: ${message}`);
}

/** A binding that makes an account that of a controller. */
function bindingOf(account: string, place = "flux-system"): StoredObject {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: `controller-${account}` },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
    subjects: [{ kind: "ServiceAccount", name: account, namespace: place }],
  };
}

const namespace = (name: string): StoredObject => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });

describe("the plan of fleet retrofit", () => {
  it("names the rights that an account will lack, before the account is there, and the remedy", async () => {
    const applied = ["_payments__Namespace", "search_x__ConfigMap", "payments_q__ResourceQuota"];
    const sync = fluxObject("Kustomization", { namespace: "payments", name: "more" }, {}, applied);
    const server = retrofitCluster([...ordinaryTenantObjects("payments"), ...ordinaryTenantObjects("search"), sync]);
    server.put({ apiVersion: "v1", kind: "ResourceQuota", metadata: { namespace: "payments", name: "q" } });
    const steps = await planOf(server, "payments", "search");
    assert.deepEqual(
      obstaclesOf(steps, "proof"),
      [
        "Kustomization payments/more: payments/reconciler may not get, create, patch, delete namespaces in the whole cluster: Namespace payments",
        "Kustomization payments/more: payments/reconciler may not get, create, patch, delete configmaps in search: ConfigMap search/x",
        "Kustomization payments/more: payments/reconciler may not get, create, patch, delete resourcequotas in payments: ResourceQuota payments/q",
      ].sort(byText(steps)),
    );
    const fixes = steps.find(({ id }) => id === "proof")?.obstacles.map(({ fix }) => fix) ?? [];
    assert.ok(
      fixes.some((fix) =>
        fix.includes("kubectl annotate namespace payments kustomize.toolkit.fluxcd.io/prune=disabled"),
      ),
    );
    assert.equal(
      server.seen.some(({ user }) => user !== undefined),
      false,
      "there is no account to try",
    );
  });

  it("names a refusal of admission by a dry run as the account", async () => {
    const server = retrofitCluster(ordinaryTenantObjects("payments"));
    assert.equal((await retrofit(server, ["payments"], "--apply", "accounts", "--yes")).code, 0);
    const words = "ValidatingAdmissionPolicy 'fleet-images' with binding 'x' denied request: pin the image";
    server.refuse = ({ user, isDryRun }) => (user !== undefined && isDryRun ? refusal(422, words) : undefined);
    const { out } = await retrofit(server, ["payments"], "--output", "json");
    const { steps, proof } = JSON.parse(out) as RetrofitOutput;
    assert.deepEqual(obstaclesOf(steps, "proof"), [
      `Kustomization payments/app: Deployment payments/web: the policy fleet-images refuses it: ${words}`,
    ]);
    assert.deepEqual([proof.dryRuns, proof.isPredicted], [1, false]);
  });

  it("names what cannot work under lockdown: references and targets in other namespaces", async () => {
    const sourceRef = { kind: "GitRepository", name: "flux-system", namespace: "flux-system" };
    const spec = { sourceRef, targetNamespace: "search" };
    const server = retrofitCluster([
      namespace("payments"),
      fluxObject("Kustomization", { namespace: "payments", name: "app" }, spec),
    ]);
    const steps = await planOf(server, "payments");
    assert.deepEqual(obstaclesOf(steps, "proof"), [
      "Kustomization payments/app: sourceRef leads to flux-system/flux-system, which --no-cross-namespace-refs refuses",
      "Kustomization payments/app: targetNamespace is search, where payments/reconciler has no rights",
    ]);
    assert.deepEqual(steps.find(({ id }) => id === "syncs")?.changes, []);
  });

  it("names a tenant's source that the platform applies with all rights, and leaves the platform's own alone", async () => {
    const place = { namespace: "flux-system" };
    const root = { kind: "GitRepository", name: "flux-system" };
    const sync = (name: string, source: object, applied: readonly string[]) => {
      return fluxObject("Kustomization", { ...place, name }, { sourceRef: source, path: "./" }, applied);
    };
    const server = retrofitCluster([
      namespace("payments"),
      sync("flux-system", root, ["payments_app_source.toolkit.fluxcd.io_GitRepository"]),
      sync("of-payments", { kind: "GitRepository", name: "payments" }, ["payments_web_apps_Deployment"]),
      sync("ingress", { kind: "GitRepository", name: "ingress" }, ["ingress_web_apps_Deployment"]),
    ]);
    const steps = await planOf(server, "payments");
    assert.deepEqual(obstaclesOf(steps, "proof"), [
      "Kustomization flux-system/of-payments: applies GitRepository payments to the tenant's namespace payments, with the rights of the platform",
    ]);
    const syncs = steps.find(({ id }) => id === "syncs");
    const warning = "applies with all rights: only owners of the platform may write to";
    assert.deepEqual(
      syncs?.warnings.map(({ object, message }) => `${object}: ${message}`),
      [
        `Kustomization flux-system/flux-system: ${warning} GitRepository flux-system of an unknown URL`,
        `Kustomization flux-system/ingress: ${warning} GitRepository ingress of an unknown URL`,
      ],
    );
    assert.deepEqual(
      syncs.changes.map(({ detail }) => detail),
      syncs.changes.map(() => "sets serviceAccountName to platform-reconciler"),
    );
  });

  it("takes a sync for the platform's by the controllers in its inventory, not by the labels of a controller alone", async () => {
    const own = "flux-system_kustomize-controller_apps_Deployment";
    const look = async (...more: readonly string[]) => {
      const spec = { sourceRef: { kind: "GitRepository", name: "all" }, path: "./" };
      const server = retrofitCluster([
        namespace("payments"),
        fluxObject("Kustomization", { namespace: "flux-system", name: "all" }, spec, [
          "payments_web_apps_Deployment",
          ...more,
        ]),
      ]);
      server.put(
        controller("kustomize-controller", {
          "kustomize.toolkit.fluxcd.io/name": "all",
          "kustomize.toolkit.fluxcd.io/namespace": "flux-system",
        }),
      );
      return obstaclesOf(await planOf(server, "payments"), "proof");
    };
    assert.deepEqual(await look(), [
      "Kustomization flux-system/all: applies GitRepository all to the tenant's namespace payments, with the rights of the platform",
    ]);
    assert.deepEqual(await look(own), []);
  });

  it("names syncs to other clusters that the lockdown would break, and leaves the others alone", async () => {
    const remote = { kubeConfig: { secretRef: { name: "other" } } };
    const place = { namespace: "flux-system" };
    const server = retrofitCluster([
      namespace("payments"),
      fluxObject("Kustomization", { namespace: "payments", name: "app" }, remote),
      fluxObject("Kustomization", { ...place, name: "bare" }, remote),
      fluxObject("Kustomization", { ...place, name: "named" }, { ...remote, serviceAccountName: "deployer" }),
    ]);
    assert.deepEqual(obstaclesOf(await planOf(server, "payments"), "proof"), [
      "Kustomization payments/app: applies to another cluster by its kubeconfig, which admission refuses to tenants",
      "Kustomization flux-system/bare: names no account, so --default-service-account would have it act as default on the other cluster",
    ]);
  });

  it("names alerts and others whose references a flag refuses, until it does so already", async () => {
    const alert = {
      apiVersion: "notification.toolkit.fluxcd.io/v1beta3",
      kind: "Alert",
      metadata: { namespace: "flux-system", name: "all" },
      spec: { eventSources: [{ kind: "Kustomization", name: "*", namespace: "payments" }, { name: "flux-system" }] },
    };
    const server = retrofitCluster([namespace("payments"), alert, controller("notification-controller")]);
    server.put(bindingOf("notification-controller"));
    const words = "eventSources.0 leads to payments/*, which --no-cross-namespace-refs refuses";
    assert.deepEqual(obstaclesOf(await planOf(server, "payments"), "proof"), [`Alert flux-system/all: ${words}`]);
    const locked = controller("notification-controller");
    const container = { name: "manager", args: ["--no-cross-namespace-refs=true"] };
    const spec = { template: { spec: { serviceAccountName: "notification-controller", containers: [container] } } };
    server.put({ ...locked, spec });
    assert.deepEqual(obstaclesOf(await planOf(server, "payments"), "proof"), []);
  });

  it("takes no namespace for Flux's where a tenant gave a Deployment the name of a controller", async () => {
    const fake = controller("kustomize-controller");
    const server = retrofitCluster([
      ...ordinaryTenantObjects("apps"),
      { ...fake, metadata: { ...fake.metadata, namespace: "apps" } },
      bindingOf("kustomize-controller", "apps"),
    ]);
    const steps = await planOf(server, "apps");
    const [stray, ...others] = obstaclesOf(steps, "proof");
    assert.match(
      stray ?? "",
      /^Deployment apps\/kustomize-controller: has the name and rights of kustomize-controller/,
    );
    assert.deepEqual(others, []);
    assert.deepEqual(
      steps.find(({ id }) => id === "syncs")?.changes.map(({ detail }) => detail),
      ["sets serviceAccountName to reconciler, sets targetNamespace to apps"],
    );
  });

  it("names the command that writes tenant files for a sync of no tenant", async () => {
    const server = retrofitCluster([...ordinaryTenantObjects("payments"), ...ordinaryTenantObjects("search")]);
    const steps = await planOf(server, "payments");
    const [obstacle, ...others] = steps.find(({ id }) => id === "proof")?.obstacles ?? [];
    assert.deepEqual(others, []);
    assert.equal(obstacle?.object, "Kustomization search/app");
    assert.match(obstacle?.fix ?? "", /npx fleet tenant import --context prod --stack staging/);
  });

  it("prints the patch for the file of an object that Flux applies", async () => {
    const objects = ordinaryTenantObjects("payments").map((one) => {
      return one.kind === "Kustomization" ? { ...one, metadata: { ...one.metadata, labels: ofBootstrap } } : one;
    });
    const source = { namespace: "flux-system", name: "flux-system" };
    const spec = { path: "./clusters/prod", sourceRef: { kind: "GitRepository", name: "flux-system" } };
    const server = retrofitCluster([
      ...objects,
      fluxObject("GitRepository", source, { url: "https://git.example/fleet" }),
      fluxObject("Kustomization", source, spec, ["payments_app_kustomize.toolkit.fluxcd.io_Kustomization"]),
    ]);
    const changeOf = async () => {
      const step = (await planOf(server, "payments")).find(({ id }) => id === "syncs");
      return step?.changes.find(({ object }) => object === "Kustomization payments/app");
    };
    const change = await changeOf();
    assert.deepEqual(change?.inGit, {
      owner: "Kustomization flux-system/flux-system",
      patch: [
        "- target:",
        "    group: kustomize.toolkit.fluxcd.io",
        "    kind: Kustomization",
        "    name: app",
        "    namespace: payments",
        "  patch: |",
        "    - op: add",
        "      path: /spec/serviceAccountName",
        "      value: reconciler",
        "    - op: add",
        "      path: /spec/targetNamespace",
        "      value: payments",
        "",
      ].join("\n"),
      source: "GitRepository flux-system/flux-system",
      path: "./clusters/prod",
      url: "https://git.example/fleet",
    });
    const { out } = await retrofit(server, ["payments"]);
    assert.match(
      out,
      /^syncs: Files of Kustomization flux-system\/flux-system, from \.\/clusters\/prod in GitRepository /m,
    );
    // The labels are text that each tenant can write. The inventory is the owner's.
    server.put(fluxObject("Kustomization", source, spec, ["payments_other_kustomize.toolkit.fluxcd.io_Kustomization"]));
    const forged = await changeOf();
    assert.deepEqual([forged?.detail, forged?.inGit], [change?.detail, undefined]);
  });

  it("is printed as Markdown and YAML, with the commands of the adoption", async () => {
    const server = retrofitCluster(ordinaryTenantObjects("payments"));
    const { out, err } = await retrofit(server, ["payments"], "--output", "markdown");
    assert.match(out, /^### Retrofit for the stack staging: /m);
    assert.match(
      out,
      /kubectl --context prod label --overwrite namespace payments app\.kubernetes\.io\/managed-by=fleet/,
    );
    assert.match(err, /^6 of 6 steps are not done\. The next one is accounts\.$|^\d of 6 steps are not done/m);
    assert.match((await retrofit(server, ["payments"], "--output", "yaml")).out, /^steps:$/m);
  });
});

/** Obstacles come in the order of the inventory, which is sorted by kind and name. */
function byText(steps: RetrofitOutput["steps"]) {
  const order = obstaclesOf(steps, "proof");
  return (a: string, b: string) => order.indexOf(a) - order.indexOf(b);
}
