import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { checkout } from "../../../cli/checkout.js";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { type FluxObject, isReady } from "../../support/e2e/flux-objects.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { prometheusKinds } from "../../support/objects/custom-kinds.js";
import { object } from "../../support/objects/object.js";
import { allowedAddonObjects } from "../admission/addon-objects.js";
import { namespace } from "./infrastructure-objects.js";
import {
  allParts,
  configurations,
  type OptionalPart,
  optionalPartNames,
  optionalParts,
  type Part,
  PlatformParts,
  type Surroundings,
} from "./platform-parts.js";

/** The folder of a part in the checkout. */
const folderOf = (part: Part) => join(checkout, "fleet/infrastructure/controllers", part);

/** Host that the tenant may serve. */
const host = "shop.payments.example.com";

/** Groups of kinds that the parts' charts define. Those of the Prometheus operator are the tests' own. */
const groups = [
  "cert-manager.io",
  "external-secrets.io",
  "gateway.networking.k8s.io",
  "generators.external-secrets.io",
];

/** Kinds of objects outside a part's namespace that its chart may create. */
const elsewhere = [
  "clusterroles",
  "clusterrolebindings",
  "rolebindings",
  "mutatingwebhookconfigurations",
  "validatingwebhookconfigurations",
  "validatingadmissionpolicies",
  "validatingadmissionpolicybindings",
].join();

const names = (objects: readonly (KubernetesObject | FluxObject)[]) =>
  objects.map(({ metadata }) => metadata.name).sort();

/** Objects of kinds in a part's namespace. */
const inside = (platform: PlatformParts, part: Part, kinds: string) =>
  platform.list(kinds, `--namespace=${allParts[part]}`);

/** Objects of a part's chart that do not go with its namespace alone. */
const beyond = (platform: PlatformParts, part: Part) =>
  platform.list(elsewhere, "--all-namespaces", `--selector=app.kubernetes.io/instance=${part}`);

/** Asserts that a part's objects are there as prod-eu has them. */
async function assertInstalled(platform: PlatformParts, part: Part): Promise<void> {
  const deployments = await inside(platform, part, "deployments");
  assert.equal(deployments.length, part === "cert-manager" ? 3 : 1);
  for (const { spec, status } of deployments) {
    assert.deepEqual([spec.replicas, status?.readyReplicas], [2, 2], part);
    const { priorityClassName, containers } = spec.template.spec;
    assert.equal(priorityClassName, "platform", part);
    for (const { resources } of containers) assert.ok(resources?.requests && resources.limits?.memory, part);
  }
  assert.equal((await inside(platform, part, "poddisruptionbudgets")).length, deployments.length, part);
  const declared = parseAllDocuments(await readFile(join(folderOf(part), "network-policies.yaml"), "utf8"));
  const policies = names(declared.map((document) => document.toJS() as KubernetesObject));
  assert.ok(policies.includes("default-deny"));
  assert.deepEqual(names(await inside(platform, part, "networkpolicies")), policies);
  assert.notDeepEqual(await beyond(platform, part), [], `${part} has no rights`);
  const restricted = await platform.list("namespaces", "--selector=pod-security.kubernetes.io/enforce=restricted");
  assert.ok(names(restricted).includes(allParts[part]), part);
}

/** Waits until a part's release and namespace, and all that its chart had elsewhere, are gone. */
async function assertGone(platform: PlatformParts, part: OptionalPart): Promise<void> {
  let rest: readonly string[] = [];
  await waitFor(
    async () => {
      const namespaces = names(await platform.list("namespaces")).filter((name) => name === optionalParts[part]);
      const release = names(await platform.list("helmreleases", "--all-namespaces")).filter((name) => name === part);
      rest = [...namespaces, ...release, ...names(await beyond(platform, part))];
      return rest.length === 0;
    },
    { timeout: 120_000, describe: () => `${part} has left ${rest.join(", ")}` },
  );
}

/** Leaves parts out by their lines. The releases of the others have to stay Ready. */
async function leaveOut(platform: PlatformParts, leaving: readonly OptionalPart[]) {
  for (const part of leaving) await platform.setPart("staging", `controllers/${part}`, "out");
  await platform.apply(`Leave ${leaving.join(" and ")} out`);
  for (const part of leaving) await assertGone(platform, part);
  const releases = await platform.flux.list("HelmRelease");
  assert.deepEqual(names(releases), ["cert-manager", "flagger"]);
  assert.ok(releases.every(isReady));
}

/**
 * The parts of the checkout's fleet/ that are off by default, by their one line each. Flux's controllers, cert-manager and
 * Flagger are real processes; the pods of these parts are kwok's. A fork that has replaced the parts has no such cases.
 */
export function optionalPartsCases(surroundings: () => Promise<Surroundings>): void {
  const files = ["staging", "staging/configuration", "prod-eu"].map((list) =>
    join(checkout, "fleet/infrastructure", list, "kustomization.yaml"),
  );
  if (![...files, ...optionalPartNames.map(folderOf)].every(existsSync)) return;
  let platform: PlatformParts;

  it("has the optional parts as prod-eu has them, by one line each: Ready, with budgets, priorities and policies", async () => {
    platform = await PlatformParts.of(await surroundings());
    const items = prometheusKinds;
    await platform.kubectl(["apply", "--filename=-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    await platform.takeCheckout();
    await platform.controllersOf("prod-eu");
    await platform.apply("Take the project's files");
    for (const part of optionalPartNames) await assertGone(platform, part);
    assert.deepEqual(names(await platform.flux.list("HelmRelease")), ["cert-manager", "flagger"]);

    for (const part of optionalPartNames) {
      for (const stack of ["staging", "prod-eu"]) await platform.setPart(stack, `controllers/${part}`, "in");
    }
    for (const part of configurations) {
      await platform.setPart("staging/configuration", `configuration/${part}`, "in");
    }
    await platform.apply("Switch all parts on");

    const releases = await platform.flux.list("HelmRelease");
    const parts = Object.keys(allParts) as Part[];
    assert.deepEqual(names(releases), parts.sort());
    assert.ok(releases.every(isReady));
    for (const part of parts) await assertInstalled(platform, part);
  }).timeout(600_000);

  it("issues a certificate for a tenant by the platform's ClusterIssuer, and by no other", async () => {
    const place = { name: "public", namespace };
    const certificate = (issuer: string) =>
      object("Certificate", place, {
        spec: {
          secretName: "public-tls",
          dnsNames: [host],
          issuerRef: { kind: "ClusterIssuer", name: issuer, group: "cert-manager.io" },
        },
      });
    const asTenant = ["create", `--as=system:serviceaccount:${namespace}:reconciler`, "--filename=-"];
    await assert.rejects(platform.kubectl(asTenant, JSON.stringify(certificate("other"))), /fleet-addon-cert-manager/);
    await platform.kubectl(asTenant, JSON.stringify(certificate("platform")));
    await platform.kubectl([
      "wait",
      "--for=condition=Ready",
      "--timeout=60s",
      `--namespace=${namespace}`,
      "certificate/public",
    ]);
    const text = await platform.kubectl([
      "get",
      "secret",
      "public-tls",
      `--namespace=${namespace}`,
      "--output=jsonpath={.data}",
    ]);
    const { "tls.crt": leaf = "", "ca.crt": authority = "" } = JSON.parse(text) as Readonly<Record<string, string>>;
    const [issued, by] = [leaf, authority].map((part) => new X509Certificate(Buffer.from(part, "base64")));
    assert.ok(issued && by);
    assert.ok(issued.verify(by.publicKey));
    assert.equal(issued.subjectAltName, `DNS:${host}`);
  }).timeout(120_000);

  it("has the configuration of the optional parts: the Gateway with a certificate, and the monitoring of Flux", async () => {
    assert.deepEqual(names(await platform.list("gatewayclasses")), ["envoy"]);
    const gateways = await inside(platform, "envoy-gateway", "gateways.gateway.networking.k8s.io");
    assert.deepEqual(names(gateways), ["platform"]);
    const namespace = `--namespace=${optionalParts["envoy-gateway"]}`;
    await platform.kubectl([
      "wait",
      "--for=condition=Ready",
      "--timeout=60s",
      namespace,
      "certificate/platform-gateway",
    ]);
    assert.deepEqual(names(await platform.list("podmonitors,prometheusrules", "--all-namespaces")), ["flux", "flux"]);
    const [monitor] = await platform.list("podmonitors", "--all-namespaces");
    const monitored = monitor?.spec.selector.matchExpressions[0]?.values ?? [];
    for (const { metadata, spec } of await platform.list("deployments", "--namespace=flux-system")) {
      assert.ok(monitored.includes(metadata.name), metadata.name);
      assert.ok(
        spec.template.spec.containers[0]?.ports?.some(({ name }) => name === "http-prom"),
        metadata.name,
      );
    }
    const [dashboard] = await platform.list("configmaps", "--all-namespaces", "--selector=grafana_dashboard=1");
    const { panels } = JSON.parse(dashboard?.data?.["flux.json"] ?? "") as { panels: readonly unknown[] };
    assert.ok(panels.length > 0);
  }).timeout(120_000);

  it("has the kinds of the optional parts, which take the objects of add-ons, and no right of theirs in roles of people", async () => {
    const place = { namespace: "default", organisation: "ssh://git@git.example.org/acme" };
    const items = allowedAddonObjects(place)
      .map(([, object]) => object)
      .filter(({ apiVersion }) => groups.some((group) => apiVersion.startsWith(`${group}/`)));
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
    const said = await platform.kubectl(
      ["create", "--dry-run=server", "--validate=strict", "--output=name", "--filename=-"],
      list,
    );
    assert.equal(said.split("\n").length, items.length, said);
    for (const group of groups)
      assert.ok(
        items.some(({ apiVersion }) => apiVersion.startsWith(`${group}/`)),
        group,
      );
    const kinds = names(await platform.list("customresourcedefinitions"));
    assert.ok(kinds.includes("secretstores.external-secrets.io"));
    assert.deepEqual(
      kinds.filter((name) => /^cluster.*external-secrets\.io$/.test(name)),
      [],
    );
    for (const role of ["admin", "edit", "view"]) {
      const rules = await platform.kubectl(["get", "clusterrole", role, "--output=jsonpath={.rules}"]);
      assert.match(rules, /configmaps/);
      assert.doesNotMatch(rules, /external-secrets\.io|gateway\.networking\.k8s\.io|gateway\.envoyproxy\.io/, role);
    }
  }).timeout(120_000);

  it("has the optional parts as staging has them, with one replica each and no budget that would keep a node from being drained, and loses their configuration by its lines", async () => {
    await platform.controllersOf("staging");
    for (const part of configurations) {
      await platform.setPart("staging/configuration", `configuration/${part}`, "out");
    }
    await platform.apply("Take the controllers of staging, and leave the configuration out");
    for (const part of optionalPartNames) {
      const [deployment] = await inside(platform, part, "deployments");
      assert.equal(deployment?.spec.replicas, 1, part);
      const budgets = await inside(platform, part, "poddisruptionbudgets");
      assert.deepEqual(names(budgets.filter(({ spec }) => (spec.minAvailable ?? 0) > 0)), [], part);
    }
    assert.deepEqual(await platform.list("gatewayclasses"), []);
    assert.deepEqual(await platform.list("podmonitors,prometheusrules", "--all-namespaces"), []);
    assert.deepEqual(await platform.list("configmaps", "--all-namespaces", "--selector=grafana_dashboard=1"), []);
  }).timeout(300_000);

  it("loses the optional parts by the same lines, with all that they had outside their namespaces, and the others stay", async () => {
    // Objects of tenants stay, because the definition of their kind does. Otherwise their Secrets would go with the controller.
    const kept = { namespace: "default", name: "kept" };
    const secret = object("ExternalSecret", kept, { spec: { secretStoreRef: { name: "own" }, data: [] } });
    await platform.kubectl(["create", "--filename=-"], JSON.stringify(secret));
    await leaveOut(platform, optionalPartNames);
    await platform.kubectl(["get", "externalsecret", kept.name, "--namespace=default"]);
    await platform.kubectl(["get", "customresourcedefinition", "httproutes.gateway.networking.k8s.io"]);
  }).timeout(600_000);
}
