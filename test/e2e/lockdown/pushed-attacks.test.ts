import assert from "node:assert/strict";
import { AppsV1Api, CoreV1Api, RbacAuthorizationV1Api } from "@kubernetes/client-node";
import { stringify } from "yaml";
import { clusterAdminFor, keepsSyncing, nestedSync } from "../support/attack.js";
import { programThatOnlyAudits } from "../support/audit-only.js";
import { type TestEnvironment, TestSandbox } from "../support/sandbox.js";
import { type Manifest, Tenant } from "../support/tenant.js";
import { waitFor } from "../support/wait-for.js";
import { privilegedPod } from "../support/workloads.js";

/**
 * Each is what a tenant can do by a push to its own repository, and no more than that. The admission policies only tell
 * here: what is tried is what Flux's flags and Kubernetes' own rules stop without them.
 */
describe("lockdown: a tenant pushes what it may not", function () {
  this.timeout(40 * 60_000);
  let sandbox: TestSandbox;
  let staging: TestEnvironment;
  let payments: Tenant;
  let search: Tenant;
  let core: CoreV1Api;
  before(async () => {
    sandbox = await TestSandbox.create();
    staging = await sandbox.environment();
    await staging.engine.up({ cwd: await programThatOnlyAudits(sandbox, staging.stack) });
    payments = await Tenant.of(sandbox, staging, "team-payments");
    search = await Tenant.of(sandbox, staging, "team-search");
    core = staging.kubernetes.client(CoreV1Api);
  });
  afterEach(() => payments?.restore());
  after(() => sandbox?.end());

  const configMaps = async (namespace: string) =>
    (await core.listNamespacedConfigMap({ namespace })).items.map(({ metadata }) => metadata?.name);
  const clusterRoleBindings = async () =>
    (await staging.kubernetes.client(RbacAuthorizationV1Api).listClusterRoleBinding()).items.map(
      ({ metadata }) => metadata?.name,
    );
  /** Whom the API server refused, and what. */
  const cannot = (account: string, resource: string) =>
    new RegExp(`User "system:serviceaccount:payments:${account}" cannot patch resource "${resource}"`);

  it("a ClusterRoleBinding is refused by the API server", async () => {
    await payments.push(clusterAdminFor("pushed-admin", payments.namespace));
    const message = await payments.flux.waitForRefusal(payments.sync, cannot("reconciler", "clusterrolebindings"));
    assert.match(message, /ClusterRoleBinding\/pushed-admin dry-run failed \(Forbidden\)/);
    await keepsSyncing(search, staging);
    assert.ok(!(await clusterRoleBindings()).includes("pushed-admin"));
  });

  it("a RoleBinding to more rights in its own namespace is refused by the API server", async () => {
    const { kind: _, ...binding } = clusterAdminFor("pushed-admin", payments.namespace);
    await payments.push({ ...binding, kind: "RoleBinding" });
    await payments.flux.waitForRefusal(payments.sync, cannot("reconciler", "rolebindings"));
    await keepsSyncing(search, staging);
    const { items } = await staging.kubernetes
      .client(RbacAuthorizationV1Api)
      .listNamespacedRoleBinding({ namespace: payments.namespace });
    assert.deepEqual(
      items.map(({ metadata }) => metadata?.name),
      ["reconciler"],
    );
  });

  it("its own Namespace without Pod Security is refused by the API server", async () => {
    const { namespace } = payments;
    const labels = { "pod-security.kubernetes.io/enforce": "privileged" };
    await payments.push({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } });
    await payments.flux.waitForRefusal(payments.sync, cannot("reconciler", "namespaces"));
    await keepsSyncing(search, staging);
    const { metadata } = await core.readNamespace({ name: namespace });
    assert.equal(metadata?.labels?.["pod-security.kubernetes.io/enforce"], "restricted");
  });

  it("an object for the other tenant's namespace ends up in its own", async () => {
    await payments.applied(await payments.push(configMap("astray", search.namespace)));
    await keepsSyncing(search, staging);
    assert.ok((await configMaps(payments.namespace)).includes("astray"));
    assert.ok(!(await configMaps(search.namespace)).includes("astray"));
  });

  it("a nested Kustomization for the other tenant's namespace is refused by the API server", async () => {
    await payments.clone.write({ "attack/configmap.yaml": stringify(configMap("astray", search.namespace)) });
    await payments.push(nestedSync("nested", { ...fromOwn(payments), targetNamespace: search.namespace }));
    const nested = payments.own("Kustomization", "nested");
    const message = await payments.flux.waitForRefusal(nested, cannot("reconciler", "configmaps"));
    assert.match(message, new RegExp(`in the namespace "${search.namespace}"`));
    await keepsSyncing(search, staging);
    assert.ok(!(await configMaps(search.namespace)).includes("astray"));
  });

  it("a nested Kustomization without serviceAccountName has the rights of the account default: none", async () => {
    const attack = clusterAdminFor("pushed-admin", payments.namespace);
    await payments.clone.write({
      "attack/admin.yaml": stringify(attack),
      "attack/configmap.yaml": stringify(configMap("by-nobody")),
    });
    const { serviceAccountName: _, ...nobody } = fromOwn(payments);
    await payments.push(nestedSync("nested", nobody));
    const nested = payments.own("Kustomization", "nested");
    await payments.flux.waitForRefusal(nested, /User "system:serviceaccount:payments:default" cannot patch resource/);
    await keepsSyncing(search, staging);
    assert.ok(!(await clusterRoleBindings()).includes("pushed-admin"));
    assert.ok(!(await configMaps(payments.namespace)).includes("by-nobody"));
  });

  it("a nested Kustomization that takes the other tenant's source is refused by kustomize-controller", async () => {
    await keepsSyncing(search, staging);
    const { name, namespace } = search;
    await payments.push(
      nestedSync("nested", {
        serviceAccountName: "reconciler",
        targetNamespace: payments.namespace,
        sourceRef: { kind: "GitRepository", name, namespace },
        path: "./deploy/staging",
      }),
    );
    const message = await payments.flux.waitForRefusal(payments.own("Kustomization", "nested"), /cross-namespace/);
    assert.match(
      message,
      /can't access 'GitRepository\/team-search\/team-search', cross-namespace references have been blocked/,
    );
    await keepsSyncing(search, staging);
    assert.ok(!(await configMaps(payments.namespace)).includes("sign-of-life"));
  });

  it("a HelmRelease that takes the other tenant's chart is refused by helm-controller", async () => {
    const chartRef = { kind: "OCIRepository", name: "chart", namespace: search.namespace };
    await payments.push({
      apiVersion: "helm.toolkit.fluxcd.io/v2",
      kind: "HelmRelease",
      metadata: { name: "nested" },
      spec: { interval: "1m", serviceAccountName: "reconciler", chartRef },
    });
    const message = await payments.flux.waitForRefusal(payments.own("HelmRelease", "nested"), /cross-namespace/);
    assert.match(message, /cross-namespace references are not allowed: cannot access OCIRepository team-search\/chart/);
    await keepsSyncing(search, staging);
  });

  it("a privileged pod is refused by the API server", async () => {
    await payments.push({ apiVersion: "v1", kind: "Pod", metadata: { name: "root" }, spec: privilegedPod });
    const message = await payments.flux.waitForRefusal(payments.sync, /violates PodSecurity "restricted:latest"/);
    assert.match(message, /privileged \(container "main" must not set securityContext\.privileged=true\)/);
    await keepsSyncing(search, staging);
    const { items } = await core.listNamespacedPod({ namespace: payments.namespace });
    assert.deepEqual(items, []);
  });

  it("a Deployment of privileged pods gets no pod, and says why", async () => {
    const { namespace } = payments;
    const labels = { app: "root" };
    const template = { metadata: { labels }, spec: privilegedPod };
    const spec = { replicas: 1, selector: { matchLabels: labels }, template };
    await payments.push({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "root" }, spec });
    const apps = staging.kubernetes.client(AppsV1Api);
    const failure = await waitFor(
      async () => {
        const { status } = await apps.readNamespacedDeployment({ namespace, name: "root" });
        return status?.conditions?.find(({ type }) => type === "ReplicaFailure");
      },
      { timeout: 180_000, describe: () => "the Deployment says that it gets no pod" },
    );
    assert.match(failure.message ?? "", /violates PodSecurity "restricted:latest"/);
    await keepsSyncing(search, staging);
    assert.deepEqual((await core.listNamespacedPod({ namespace })).items, []);
  });
});

function configMap(name: string, namespace?: string): Manifest {
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data: { pushed: "by team-payments" } };
}

/** Of a nested sync: what the tenant's own repository holds under `attack/`, as the tenant's own account. */
function fromOwn({ name }: Tenant) {
  return { serviceAccountName: "reconciler", sourceRef: { kind: "GitRepository", name }, path: "./attack" };
}
