import assert from "node:assert/strict";
import {
  AdmissionregistrationV1Api,
  ApiextensionsV1Api,
  AppsV1Api,
  CoreV1Api,
  CustomObjectsApi,
  NetworkingV1Api,
  PatchStrategy,
  RbacAuthorizationV1Api,
  setHeaderOptions,
} from "@kubernetes/client-node";
import { TAKEN_BACK_ANNOTATION } from "../../../lib/kubernetes/ownership-labels.js";
import { FluxObjects, isReady } from "../../support/e2e/flux-objects.js";
import { sharedSandbox, type TestEnvironment } from "../../support/e2e/sandbox.js";
import { tenantsReady } from "./ready.js";

const namespace = "team-search";
const place = { namespace, name: "tenant" };
const sync = { kind: "Kustomization", namespace, name: "team-search" } as const;
const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
const json = setHeaderOptions("Content-Type", PatchStrategy.JsonPatch);

/** Changes by hand on a cluster: the next update takes back what isolation depends on, and says so. */
describe("A change on the cluster", function () {
  this.timeout(30 * 60_000);
  let environment: TestEnvironment;
  let core: CoreV1Api;
  let rbac: RbacAuthorizationV1Api;
  let policies: AdmissionregistrationV1Api;
  let apps: AppsV1Api;
  let custom: CustomObjectsApi;
  let flux: FluxObjects;

  before(async () => {
    environment = await (await sharedSandbox()).environment();
    await environment.engine.ensureUp();
    await tenantsReady(environment.kubernetes);
    core = environment.kubernetes.client(CoreV1Api);
    rbac = environment.kubernetes.client(RbacAuthorizationV1Api);
    policies = environment.kubernetes.client(AdmissionregistrationV1Api);
    apps = environment.kubernetes.client(AppsV1Api);
    custom = environment.kubernetes.client(CustomObjectsApi);
    flux = new FluxObjects(environment.kubernetes);
  });

  const noChanges = () => environment.engine.succeed(["preview", "--expect-no-changes"]);
  const includes = (all: string, texts: readonly (string | RegExp)[]) => {
    for (const text of texts)
      assert.ok(typeof text === "string" ? all.includes(text) : text.test(all), `${text}\n${all}`);
  };
  const setSync = (spec: object, fieldManager: string) =>
    custom.patchNamespacedCustomObject(
      {
        group: "kustomize.toolkit.fluxcd.io",
        version: "v1",
        plural: "kustomizations",
        namespace,
        name: sync.name,
        body: { spec },
        fieldManager,
      },
      merge,
    );
  const argsOf = async (name: string) => {
    const { spec } = await apps.readNamespacedDeployment({ namespace: "flux-system", name });
    return spec?.template.spec?.containers[0]?.args ?? [];
  };

  describe("of a field that the program owns", () => {
    const controller = "notification-controller";
    const policy = "fleet-host-ports";
    const definition = "buckets.source.toolkit.fluxcd.io";
    const deletedBinding = "fleet-paths";
    let extensions: ApiextensionsV1Api;
    let args: string[];

    before(async () => {
      extensions = environment.kubernetes.client(ApiextensionsV1Api);
      args = await argsOf(controller);
      const by = (fieldManager: string) => ({ fieldManager });
      const pods = { spec: { hard: { pods: "500" } } };
      await core.patchNamespacedResourceQuota({ ...place, body: pods, ...by("kubectl-patch") }, merge);
      const labels = { "pod-security.kubernetes.io/enforce": "privileged" };
      await core.patchNamespace({ name: namespace, body: { metadata: { labels } }, ...by("kubectl-label") }, merge);
      const intruder = { kind: "ServiceAccount", name: "reconciler", namespace: "payments" };
      const added = [{ op: "add", path: "/subjects/-", value: intruder }];
      await rbac.patchNamespacedRoleBinding(
        { namespace, name: "reconciler", body: added, ...by("kubectl-edit") },
        json,
      );
      const open = { spec: { egress: [{}] } };
      await environment.kubernetes
        .client(NetworkingV1Api)
        .patchNamespacedNetworkPolicy({ ...place, body: open, ...by("kubectl-edit") }, merge);
      const audit = { spec: { validationActions: ["Audit"] } };
      await policies.patchValidatingAdmissionPolicyBinding(
        { name: policy, body: audit, ...by("kubectl-patch") },
        merge,
      );
      await policies.patchValidatingAdmissionPolicy(
        { name: policy, body: { spec: { failurePolicy: "Ignore" } }, ...by("kubectl-patch") },
        merge,
      );
      const secrets = {
        op: "add",
        path: "/rules/-",
        value: { apiGroups: [""], resources: ["secrets"], verbs: ["get"] },
      };
      await rbac.patchClusterRole({ name: "fleet-tenant-viewer", body: [secrets], ...by("kubectl-edit") }, json);
      const data = { known_hosts: Buffer.from("of an intruder").toString("base64") };
      await core.patchNamespacedSecret({ namespace, name: "tenant-git", body: { data }, ...by("kubectl-edit") }, merge);
      const path = "/spec/versions/0/schema/openAPIV3Schema/description";
      const described = [{ op: "replace", path, value: "of an intruder" }];
      await extensions.patchCustomResourceDefinition(
        { name: definition, body: described, ...by("kubectl-edit") },
        json,
      );
      await setSync({ serviceAccountName: "intruder" }, "kubectl-edit");
      const looser = args.filter((arg) => !arg.startsWith("--no-cross-namespace-refs"));
      assert.notDeepEqual(looser, args);
      const container = [{ op: "replace", path: "/spec/template/spec/containers/0/args", value: looser }];
      await apps.patchNamespacedDeployment(
        { namespace: "flux-system", name: controller, body: container, ...by("kubectl-edit") },
        json,
      );
      await core.deleteNamespacedLimitRange(place);
      await policies.deleteValidatingAdmissionPolicyBinding({ name: deletedBinding });
    });

    it("is named in the preview, with the client and the time, and is an update, or a replacement of what was deleted", async () => {
      const { all } = await environment.engine.succeed(["preview"]);
      includes(all, [
        /The ResourceQuota tenant in the namespace team-search was changed by kubectl-patch at \S+Z: spec\.hard\.pods is "500" instead of "\d+"\. This update takes it back\./,
        /The Namespace team-search was changed by kubectl-label at \S+Z: metadata\.labels\["pod-security\.kubernetes\.io\/enforce"\] is "privileged" instead of "restricted"/,
        /The RoleBinding reconciler in the namespace team-search was changed by kubectl-edit at \S+Z: subjects has 2 elements instead of 1/,
        /The NetworkPolicy tenant in the namespace team-search was changed by kubectl-edit at \S+Z: spec\.egress/,
        /The ValidatingAdmissionPolicyBinding fleet-host-ports was changed by kubectl-patch at \S+Z: spec\.validationActions/,
        /The ValidatingAdmissionPolicy fleet-host-ports was changed by kubectl-patch at \S+Z: spec\.failurePolicy is "Ignore" instead of "Fail"/,
        /The ClusterRole fleet-tenant-viewer was changed by kubectl-edit at \S+Z: rules/,
        /The Kustomization team-search in the namespace team-search was changed by kubectl-edit at \S+Z: spec\.serviceAccountName is "intruder" instead of "reconciler"/,
        /The Secret tenant-git in the namespace team-search was changed by kubectl-edit at \S+Z: its content differs\. This update takes it back\./,
        /The CustomResourceDefinition buckets\.source\.toolkit\.fluxcd\.io was changed by kubectl-edit at \S+Z: its specification differs/,
        /The Deployment notification-controller in the namespace flux-system was changed by kubectl-edit at \S+Z: spec\.template\.spec\.containers\[0\]\.args has \d+ elements instead of \d+/,
        "The LimitRange tenant in the namespace team-search was deleted from the cluster. This update creates it again.",
        `The ValidatingAdmissionPolicyBinding ${deletedBinding} was deleted from the cluster. This update creates it again.`,
        // Nothing else changes.
        /\nResources:\n {4}~ 11 to update\n {4}\+-2 to replace\n {4}13 changes\. \d+ unchanged\n/,
      ]);
    });

    it("is taken back by the update, which notes the client on the object", async () => {
      await environment.engine.up();
      const quota = await core.readNamespacedResourceQuota(place);
      assert.notEqual(quota.spec?.hard?.pods, "500");
      assert.match(quota.metadata?.annotations?.[TAKEN_BACK_ANNOTATION] ?? "", /^1: kubectl-patch \S+Z$/);
      const { metadata } = await core.readNamespace({ name: namespace });
      assert.equal(metadata?.labels?.["pod-security.kubernetes.io/enforce"], "restricted");
      const { subjects } = await rbac.readNamespacedRoleBinding({ namespace, name: "reconciler" });
      assert.deepEqual(
        subjects?.map((subject) => subject.namespace),
        [namespace],
      );
      const network = await environment.kubernetes.client(NetworkingV1Api).readNamespacedNetworkPolicy(place);
      assert.ok((network.spec?.egress ?? []).every(({ to }) => (to ?? []).length > 0));
      const binding = await policies.readValidatingAdmissionPolicyBinding({ name: policy });
      assert.ok(binding.spec?.validationActions?.includes("Deny"));
      const { spec } = await policies.readValidatingAdmissionPolicy({ name: policy });
      assert.equal(spec?.failurePolicy, "Fail");
      const { rules } = await rbac.readClusterRole({ name: "fleet-tenant-viewer" });
      assert.ok(!rules?.some(({ resources }) => resources?.includes("secrets")));
      assert.equal((await flux.get(sync)).spec.serviceAccountName, "reconciler");
      assert.deepEqual(await argsOf(controller), args);
      const { data } = await core.readNamespacedSecret({ namespace, name: "tenant-git" });
      assert.doesNotMatch(Buffer.from(data?.known_hosts ?? "", "base64").toString(), /intruder/);
      const { spec: restored } = await extensions.readCustomResourceDefinition({ name: definition });
      assert.doesNotMatch(restored.versions[0]?.schema?.openAPIV3Schema?.description ?? "", /intruder/);
      await core.readNamespacedLimitRange(place);
      await policies.readValidatingAdmissionPolicyBinding({ name: deletedBinding });
    });
  });

  // Mocha runs it before the nested suites. The first of these shows by its number of changes that nothing of it is left.
  it("that adds a field to a policy is refused, with the command that removes it", async () => {
    const name = "fleet-nodes";
    const condition = { name: "never", expression: "false" };
    const body = { spec: { matchConditions: [condition] } };
    await custom.patchClusterCustomObject(
      {
        group: "admissionregistration.k8s.io",
        version: "v1",
        plural: "validatingadmissionpolicies",
        name,
        body: {
          apiVersion: "admissionregistration.k8s.io/v1",
          kind: "ValidatingAdmissionPolicy",
          metadata: { name },
          ...body,
        },
        fieldManager: "intruder",
        force: true,
      },
      setHeaderOptions("Content-Type", PatchStrategy.ServerSideApply),
    );
    const all = await environment.engine.upFails();
    const [, pointer] =
      /the ValidatingAdmissionPolicy fleet-nodes has fields that intruder at \S+Z added, .*kubectl patch validatingadmissionpolicies\.admissionregistration\.k8s\.io fleet-nodes --type json --patch '\[{"op":"remove","path":"([^"]+)"}\]'/.exec(
        all,
      ) ?? [];
    assert.ok(pointer, all);
    await policies.patchValidatingAdmissionPolicy({ name, body: [{ op: "remove", path: pointer }] }, json);
  });

  describe("that suspends a sync", () => {
    const sentence =
      /The Kustomization team-search in the namespace team-search was suspended by flux at \S+Z, and no file suspends it\. Flux neither applies nor reverts anything there until: flux --namespace team-search resume kustomization team-search/;
    const isSuspended = async () => (await flux.get(sync)).spec as { readonly suspend?: boolean };

    before(async () => {
      await setSync({ suspend: true }, "flux");
    });

    it("is named by the next preview, which has nothing else to do, and stays", async () => {
      const { all } = await noChanges();
      assert.match(all, sentence);
      assert.doesNotMatch(all, /was (?:changed by|deleted from)/);
      assert.equal((await isSuspended()).suspend, true);
    });

    it("is named by an update, and stays while other fields of the same sync are taken back", async () => {
      await setSync({ prune: false }, "kubectl-edit");
      const { all } = await environment.engine.up();
      assert.match(all, sentence);
      assert.match(all, /was changed by kubectl-edit at \S+Z: spec\.prune is false instead of true/);
      const spec = (await flux.get(sync)).spec as { readonly suspend?: boolean; readonly prune?: boolean };
      assert.deepEqual([spec.suspend, spec.prune], [true, true]);
    });

    it("stays through a refresh, which meets no conflict with another client", async () => {
      await core.patchNamespacedResourceQuota(
        { ...place, body: { spec: { hard: { pods: "501" } } }, fieldManager: "kubectl-patch" },
        merge,
      );
      const { all } = await environment.engine.succeed(["up", "--yes", "--skip-preview", "--refresh"]);
      assert.match(all, sentence);
      assert.equal((await isSuspended()).suspend, true);
      assert.notEqual((await core.readNamespacedResourceQuota(place)).spec?.hard?.pods, "501");
      await noChanges();
    });

    it("stays through pulumi refresh, after which an update takes back the rest", async () => {
      await core.patchNamespacedResourceQuota(
        { ...place, body: { spec: { hard: { pods: "502" } } }, fieldManager: "kubectl-patch" },
        merge,
      );
      await environment.engine.succeed(["refresh", "--yes", "--skip-preview"]);
      await environment.engine.up();
      assert.equal((await isSuspended()).suspend, true);
      assert.notEqual((await core.readNamespacedResourceQuota(place)).spec?.hard?.pods, "502");
    });

    it("ends when the operator resumes the sync, which is all that is left to do", async () => {
      await setSync({ suspend: false }, "flux");
      const { all } = await environment.engine.up();
      assert.doesNotMatch(all, /was suspended by/);
      assert.match(all, /Kustomization team-search\.team-search-sync updated/);
      assert.match(all, /\nResources:\n {4}~ 1 updated\n {4}\d+ unchanged\n/);
      await flux.waitFor(sync, isReady);
      await noChanges();
    });
  });
});
