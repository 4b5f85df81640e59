import assert from "node:assert/strict";
import { CoreV1Api } from "@kubernetes/client-node";
import { stringify } from "yaml";
import { isReady } from "../../support/e2e/flux-objects.js";
import { deployKeys } from "../../support/e2e/github-view.js";
import type { TestEnvironment, TestSandbox } from "../../support/e2e/sandbox.js";
import { declareTenant } from "../../support/e2e/shared-stack.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { configMap } from "../../support/objects/configuration.js";
import { kustomizationFile } from "../../support/objects/repository-files.js";

const repository = "monorepo";
const names = ["team-carts", "team-prices"] as const;

/** The files of a tenant's folder: one ConfigMap, which only this folder has. */
function folderOf(name: string): Readonly<Record<string, string>> {
  return {
    [`${name}/kustomization.yaml`]: kustomizationFile({ resources: ["own.yaml"] }),
    [`${name}/own.yaml`]: stringify(configMap({ name }, { release: "1" })),
  };
}

/** One repository of another owner, with a folder for each of two tenants. */
describe("Two tenants of one existing repository", function () {
  this.timeout(15 * 60_000);
  let sandbox: TestSandbox;
  let staging: TestEnvironment;
  let tenants: readonly Tenant[];

  const file = (name: string) => ({
    base: { repository: { name: repository, existing: true } },
    overlay: { sync: { path: `./${name}` } },
  });
  const shared = declareTenant(names[0], async (given) => {
    const github = await given.github();
    const made = await github.api("POST", "orgs/:owner/repos", { name: repository, auto_init: true, private: true });
    assert.equal(made.status, 201);
    const clone = await given.clone(repository);
    await clone.commitAndPush("A folder for each team", Object.assign({}, ...names.map(folderOf)));
    return file(names[0]);
  });
  declareTenant(names[1], () => file(names[1]));

  before(async () => {
    ({ sandbox, staging } = await shared());
    tenants = await Promise.all(names.map((name) => Tenant.of(sandbox, staging, name)));
  });

  /** The ConfigMaps of the repository that a namespace has, with their release. */
  async function releases(namespace: string): Promise<Readonly<Record<string, string | undefined>>> {
    const { items } = await staging.kubernetes.client(CoreV1Api).listNamespacedConfigMap({ namespace });
    return Object.fromEntries(
      items.flatMap(({ metadata, data }) =>
        names.some((name) => name === metadata?.name) ? [[String(metadata?.name), data?.release]] : [],
      ),
    );
  }

  it("have a Ready sync each, which applies the tenant's own folder to its own namespace", async () => {
    for (const { name, namespace, flux, sync } of tenants) {
      await flux.waitFor(sync, isReady, 240_000);
      assert.deepEqual(await releases(namespace), { [name]: "1" });
    }
  });

  it("read it with a key each, and the program sets nothing else there", async () => {
    const keys = await deployKeys(await sandbox.github(), repository);
    assert.deepEqual(
      keys.map(({ title, read_only }) => [title, read_only]),
      names.map(() => ["fleet/staging (read-only)", true]),
    );
    assert.equal(new Set(keys.map(({ key }) => key)).size, names.length);
    const settings = (await staging.engine.resources()).filter(({ urn }) =>
      /Repository(?:Ruleset)?::monorepo/.test(urn),
    );
    assert.deepEqual(settings, []);
  });

  it("both get a push, which changes the tenant of its folder and leaves the other as it was", async () => {
    const [carts, prices] = tenants;
    assert.ok(carts && prices);
    const commit = await carts.clone.commitAndPush("A release of one team", {
      [`${carts.name}/own.yaml`]: stringify(configMap({ name: carts.name }, { release: "2" })),
    });
    await Promise.all(
      tenants.map(async (tenant) => {
        await tenant.syncNow();
        await tenant.applied(commit);
      }),
    );
    assert.deepEqual(await releases(carts.namespace), { [carts.name]: "2" });
    assert.deepEqual(await releases(prices.namespace), { [prices.name]: "1" });
  });
});
