import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { TENANT_LABEL } from "../../../lib/kubernetes/ownership-labels.js";
import { clusterInventory, fingerprints, namesOf } from "../../support/e2e/cluster-inventory.js";
import type { Emulator } from "../../support/e2e/emulator.js";
import type { StateResource } from "../../support/e2e/engine.js";
import { fleetUp } from "../../support/e2e/fleet-up.js";
import { deployKeys, keyTitles, repositories, repositoryNamed } from "../../support/e2e/github-view.js";
import { copyCheckout } from "../../support/e2e/program-copy.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../../support/e2e/sandbox.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { configMap } from "../../support/objects/configuration.js";
import { tenants, tenantsReady } from "./ready.js";

const stackExport = z.object({ version: z.number(), deployment: z.looseObject({}) });
const newcomer = { name: "team-checkout", namespace: "checkout" };
/** Resources that one tenant may cost: the engine's time grows with the square of their sum. */
const budget = 25;

describe("one tenant comes, goes and comes back", function () {
  this.timeout(30 * 60_000);
  let sandbox: TestSandbox;
  let environment: TestEnvironment;
  let github: Emulator;
  let cwd: string;
  let alone: { urns: string[]; others: Record<string, unknown>; repositories: string[] };

  before(async () => {
    sandbox = await sharedSandbox();
    environment = await sandbox.environment();
    github = await sandbox.github();
    cwd = await copyCheckout(await sandbox.scratch("program"));
    await environment.engine.ensureUp();
    await tenantsReady(environment.kubernetes);
    alone = { urns: await urns(), others: await others(), repositories: [...(await repositories(github)).keys()] };
  });

  const overlay = (): string => join(cwd, "stacks", environment.stack, "tenants", `${newcomer.name}.yaml`);
  const urns = async (): Promise<string[]> => urnsOf(await environment.engine.resources());
  const newcomers = async () =>
    fingerprints(await clusterInventory(environment.kubernetes), TENANT_LABEL, newcomer.name);

  /** Everything of the other tenants, on the cluster and on GitHub. */
  async function others(): Promise<Record<string, unknown>> {
    const inventory = await clusterInventory(environment.kubernetes);
    const each = tenants.map(async ({ name }) => {
      const objects = fingerprints(inventory, TENANT_LABEL, name);
      assert.equal(Object.keys(objects).length, 10, `objects of ${name}: ${Object.keys(objects).join(", ")}`);
      return [name, { objects, keys: await deployKeys(github, name), id: (await repositoryNamed(github, name)).id }];
    });
    return Object.fromEntries(await Promise.all(each));
  }

  /** `pulumi up`, and how many resources had which fate. */
  async function up(): Promise<Record<string, number>> {
    await environment.engine.up({ cwd });
    return lastChanges();
  }

  /** How many resources had which fate in the last update. */
  async function lastChanges(): Promise<Record<string, number>> {
    const { stdout } = await environment.engine.succeed(["stack", "history", "--json", "--page-size", "1"], { cwd });
    const [last] = JSON.parse(stdout) as { resourceChanges: Record<string, number> }[];
    assert.ok(last);
    return last.resourceChanges;
  }

  /** An update with a stack prod-eu whose outputs have the tenant. Its files never did. */
  async function staysWhileAnotherStackHasIt(): Promise<void> {
    const { engine, stack } = await sandbox.environment("prod-eu");
    const before = await engine.exportText();
    const file = join(await sandbox.scratch("state"), `${stack}.json`);
    const type = "pulumi:pulumi:Stack";
    const outputs = { tenants: { [newcomer.name]: { namespace: newcomer.namespace, repository: newcomer.name } } };
    const resource = { urn: `urn:pulumi:${stack}::fleet::${type}::fleet-${stack}`, custom: false, type, outputs };
    const { version, deployment } = stackExport.parse(JSON.parse(before));
    await writeFile(file, JSON.stringify({ version, deployment: { ...deployment, resources: [resource] } }));
    await engine.succeed(["stack", "import", "--file", file]);
    const { all } = await environment.engine.up({ cwd });
    const words = `does not archive the repository acme/${newcomer.name} of the tenant ${newcomer.name} yet: the stack ${stack} still uses it`;
    assert.ok(all.includes(words), all);
    assert.equal((await repositoryNamed(github, newcomer.name)).archived, false);
    await environment.engine.succeed(["preview", "--expect-no-changes"], { cwd });
    await writeFile(file, before);
    await engine.succeed(["stack", "import", "--file", file]);
  }

  it("comes by two files and an update of this tenant, and only what is its own is created", async () => {
    await writeFile(
      join(cwd, "stacks", "base", "tenants", `${newcomer.name}.yaml`),
      `name: ${newcomer.name}\ndescription: The basket and what comes after it\nnamespace:\n  name: ${newcomer.namespace}\n`,
    );
    await writeFile(overlay(), "{}\n");
    const { exitCode, all } = await fleetUp(environment, cwd, newcomer.name);
    assert.equal(exitCode, 0, all);
    const now = await urns();
    const added = now.filter((urn) => !alone.urns.includes(urn));
    // The record of what the stack has run notes the new tenant.
    assert.deepEqual(await lastChanges(), { create: added.length, same: alone.urns.length - 1, update: 1 });
    assert.deepEqual(
      alone.urns.filter((urn) => !now.includes(urn)),
      [],
    );
    assert.deepEqual(
      added.filter((urn) => !urn.includes(newcomer.name)),
      [],
    );
    assert.ok(added.length <= budget, `a tenant costs ${added.length} resources:\n${added.join("\n")}`);
    assert.deepEqual(await others(), alone.others);
    await tenantsReady(environment.kubernetes, [newcomer, ...tenants]);
  });

  it("goes by one file, with its namespace and its key, and comes back before its repository is archived", async () => {
    const { id } = await repositoryNamed(github, newcomer.name);
    const before = await urns();
    await rm(overlay());
    await up();
    const left = (await urns()).filter((urn) => !alone.urns.includes(urn)).map((urn) => urn.split("::").at(-1));
    const own = `${newcomer.name}.${newcomer.name}`;
    assert.deepEqual(left.sort(), ["fleet-leaving", `${own}-repository-github`, `${own}-ruleset-fleet`].sort());
    assert.deepEqual(await newcomers(), {});
    assert.deepEqual(await keyTitles(github, newcomer.name), []);
    await writeFile(overlay(), "{}\n");
    await up();
    assert.deepEqual(await urns(), before);
    const repository = await repositoryNamed(github, newcomer.name);
    assert.deepEqual([repository.id, repository.archived], [id, false]);
    await environment.engine.succeed(["preview", "--expect-no-changes"], { cwd });
  });

  it("goes with the next update altogether, but its repository is only archived", async () => {
    const { id } = await repositoryNamed(github, newcomer.name);
    await rm(overlay());
    await up();
    assert.equal((await repositoryNamed(github, newcomer.name)).archived, false);
    await staysWhileAnotherStackHasIt();
    assert.deepEqual(await up(), { delete: 3, same: alone.urns.length });
    assert.deepEqual(await urns(), alone.urns);
    assert.deepEqual(await newcomers(), {});
    const left = namesOf(await clusterInventory(environment.kubernetes)).filter((name) =>
      new RegExp(`[ /]${newcomer.namespace}(/|$)`).test(name),
    );
    assert.deepEqual(left, []);
    const repository = await repositoryNamed(github, newcomer.name);
    assert.deepEqual([repository.id, repository.archived], [id, true]);
    assert.deepEqual(await keyTitles(github, newcomer.name), []);
    assert.deepEqual(await others(), alone.others);
  });

  it("comes back to the repository that it left", async () => {
    const { id } = await repositoryNamed(github, newcomer.name);
    await writeFile(overlay(), "{}\n");
    await environment.engine.up({ cwd, adopt: { repositories: [newcomer.name] } });
    const repository = await repositoryNamed(github, newcomer.name);
    assert.deepEqual([repository.id, repository.archived], [id, false]);
    assert.deepEqual([...(await repositories(github)).keys()].sort(), [...alone.repositories, newcomer.name].sort());
    assert.deepEqual(await keyTitles(github, newcomer.name), ["fleet/staging (read-only)"]);
    await tenantsReady(environment.kubernetes, [newcomer, ...tenants]);
    const tenant = await Tenant.of(sandbox, environment, newcomer.name);
    await tenant.applied(await tenant.push(configMap({ name: "back" })));
    assert.deepEqual(await others(), alone.others);
  });

  it("leaves nothing to do for the next update", async () => {
    await environment.engine.succeed(["preview", "--expect-no-changes"], { cwd });
  });
});

/** Without the engine's own provider, by which the program reads its state: no update counts it. */
function urnsOf(resources: readonly StateResource[]): string[] {
  return resources
    .map(({ urn }) => urn)
    .filter((urn) => !urn.includes("::pulumi:providers:pulumi::"))
    .sort();
}
