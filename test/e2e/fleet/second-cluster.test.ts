import assert from "node:assert/strict";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { execa } from "execa";
import { z } from "zod";
import { STACK_LABEL } from "../../../lib/kubernetes/ownership-labels.js";
import { parseProof } from "../../../promotion/proof.js";
import { clusterInventory, fingerprints } from "../../support/e2e/cluster-inventory.js";
import { editYaml } from "../../support/e2e/edit-yaml.js";
import type { Emulator } from "../../support/e2e/emulator.js";
import type { StateResource } from "../../support/e2e/engine.js";
import { FluxObjects } from "../../support/e2e/flux-objects.js";
import { type DeployKeyView, deployKeys, repositories } from "../../support/e2e/github-view.js";
import { copyCheckout, copyProgram } from "../../support/e2e/program-copy.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../../support/e2e/sandbox.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { configMap } from "../../support/objects/configuration.js";
import { clusterRepositories, tenants, tenantsReady } from "./ready.js";

const sourceView = z.object({ spec: z.object({ ref: z.record(z.string(), z.string()) }) });
const anyUp = ["up", "--yes", "--skip-preview"];

describe("a second cluster", function () {
  this.timeout(40 * 60_000);
  let sandbox: TestSandbox;
  let staging: TestEnvironment;
  let prod: TestEnvironment;
  let github: Emulator;
  /** Checkout in which prod-eu promotes from staging. */
  let cwd: string;

  before(async () => {
    sandbox = await sharedSandbox();
    staging = await sandbox.environment("staging");
    prod = await sandbox.environment("prod-eu");
    github = await sandbox.github();
  });

  const keys = async (): Promise<Record<string, DeployKeyView[]>> => {
    const lists = clusterRepositories.map(async (name) => [name, await deployKeys(github, name)] as const);
    return Object.fromEntries(await Promise.all(lists));
  };
  const writes = async (): Promise<string[]> =>
    (await github.requests()).requests
      .filter(({ method }) => method !== "GET")
      .map(({ method, url }) => `${method} ${url}`);
  const stagingObjects = async () =>
    fingerprints(await clusterInventory(staging.kubernetes), STACK_LABEL, staging.stack);

  const edit = (file: string, change: Parameters<typeof editYaml>[1]) => editYaml(join(cwd, file), change);
  const set = (file: string, path: readonly string[], value: unknown) =>
    edit(file, (document) => document.setIn(path, value));
  const unset = (file: string, path: readonly string[]) => edit(file, (document) => document.deleteIn(path));
  const followBranches = async () => {
    await set("Pulumi.prod-eu.yaml", ["config", "fleet:platformRevision"], { branch: "main" });
    for (const tenant of ["team-payments", "team-search"]) {
      await set(`stacks/prod-eu/tenants/${tenant}.yaml`, ["sync", "ref"], { branch: "main" });
    }
  };
  const fleet = async (...args: string[]) => {
    const command = ["cli/fleet.mjs", ...args];
    return (await execa("node", command, { cwd, env: staging.variables, all: true, reject: false })).all;
  };
  const stashedDigests = async () => {
    const { deployment } = stackExport.parse(JSON.parse(await staging.engine.exportText()));
    const stash = deployment.resources.find(({ type }) => type === "pulumi:index:Stash");
    return z.object({ digests: z.unknown() }).parse(stash?.outputs?.input).digests;
  };

  it("joins with a read-only key of its own for each repository, and writes nothing else to GitHub", async () => {
    await staging.engine.ensureUp();
    await tenantsReady(staging.kubernetes);
    const before = { repositories: await repositories(github), keys: await keys(), staging: await stagingObjects() };
    for (const [name, list] of Object.entries(before.keys)) {
      assert.deepEqual(titles(list), ["fleet/staging (read-only)"], name);
    }

    await github.resetRequests();
    await prod.engine.up();
    assert.deepEqual(
      (await writes()).sort(),
      clusterRepositories.map((name) => `POST /api/v3/repos/acme/${name}/keys`).sort(),
    );
    assert.deepEqual([...(await repositories(github)).keys()], [...before.repositories.keys()]);
    for (const [name, list] of Object.entries(await keys())) {
      assert.deepEqual(titles(list), ["fleet/prod-eu (read-only)", "fleet/staging (read-only)"], name);
      assert.ok(
        list.every((key) => key.read_only),
        `a key of ${name} can push`,
      );
      assert.equal(new Set(list.map(({ key }) => key)).size, 2, `the clusters share a key of ${name}`);
      const [mine] = before.keys[name] ?? [];
      assert.deepEqual(
        list.find(({ title }) => title.includes("staging")),
        mine,
      );
    }
    await tenantsReady(prod.kubernetes);
    assert.deepEqual(await stagingObjects(), before.staging);
    await prod.engine.succeed(["preview", "--expect-no-changes"]);
  });

  it("is refused where a repository of another owner has the name and the topic", async () => {
    const name = "team-search";
    const expect = async (status: number, method: string, path: string, body?: unknown) => {
      const answer = await github.api(method, path, body);
      assert.equal(answer.status, status, JSON.stringify(answer.body));
    };
    await expect(200, "PATCH", `repos/:owner/${name}`, { name: `${name}-2` });
    await expect(201, "POST", "orgs/:owner/repos", { name, private: true, auto_init: true });
    await expect(200, "PUT", `repos/:owner/${name}/topics`, { names: ["managed-by-fleet"] });
    await github.resetRequests();
    const { exitCode, all } = await prod.engine.run(anyUp);
    assert.notEqual(exitCode, 0, all);
    const words = `stacks/base/tenants/team-search.yaml:2: repository.name: the repository acme/${name} is another repository than the one that the stack staging created`;
    assert.ok(all.includes(words), all);
    assert.deepEqual(await writes(), []);
    await expect(204, "DELETE", `repos/:owner/${name}`);
    await expect(200, "PATCH", `repos/:owner/${name}-2`, { name });
    await prod.engine.succeed(["preview", "--expect-no-changes"]);
  });

  it("asks for consent by id where it cannot read the state of the stack that creates repositories", async () => {
    const cwd = await copyProgram(await sandbox.scratch("unreadable"));
    const ids = z.record(z.string(), z.string()).parse((await staging.engine.outputs()).repositoryIds);
    // A stack of the checkout that the backend does not have.
    await cp(join(cwd, "stacks", "staging"), join(cwd, "stacks", "elsewhere"), { recursive: true });
    const settings = join(cwd, "Pulumi.prod-eu.yaml");
    await editYaml(settings, (document) => document.setIn(["config", "fleet:repositoryOwner"], "elsewhere"));
    const { exitCode, all } = await prod.engine.run(["preview"], { cwd });
    assert.notEqual(exitCode, 0, all);
    for (const name of clusterRepositories) {
      const words = `the repository acme/${name} exists, and the state of the stack elsewhere could not be read (unknown stack "organization/fleet/elsewhere"), so it may be another's with fleet's mark (it can be changed by `;
      assert.ok(all.includes(words), all);
      assert.ok(all.includes(`pulumi config set --path 'fleet:repositoryIds["${name}"]' ${ids[name]}.`), all);
      const setting = `fleet:repositoryIds["${name}"]`;
      await prod.engine.succeed(["config", "set", "--path", setting, ids[name] ?? ""], { cwd });
    }
    // Only the proof of the settings changes.
    const { same, ...changes } = await prod.engine.preview({ cwd });
    assert.deepEqual(changes, { update: 1 });
  });

  it("knows repositories by the other stack's resources while its outputs lack them, as after failed updates", async () => {
    const before = await staging.engine.exportText();
    const state = stackExport.parse(JSON.parse(before));
    const [stack] = state.deployment.resources.filter(({ type }) => type === "pulumi:pulumi:Stack");
    assert.ok(stack?.outputs?.repositoryIds, before);
    delete stack.outputs.repositoryIds;
    const file = join(await sandbox.scratch("state"), "staging.json");
    await writeFile(file, JSON.stringify(state));
    await staging.engine.succeed(["stack", "import", "--file", file]);
    assert.equal((await staging.engine.outputs()).repositoryIds, undefined);
    await prod.engine.succeed(["preview", "--expect-no-changes"]);
    await writeFile(file, before);
    await staging.engine.succeed(["stack", "import", "--file", file]);
  });

  it("is refused a change that the first cluster has not run, and gets it afterwards", async () => {
    cwd = await copyCheckout(await sandbox.scratch("promotion"));
    await set("Pulumi.prod-eu.yaml", ["config", "fleet:promotesFrom"], "staging");
    const unpinned = await prod.engine.run(["preview"], { cwd });
    for (const words of [
      "fleet:platformRevision: is not set, so each push to main of the platform's repository would reach this stack",
      ": sync.ref: is not set for the stack prod-eu, so it would follow main of team-payments",
      "npx fleet promote staging prod-eu --tenant team-search",
    ]) {
      assert.ok(unpinned.all.includes(words), unpinned.all);
    }
    await followBranches();
    await prod.engine.succeed(["preview"], { cwd });
    await set("stacks/base/tenants/team-search.yaml", ["limits", "pods"], 33);
    const refusal =
      "stacks/base/tenants/team-search.yaml: the stack staging has never run this base file of the tenant team-search. Run pulumi up on the stack staging first, from the same files.";
    const refused = async () => {
      await github.resetRequests();
      const before = idsOf(await prod.engine.resources());
      const { all: preview } = await prod.engine.succeed(["preview"], { cwd });
      assert.ok(preview.includes(`pulumi up would be refused: ${refusal}`), preview);
      const all = await prod.engine.upFails({ cwd });
      assert.ok(all.includes(refusal), all);
      assert.doesNotMatch(all, /would be refused/);
      assert.deepEqual(await writes(), []);
      assert.deepEqual(idsOf(await prod.engine.resources()), before);
    };
    await refused();

    // An update of one resource proves nothing of the others, although the engine writes the outputs of the stack.
    const quota = (await staging.engine.resources()).find(({ urn }) => urn.endsWith("::team-search.team-search-quota"));
    const digests = await stashedDigests();
    await staging.engine.succeed([...anyUp, "--target", quota?.urn ?? ""], { cwd });
    await refused();
    assert.deepEqual(await stashedDigests(), digests);

    await staging.engine.up({ cwd });
    const since = await provedAt(staging, "team-search");
    await staging.engine.up({ cwd });
    assert.deepEqual(await provedAt(staging, "team-search"), since);
    await set("Pulumi.prod-eu.yaml", ["config", "fleet:soak"], "8760h");
    assert.match(
      await prod.engine.upFails({ cwd }),
      /tenant team-search for \S+.*, and fleet:soak is 8760h\. Wait for another/,
    );
    const override = { reason: "Shown to the tests", until: "2999-01-01T00:00" };
    await set("Pulumi.prod-eu.yaml", ["config", "fleet:promotionOverride"], override);
    assert.match(
      await prod.engine.upFails({ cwd }),
      /promotionOverride\.until: ends in \d+d \d+h, and fleet:longestOverride is/,
    );
    const [until = ""] = new Date(Date.now() + 24 * 3_600_000).toISOString().split(/:\d\d\./);
    override.until = until;
    await set("Pulumi.prod-eu.yaml", ["config", "fleet:promotionOverride"], override);
    const { all } = await prod.engine.up({ cwd });
    assert.match(all, /fleet:promotionOverride lets this update pass until \d{4}\S+Z \(Shown to the tests\), although/);
    const { proved } = z.object({ proved: z.unknown() }).parse(await prod.engine.outputs());
    assert.deepEqual(
      parseProof(proved)?.overrides.map(({ reason, passed }) => [reason, passed.length]),
      [["Shown to the tests", 1]],
    );
    await prod.engine.succeed(["preview", "--expect-no-changes"], { cwd });
  });

  it("is refused a change that was applied and never Ready, until fleet wait has recorded it, and nothing else", async () => {
    await set("Pulumi.prod-eu.yaml", ["config", "fleet:promotionOverride"], {});
    await set("Pulumi.prod-eu.yaml", ["config", "fleet:soak"], "1s");
    await set("Pulumi.prod-eu.yaml", ["config", "fleet:promotionNeeds"], "ready");
    await set("stacks/base/tenants/team-search.yaml", ["limits", "pods"], 34);
    await staging.engine.up({ cwd });
    assert.match(
      await prod.engine.upFails({ cwd }),
      /team-search\.yaml: the stack staging has applied this base file of the tenant team-search, and was never Ready with it\. Run npx fleet wait staging/,
    );
    // The engine keeps them in another order.
    const ids = async () => idsOf(await staging.engine.resources()).sort();
    const before = { ids: await ids(), outputs: await staging.engine.outputs(true) };
    const { proved: _before, ...others } = before.outputs;
    assert.match(await fleet("wait", "staging", "--timeout", "5m"), /\nRecorded in the state of staging\.$/);
    const { proved, ...after } = await staging.engine.outputs(true);
    assert.deepEqual([await ids(), after], [before.ids, others]);
    assert.deepEqual(Object.keys(parseProof(proved)?.ready?.tenants ?? {}), ["team-payments", "team-search"]);
    assert.match(await fleet("wait", "staging"), /\nThe state of staging has this record already\.$/);
    await staging.engine.succeed(["preview", "--expect-no-changes"], { cwd });
    await prod.engine.up({ cwd });
    assert.match(
      await fleet("stack", "list"),
      /^staging\n[\s\S]* {2}platform Ready at main@sha1:[0-9a-f]{8} since \S+\n/,
    );
  });

  it("gets by fleet promote what was Ready on the first cluster, without the tenant that broke there, and goes back", async () => {
    const overlay = (tenant: string) => `stacks/prod-eu/tenants/${tenant}.yaml`;
    assert.equal(
      await fleet("promote", "staging", "prod-eu"),
      "Nothing to do: the files of prod-eu name what staging runs.",
    );
    await unset("Pulumi.prod-eu.yaml", ["config", "fleet:platformRevision"]);
    for (const tenant of ["team-payments", "team-search"]) await unset(overlay(tenant), ["sync", "ref"]);
    const files = ["Pulumi.prod-eu.yaml", overlay("team-payments"), overlay("team-search")];
    const texts = () => Promise.all(files.map((file) => readFile(join(cwd, file), "utf8")));
    const before = await texts();
    const dry = await fleet("promote", "staging", "prod-eu", "--dry-run");
    assert.deepEqual(await texts(), before, dry);
    assert.equal(await fleet("promote", "staging", "prod-eu"), dry);
    const [, payments = "", search = ""] = (await texts()).map((text) => /commit: "?([0-9a-f]{40})/.exec(text)?.[1]);
    assert.deepEqual([payments.length, search.length], [40, 40], dry);
    await prod.engine.up({ cwd });
    assert.deepEqual([await followed(prod, "team-payments"), await followed(prod, "team-search")], [payments, search]);

    const [broken, well] = [
      await Tenant.of(sandbox, staging, "team-payments"),
      await Tenant.of(sandbox, staging, "team-search"),
    ];
    const nothing = { apiVersion: "example.com/v1", kind: "Nothing", metadata: { name: "nothing" } };
    const [bad, good] = [await broken.push(nothing), await well.push(configMap({ name: "promoted" }))];
    await Promise.all([broken.attempted(bad), well.applied(good)]);
    const waited = await fleet("wait", "staging", "--timeout", "0s");
    assert.match(waited, /\nThe stack staging is not Ready after 0 s:\n(?: {2}team-payments: .*\n?)+$/);
    assert.match(waited, /Recorded in the state of staging\./);
    const promoted = await fleet("promote", "staging", "prod-eu");
    assert.match(
      promoted,
      /stays behind: \S+team-payments\.yaml: sync\.ref: team-payments: was not Ready on the stack staging/,
    );
    assert.match(promoted, new RegExp(`-    commit: ${search}\n\\+    commit: ${good}`));
    const pins = async () => parseProof((await prod.engine.outputs()).proved)?.pins["team-search/team-search"];
    const proved = await pins();
    await prod.engine.upKilled("team-search.team-search-source updat", {}, cwd);
    await prod.engine.succeed(["cancel", "--yes"]);
    assert.deepEqual(await pins(), proved);
    await prod.engine.up({ cwd });
    assert.deepEqual([Object.values(proved ?? {}), Object.values((await pins()) ?? {})], [[search], [search, good]]);
    assert.deepEqual([await followed(prod, "team-payments"), await followed(prod, "team-search")], [payments, good]);

    await set(overlay("team-search"), ["sync", "ref", "commit"], bad);
    assert.match(
      await prod.engine.upFails({ cwd }),
      /was never Ready with the revision [0-9a-f]{40} of team-search\. Run/,
    );
    await set(overlay("team-search"), ["sync", "ref", "commit"], good);
    await fleet("promote", "staging", "prod-eu", "--tenant", "team-search", "--back");
    await prod.engine.up({ cwd });
    assert.equal(await followed(prod, "team-search"), search);
    await Promise.all([broken.restore(), well.restore()]);
    await Promise.all([staging.engine.up(), prod.engine.up()]);
  });

  it("gets every push, and so does the first", async () => {
    const onStaging = await Tenant.of(sandbox, staging, "team-payments");
    const onProd = await Tenant.of(sandbox, prod, "team-payments");
    const commit = await onStaging.clone.commitAndPush("Say hello to both", {
      "deploy/base/welcome.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: welcome\ndata:\n  to: both\n",
    });
    for (const { tenant, kubernetes } of [
      { tenant: onStaging, kubernetes: staging.kubernetes },
      { tenant: onProd, kubernetes: prod.kubernetes },
    ]) {
      await tenant.applied(commit);
      const core = kubernetes.client(CoreV1Api);
      const { data } = await core.readNamespacedConfigMap({ namespace: tenant.namespace, name: "welcome" });
      assert.deepEqual(data, { to: "both" });
    }
  });

  for (const wrong of ["staging", "prod-eu"] as const) {
    it(`is safe from the stack ${wrong} with the other cluster's kubeconfig`, async () => {
      const [mine, other] = wrong === "staging" ? [staging, prod] : [prod, staging];
      const objects = async () => fingerprints(await clusterInventory(other.kubernetes), STACK_LABEL, other.stack);
      const before = { objects: await objects(), state: await mine.engine.resources(), keys: await keys() };
      await github.resetRequests();
      const { exitCode, all } = await mine.engine.run(anyUp, { env: { KUBECONFIG: other.kubernetes.kubeconfig } });
      assert.notEqual(exitCode, 0, all);
      for (const namespace of ["flux-system", ...tenants.map((tenant) => tenant.namespace)]) {
        assert.ok(
          all.includes(`the namespace ${namespace} of this cluster belongs to the stack ${other.stack}`),
          `${namespace} is not named:\n${all}`,
        );
      }
      assert.match(all, new RegExp(`Point KUBECONFIG at the cluster of ${mine.stack}`));
      assert.deepEqual(await writes(), []);
      assert.deepEqual(await objects(), before.objects);
      assert.deepEqual(await keys(), before.keys);
      assert.deepEqual(idsOf(await mine.engine.resources()), idsOf(before.state));
    });
  }

  it("leaves with its own keys only, and the first cluster does not notice", async () => {
    const before = { repositories: await repositories(github), keys: await keys(), staging: await stagingObjects() };
    await prod.engine.destroy();
    for (const [name, list] of Object.entries(await keys())) {
      assert.deepEqual(
        list,
        before.keys[name]?.filter(({ title }) => title === "fleet/staging (read-only)"),
        name,
      );
    }
    const after = await repositories(github);
    assert.deepEqual([...after.keys()], [...before.repositories.keys()]);
    for (const { name, archived } of after.values()) assert.equal(archived, false, name);
    assert.deepEqual(await stagingObjects(), before.staging);

    const tenant = await Tenant.of(sandbox, staging, "team-search");
    await tenant.applied(await tenant.push(configMap({ name: "still-alive" })));
    await tenantsReady(staging.kubernetes);
    await staging.engine.succeed(["preview", "--expect-no-changes"]);
  });
});

const stackExport = z.looseObject({
  deployment: z.looseObject({
    resources: z.array(z.looseObject({ type: z.string(), outputs: z.record(z.string(), z.unknown()).optional() })),
  }),
});

function titles(list: readonly DeployKeyView[]): string[] {
  return list.map(({ title }) => title);
}

/** The commit that a tenant's source follows on a cluster. */
async function followed({ kubernetes }: TestEnvironment, tenant: string): Promise<string | undefined> {
  const namespace = tenants.find(({ name }) => name === tenant)?.namespace ?? tenant;
  const source = { kind: "GitRepository", namespace, name: tenant } as const;
  return sourceView.parse(await new FluxObjects(kubernetes).get(source)).spec.ref.commit;
}

/** The times from which a stack has run the base files of a tenant. */
async function provedAt({ engine }: TestEnvironment, tenant: string): Promise<unknown> {
  return parseProof((await engine.outputs()).proved)?.tenants[tenant];
}

/** The content of a state without its secrets, because each export encrypts them again. */
function idsOf(resources: readonly StateResource[]): string[] {
  return resources.map(({ urn, id }) => `${urn} ${id}`);
}
