import assert from "node:assert/strict";
import { CoreV1Api, RbacAuthorizationV1Api } from "@kubernetes/client-node";
import { parse, stringify } from "yaml";
import { definedOnly } from "../../../lib/data/defined-only.js";
import { type FluxReference, ready } from "../../support/e2e/flux-objects.js";
import { sharedSandbox, type TestEnvironment } from "../../support/e2e/sandbox.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { configMap, signOfLife } from "../../support/objects/configuration.js";
import type { Fields } from "../../support/objects/object.js";
import { clusterRoleBinding, reconcilerOf } from "../../support/objects/rbac.js";
import { gitSource } from "../../support/objects/sources.js";
import { kustomization } from "../../support/objects/syncs.js";

/**
 * A tenant attacks by a push only, with every control in place; test/attacks shows which control stops which attack.
 * Here the tenant reads the reason in its own Kustomization, its neighbour's sync goes on, and a corrected push succeeds.
 */
describe("main job: refused pushes of a tenant", function () {
  this.timeout(30 * 60_000);
  let staging: TestEnvironment;
  let payments: Tenant;
  let search: Tenant;
  let core: CoreV1Api;
  before(async () => {
    const sandbox = await sharedSandbox();
    staging = await sandbox.environment();
    await staging.engine.ensureUp();
    payments = await Tenant.of(sandbox, staging, "team-payments");
    search = await Tenant.of(sandbox, staging, "team-search");
    core = staging.kubernetes.client(CoreV1Api);
  });
  afterEach(() => payments?.restore());
  after(() => search?.restore());

  const configMapNames = async (namespace: string) =>
    (await core.listNamespacedConfigMap({ namespace })).items.map(({ metadata }) => metadata?.name);

  /** A new push of the neighbour is applied. */
  const neighbourSyncs = async () => {
    const value = `after ${await payments.clone.git("rev-parse", "HEAD")}`;
    await search.applied(await search.push(signOfLife(value)));
    const { data } = await core.readNamespacedConfigMap({ namespace: search.namespace, name: "sign-of-life" });
    assert.deepEqual(data, { value });
  };

  /**
   * The tenant reads the reason, and still does after a push of its neighbour's has arrived; corrected by another push,
   * it is Ready.
   * @param sync the Kustomization whose Ready condition has the reason
   */
  const refusedAlone = async (sync: FluxReference, reason: RegExp) => {
    await payments.flux.waitForRefusal(sync, reason);
    await neighbourSyncs();
    const condition = ready(await payments.flux.get(sync));
    assert.notEqual(condition?.status, "True", "it was Ready before it was corrected");
    await payments.flux.waitForRefusal(sync, reason);
    await payments.restore();
  };

  it("a ClusterRoleBinding is refused, and its neighbour goes on", async () => {
    await payments.push(clusterRoleBinding({ name: "pushed-admin" }, "cluster-admin", reconcilerOf(payments)));
    await refusedAlone(payments.sync, cannotPatch("clusterrolebindings"));
    const { items } = await staging.kubernetes.client(RbacAuthorizationV1Api).listClusterRoleBinding();
    assert.ok(!items.some(({ metadata }) => metadata?.name === "pushed-admin"));
  });

  it("an object for its neighbour's namespace ends up in its own, and its neighbour goes on", async () => {
    await payments.applied(await payments.push(pushed("astray", search.namespace)));
    await neighbourSyncs();
    assert.ok((await configMapNames(payments.namespace)).includes("astray"));
    assert.ok(!(await configMapNames(search.namespace)).includes("astray"));
  });

  it("an object for its neighbour's namespace by a sync without targetNamespace is refused, and its neighbour goes on", async () => {
    await payments.clone.write({ "attack/config.yaml": stringify(pushed("astray", search.namespace)) });
    await payments.push(nestedSync({}));
    await refusedAlone(payments.own("Kustomization", "nested"), cannotPatch("configmaps", search.namespace));
    assert.ok(!(await configMapNames(search.namespace)).includes("astray"));
  });

  it("a Kustomization without serviceAccountName is refused, and its neighbour goes on", async () => {
    await payments.clone.write({ "attack/config.yaml": stringify(pushed("without-account")) });
    await payments.push(nestedSync({ serviceAccountName: undefined }));
    await refusedAlone(payments.sync, byPolicy);
    assert.ok(!(await configMapNames(payments.namespace)).includes("without-account"));
  });

  it("a Kustomization of its neighbour's source is refused, and its neighbour goes on", async () => {
    // The data that the attack would get.
    await neighbourSyncs();
    const { name, namespace } = search;
    await payments.push(
      nestedSync({
        targetNamespace: payments.namespace,
        sourceRef: { ...gitSource(name), namespace },
        path: "./deploy/staging",
      }),
    );
    await refusedAlone(payments.sync, byPolicy);
    assert.ok(!(await configMapNames(payments.namespace)).includes("sign-of-life"));
  });

  it("a remote base is refused, and its neighbour goes on", async () => {
    const { GITHUB_BASE_URL, GITHUB_OWNER } = staging.variables;
    const base = `${GITHUB_BASE_URL}${GITHUB_OWNER}/${search.repository}.git//deploy/base?ref=main`;
    const file = "deploy/staging/kustomization.yaml";
    const kustomization = parse(await payments.clone.git("show", `HEAD:${file}`)) as { resources: string[] };
    const resources = [...kustomization.resources, base];
    await payments.clone.commitAndPush("A remote base", { [file]: stringify({ ...kustomization, resources }) });
    await payments.syncNow();
    await refusedAlone(payments.sync, /transport 'http' not allowed/);
  });
});

/** The refusal of the nested sync by the policy of syncs. */
const byPolicy = /Kustomization\/payments\/nested .*fleet-flux-sync/s;

/** The API server's answer to the tenant's account. @param namespace @default - the object has none */
function cannotPatch(resource: string, namespace?: string): RegExp {
  const where = namespace === undefined ? "at the cluster scope" : `in the namespace "${namespace}"`;
  return new RegExp(
    `User "system:serviceaccount:payments:reconciler" cannot patch resource "${resource}" .* ${where}`,
    "s",
  );
}

/** A ConfigMap of the tenant. @param namespace that it names. @default none */
function pushed(name: string, namespace?: string) {
  return configMap({ name, ...definedOnly({ namespace }) }, { pushed: "by team-payments" });
}

/** A sync that the tenant makes within its own, of its own repository. */
function nestedSync(spec: Fields) {
  return kustomization(
    { name: "nested" },
    { retryInterval: "10s", path: "./attack", sourceRef: gitSource("team-payments"), ...spec },
  );
}
