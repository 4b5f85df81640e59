import assert from "node:assert/strict";
import { join } from "node:path";
import { CoreV1Api, KubernetesObjectApi, RbacAuthorizationV1Api } from "@kubernetes/client-node";
import { stringify } from "yaml";
import { isReady } from "../../support/e2e/flux-objects.js";
import { keyTitles } from "../../support/e2e/github-view.js";
import { editYaml } from "../../support/e2e/program-settings.js";
import type { TestEnvironment, TestSandbox } from "../../support/e2e/sandbox.js";
import { declareTenant, type SharedStack } from "../../support/e2e/shared-stack.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { configMap } from "../../support/objects/configuration.js";
import { kustomizationFile } from "../../support/objects/repository-files.js";
import { gitSource, helmRepository } from "../../support/objects/sources.js";
import { kustomization } from "../../support/objects/syncs.js";

const team = "team-parts";
const library = "parts-library";

/** One tenant with everything that can be had more than once. */
describe("a tenant with further namespaces, repositories and syncs", function () {
  this.timeout(15 * 60_000);
  let stack: SharedStack;
  let sandbox: TestSandbox;
  let staging: TestEnvironment;
  let tenant: Tenant;
  let core: CoreV1Api;

  const shared = declareTenant(team, async (sandbox) => {
    const github = await sandbox.github();
    // Another owner's repository: the program only adds a key.
    const made = await github.api("POST", "orgs/:owner/repos", { name: library, auto_init: true, private: true });
    assert.equal(made.status, 201);
    const clone = await sandbox.clone(library);
    await clone.commit("One release", {
      "ledger/kustomization.yaml": kustomizationFile({ resources: ["configmap.yaml"] }),
      "ledger/configmap.yaml": stringify(
        configMap({ name: "ledger" }, { replicas: ["at least $", "{replicas}"].join("") }),
      ),
    });
    await clone.git("tag", "v1.4.2");
    await clone.git("push", "--quiet", "origin", "HEAD", "v1.4.2");
    return {
      base: { repositories: { [library]: { existing: true } } },
      overlay: {
        namespaces: { "parts-jobs": { labels: { purpose: "batch" }, limits: { size: "medium" } } },
        syncs: {
          jobs: { namespace: "parts-jobs", path: "./jobs", interval: "10s" },
          ledger: {
            repository: library,
            path: "./ledger",
            ref: { semver: "~1.4" },
            dependsOn: [team],
            substitute: { replicas: "2" },
          },
        },
      },
    };
  });
  before(async () => {
    stack = await shared();
    ({ sandbox, staging } = stack);
    core = staging.kubernetes.client(CoreV1Api);
    tenant = await Tenant.of(sandbox, staging, team);
  });

  it("applies what another repository's tag says, with variables, once what it depends on is Ready", async () => {
    await tenant.flux.waitFor(tenant.own("Kustomization", "ledger"), isReady, 240_000);
    const { data } = await core.readNamespacedConfigMap({ namespace: team, name: "ledger" });
    assert.deepEqual({ ...data }, { replicas: "at least 2" });
  });

  it("applies a second folder of the first repository to a second namespace, as that one's own account", async () => {
    await tenant.clone.commit("Jobs", {
      "jobs/kustomization.yaml": kustomizationFile({ resources: ["configmap.yaml"] }),
      "jobs/configmap.yaml": stringify(configMap({ name: "nightly" }, { at: "03:00" })),
    });
    await tenant.clone.push();
    await tenant.flux.reconcileNow({ kind: "GitRepository", namespace: "parts-jobs", name: "jobs" });
    const jobs = { kind: "Kustomization", namespace: "parts-jobs", name: "jobs" } as const;
    const { spec } = await tenant.flux.waitFor(jobs, isReady, 240_000);
    assert.equal(spec.serviceAccountName, "reconciler");
    assert.ok(await core.readNamespacedConfigMap({ namespace: "parts-jobs", name: "nightly" }));
  });

  it("bounds each namespace by itself", async () => {
    const quota = async (namespace: string) =>
      (await core.readNamespacedResourceQuota({ namespace, name: "tenant" })).spec?.hard?.["limits.cpu"];
    assert.equal(await quota(team), "4");
    assert.equal(await quota("parts-jobs"), "16");
  });

  it("lets neither namespace's account act in the other", async () => {
    const rbac = staging.kubernetes.client(RbacAuthorizationV1Api);
    for (const namespace of [team, "parts-jobs"]) {
      const { items } = await rbac.listNamespacedRoleBinding({ namespace });
      const subjects = items.flatMap((binding) => binding.subjects ?? []);
      assert.deepEqual(
        subjects.map(({ kind, name, namespace }) => ({ kind, name, namespace })),
        [{ kind: "ServiceAccount", name: "reconciler", namespace }],
      );
    }
  });

  it("adds one read-only key to another owner's repository, and changes nothing else about it", async () => {
    const github = await sandbox.github();
    assert.deepEqual(await keyTitles(github, library), ["fleet/staging (read-only)"]);
    const settings = (await staging.engine.resources()).filter(
      ({ urn }) => urn.includes("github:index/repository:Repository::") && urn.includes(library),
    );
    assert.deepEqual(settings, []);
  });

  it("takes over a sync and a Helm source whose names the tenant took first, names them, and has nothing to do then", async () => {
    const api = KubernetesObjectApi.makeApiClient(await staging.kubernetes.serviceAccount(team, "reconciler"));
    const [early, stable] = ["early", "stable"].map((name) => ({ name, namespace: team }));
    assert.ok(early && stable);
    await api.create(kustomization(early, { sourceRef: gitSource(team), path: "./of-the-tenant" }));
    // The only host and owner that a tenant's own sources may have here.
    await api.create(helmRepository(stable, `https://${new URL(tenant.cloneUrl).host}/acme/charts`));
    const cwd = await stack.copy();
    const url = "https://charts.fleet-tests.example.com/stable";
    await editYaml(cwd, join("stacks", "staging", "tenants", `${team}.yaml`), [
      [["syncs", "early"], { path: "./jobs" }],
      [["helm", "repositories", "stable"], { url }],
    ]);
    const all = await stack.up(cwd);
    for (const name of ["Kustomization early", "HelmRepository stable"]) {
      const words = `This update takes over the ${name} in the namespace ${team}, which exists and is not in the stack's state`;
      assert.ok(all.includes(words), all);
    }
    const sync = await tenant.flux.get(tenant.own("Kustomization", "early"));
    const spec = sync.spec as { readonly path?: string; readonly targetNamespace?: string };
    assert.deepEqual([spec.path, spec.targetNamespace], ["./jobs", team]);
    assert.equal((await tenant.flux.get(tenant.own("HelmRepository", "stable"))).spec.url, url);
    // Nor has the next update anything to change of all the tenants that the files of this folder declare.
    const preview = await staging.engine.succeed(["preview", "--expect-no-changes"], { cwd });
    assert.doesNotMatch(preview.all, /takes over/);
  });
});
