import assert from "node:assert/strict";
import {
  CoreV1Api,
  type KubernetesObjectApi,
  PatchStrategy,
  RbacAuthorizationV1Api,
  setHeaderOptions,
} from "@kubernetes/client-node";
import { DryRun } from "../../support/e2e/dry-run.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { configMap } from "../../support/objects/configuration.js";
import { object, ownerReference, reference } from "../../support/objects/object.js";
import { role, roleBinding, user } from "../../support/objects/rbac.js";
import { apply, type BareCluster, bareCluster } from "./bare-cluster.js";

const namespace = "owners";
const mergePatch = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
const makesConfigMaps = { apiGroups: [""], resources: ["configmaps"], verbs: ["create"] };

/**
 * The deletion of a role binding that a dependent names as its owner, and that never goes. The program deletes in the
 * background (components/field-manager.ts), and `fleet-owner-references` refuses such dependents.
 */
describe("A role binding with a dependent that stays", function () {
  this.timeout(90 * 60_000);
  let cluster: BareCluster;
  let core: CoreV1Api;
  let rbac: RbacAuthorizationV1Api;
  let objects: KubernetesObjectApi;

  before(async () => {
    cluster = await bareCluster();
    core = cluster.clients.client(CoreV1Api);
    rbac = cluster.clients.client(RbacAuthorizationV1Api);
    objects = cluster.clients.objects();
    await apply(cluster, [
      object("Namespace", { name: namespace }),
      role({ name: "maker", namespace }, makesConfigMaps),
    ]);
  });
  after(async () => {
    for (const name of ["foreground", "background"]) {
      const body = { metadata: { finalizers: [] } };
      await core.patchNamespacedConfigMap({ name, namespace, body }, mergePatch);
    }
    await core.deleteNamespace({ name: namespace });
  });

  const isThere = async (name: string) =>
    (await rbac.listNamespacedRoleBinding({ namespace })).items.some(({ metadata }) => metadata?.name === name);
  const isAllowed = async (name: string) => {
    const person = new DryRun(cluster.clients.impersonating(name));
    return (await person.create(configMap({ name: "of-a-person", namespace }))) === undefined;
  };

  /** Revokes a role binding of a person of the same name, whose dependent has a finalizer. */
  const revoke = async (name: string, propagationPolicy: "Foreground" | "Background") => {
    const { metadata } = await objects.create(roleBinding({ name, namespace }, "Role/maker", user(name)));
    const owner = { ...ownerReference(reference("RoleBinding", { name })), uid: metadata?.uid };
    const dependent = { name, namespace, finalizers: ["example.com/never"], ownerReferences: [owner] };
    await objects.create(configMap(dependent));
    await waitFor(() => isAllowed(name), { describe: () => `${name} has no rights` });
    await rbac.deleteNamespacedRoleBinding({ name, namespace, propagationPolicy });
    await waitFor(
      async () => (await core.readNamespacedConfigMap({ name, namespace })).metadata?.deletionTimestamp !== undefined,
      { describe: () => `the dependent of ${name} is not being deleted` },
    );
  };

  it("stays in force when it is deleted in the foreground, as the provider does by default", async () => {
    await revoke("foreground", "Foreground");
    assert.equal(await isThere("foreground"), true);
    assert.equal(await isAllowed("foreground"), true);
  });

  it("is gone at once when it is deleted in the background, as the program does", async () => {
    await revoke("background", "Background");
    assert.equal(await isThere("background"), false);
    await waitFor(async () => !(await isAllowed("background")), { describe: () => "the person still has rights" });
  });
});
