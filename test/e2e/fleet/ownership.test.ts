import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { CoreV1Api, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import {
  GITHUB_OWNERSHIP_TOPIC,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  STACK_LABEL,
} from "../../../lib/kubernetes/ownership-labels.js";
import { clusterInventory, type Inventory, namesOf, settledInventory } from "../../support/e2e/cluster-inventory.js";
import { editYaml } from "../../support/e2e/edit-yaml.js";
import type { Emulator } from "../../support/e2e/emulator.js";
import { fixtureRepositories } from "../../support/e2e/engine.js";
import { runFleetCommand } from "../../support/e2e/fleet-command.js";
import { keyTitles, repositories, repositoryNamed } from "../../support/e2e/github-view.js";
import { copyCheckout, copyProgram } from "../../support/e2e/program-copy.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../../support/e2e/sandbox.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { configMap } from "../../support/objects/configuration.js";
import { tenantsReady } from "./ready.js";
import { keysByRepository, titles } from "./views.js";

const namespace = "payments";
const repository = "team-search";
const rules = { program: "acme/fleet", revision: "0123456789abcdef0123456789abcdef01234567" };

describe("existing objects", function () {
  this.timeout(40 * 60_000);
  let sandbox: TestSandbox;
  let environment: TestEnvironment;
  let github: Emulator;
  let core: CoreV1Api;

  before(async () => {
    sandbox = await sharedSandbox();
    environment = await sandbox.environment();
    github = await sandbox.github();
    core = environment.kubernetes.client(CoreV1Api);
    await core.createNamespace({ body: { metadata: { name: namespace, labels: { owner: "somebody-else" } } } });
    const { status } = await github.api("POST", "orgs/:owner/repos", {
      name: repository,
      private: true,
      auto_init: true,
    });
    assert.equal(status, 201);
  });

  /** The repository as the API shows it, but for the times of the last change, which a mere look does not touch either. */
  async function foreignRepository(): Promise<unknown> {
    const { updated_at, pushed_at, ...rest } = await repositoryNamed(github, repository);
    return rest;
  }

  it("are refused by name if they are not ours, all at once, and stay as they are", async () => {
    const before = {
      names: namesOf(await settledInventory(environment.kubernetes)),
      namespace: await core.readNamespace({ name: namespace }),
      repository: await foreignRepository(),
    };
    const cwd = await copyProgram(await sandbox.scratch("program"));
    await editYaml(join(cwd, "Pulumi.staging.yaml"), (document) => {
      document.setIn(["config", "fleet:platformRepository", "rules"], rules);
    });
    // The token of the sandbox is a fine-grained one, which tells no rights.
    await github.setScopes(["repo", "admin:org"]);
    await github.resetRequests();
    const all = await environment.engine.upFails({ cwd });
    await github.setScopes(undefined);
    for (const words of [
      "environment: GITHUB_TOKEN: lacks the scope workflow, so GitHub would refuse workflows in the middle of the update: .github/workflows/platform-rules.yml of acme/platform",
      `stacks/base/tenants/team-payments.yaml:5: namespace.name: the namespace ${namespace} exists, but fleet does not manage it: it lacks the label ${MANAGED_BY_LABEL}=${MANAGED_BY}`,
      `stacks/base/tenants/team-search.yaml:2: repository.name: the repository acme/${repository} exists, but fleet does not manage it: it lacks the topic ${GITHUB_OWNERSHIP_TOPIC}`,
    ]) {
      assert.ok(all.includes(words), `"${words}" is missing:\n${all}`);
    }
    assert.equal((await github.requests()).writes, 0);
    assert.deepEqual(await core.readNamespace({ name: namespace }), before.namespace);
    assert.deepEqual(await foreignRepository(), before.repository);
    assert.deepEqual(namesOf(await clusterInventory(environment.kubernetes)), before.names);
    assert.deepEqual(await environment.engine.registered(), []);
  });

  it("are taken over if they have the label, or the topic and the stack's consent, with all their content", async () => {
    const before = { uid: await uidOf(namespace), id: (await repositoryNamed(github, repository)).id };
    await core.patchNamespace(
      { name: namespace, body: { metadata: { labels: { [MANAGED_BY_LABEL]: MANAGED_BY, [STACK_LABEL]: "staging" } } } },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
    const topics = await github.api("PUT", `repos/:owner/${repository}/topics`, { names: [GITHUB_OWNERSHIP_TOPIC] });
    assert.equal(topics.status, 200);
    // The program leaves a repository's content to its team, so one that was handed over needs its own folder.
    const clone = await sandbox.clone(repository);
    await clone.commitAndPush("Deploy something", {
      "deploy/base/kustomization.yaml": "resources:\n  - own.yaml\n",
      "deploy/base/own.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: own\n",
      "deploy/staging/kustomization.yaml": "resources:\n  - ../base\n",
      "deploy/prod-eu/kustomization.yaml": "resources:\n  - ../base\n",
    });

    // Server-side apply by force would overwrite them.
    const foreign = { namespace, body: { metadata: { name: "tenant" }, spec: { limits: [] } } };
    await core.createNamespacedLimitRange(foreign);
    await core.createNamespacedSecret({ namespace, body: { metadata: { name: "tenant-git" } } });
    // Its administrator can write the topic, so by that alone everything in it would reach the cluster.
    const words = await environment.engine.upFails();
    assert.match(
      words,
      /repository acme\/\S+ exists and is not in the stack's state.*\(it can be changed by \S+ \(admin\)\)/,
    );
    for (const object of ["LimitRange tenant", "Secret tenant-git"]) {
      const refusal = `the ${object} in the namespace ${namespace} exists, but fleet does not manage it`;
      assert.ok(words.includes(refusal), words);
    }
    assert.deepEqual(await keyTitles(github, repository), []);
    const labels = { [MANAGED_BY_LABEL]: MANAGED_BY, [STACK_LABEL]: "staging" };
    await core.patchNamespacedLimitRange(
      { namespace, name: "tenant", body: { metadata: { labels } } },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
    await core.deleteNamespacedSecret({ namespace, name: "tenant-git" });

    await environment.engine.up({ adopt: { repositories: [repository] } });
    await tenantsReady(environment.kubernetes);
    assert.equal(await uidOf(namespace), before.uid);
    assert.equal((await core.readNamespace({ name: namespace })).metadata?.labels?.owner, "somebody-else");
    assert.equal((await repositoryNamed(github, repository)).id, before.id);
    await environment.engine.succeed(["preview", "--expect-no-changes"]);
  });

  it("are taken over after the stack's state was lost, without duplicates", async () => {
    const { engine, kubernetes } = environment;
    const before = {
      inventory: await clusterInventory(kubernetes),
      urns: (await engine.resources()).map(({ urn }) => urn).sort(),
      repositories: await repositories(github),
      keys: await keysByRepository(github),
    };
    const platform = await sandbox.clone("platform");
    const edited = await platform.commitAndPush("A change of the platform's team", { "fleet/README.md": "# Ours\n" });

    await engine.succeed(["stack", "rm", "--force", "--yes"]);
    await engine.succeed(["stack", "init"]);
    assert.deepEqual(await engine.resources(), []);
    const refused = await engine.upFails();
    for (const name of fixtureRepositories.filter((one) => one !== repository)) {
      assert.ok(refused.includes(`the repository acme/${name} exists and is not in the stack's state`), refused);
    }
    await engine.up({ adopt: { repositories: fixtureRepositories } });

    assert.deepEqual((await engine.resources()).map(({ urn }) => urn).sort(), before.urns);
    assert.deepEqual(owned(await clusterInventory(kubernetes)), owned(before.inventory));
    const identities = (views: ReadonlyMap<string, { id: number; archived: boolean }>) =>
      [...views].map(([name, { id, archived }]) => [name, id, archived]);
    assert.deepEqual(identities(await repositories(github)), identities(before.repositories));
    // The lost private keys are gone; their public halves stay until fleet clean removes them.
    for (const [name, list] of Object.entries(await keysByRepository(github))) {
      const lost = before.keys[name] ?? [];
      assert.equal(lost.length, 1);
      assert.deepEqual(list.slice(0, 1), lost, `the lost key of ${name}`);
      assert.deepEqual(
        list.map(({ title, read_only }) => [title, read_only]),
        [
          ["fleet/staging (read-only)", true],
          ["fleet/staging (read-only)", true],
        ],
        name,
      );
    }
    await platform.git("fetch", "--quiet", "origin");
    assert.equal(await platform.git("rev-parse", "@{upstream}"), edited, "the platform's repository was written to");

    await tenantsReady(kubernetes);
    const tenant = await Tenant.of(sandbox, environment, "team-payments");
    await tenant.applied(await tenant.push(configMap({ name: "after" })));
    await engine.succeed(["preview", "--expect-no-changes"]);
  });

  it("leave lost keys on GitHub, which fleet clean removes, and no key of a person or of another cluster", async () => {
    const root = await copyCheckout(await sandbox.scratch("clean"));
    const clean = async (...options: readonly string[]) => {
      const { code, out, err } = await runFleetCommand(
        environment,
        root,
        "clean",
        "staging",
        "--output",
        "json",
        ...options,
      );
      assert.equal(code, 0, err);
      return (JSON.parse(out) as { readonly leftBehind: readonly { readonly stays?: string }[] }).leftBehind;
    };
    const planted = ["fleet/staging (read-only) of ada", "fleet/prod-eu (read-only)", "ada's laptop"];
    for (const title of planted) {
      const body = { title, key: anotherKey(), read_only: true };
      assert.equal((await github.api("POST", `repos/:owner/${repository}/keys`, body)).status, 201);
    }
    const before = await keysByRepository(github);
    const count = Object.keys(before).length;

    // Flux used the lost keys a moment ago, as a cluster of the same name in another fleet would.
    const used = await clean("--yes");
    assert.deepEqual([...new Set(used.map(({ stays }) => stays))], ["used within the last hour"]);
    const listed = await clean("--unused-for", "0d", "--dry-run");
    assert.deepEqual([listed.length, listed.filter(({ stays }) => stays !== undefined)], [count, []]);
    assert.deepEqual(await keysByRepository(github), before);

    await clean("--unused-for", "0d", "--yes");
    for (const [name, list] of Object.entries(await keysByRepository(github))) {
      const others = name === repository ? planted : [];
      assert.deepEqual(titles(list).sort(), ["fleet/staging (read-only)", ...others].sort(), name);
      // The list is sorted by title and age.
      const lost = before[name]?.find(({ title }) => title === "fleet/staging (read-only)");
      assert.ok(lost !== undefined && !list.some(({ id }) => id === lost.id), `the lost key of ${name} is still there`);
    }
    assert.deepEqual(await clean("--unused-for", "0d"), []);
    const tenant = await Tenant.of(sandbox, environment, "team-payments");
    await tenant.applied(await tenant.push(configMap({ name: "after-clean" })));
    for (const { id, title } of (await keysByRepository(github))[repository] ?? []) {
      if (planted.includes(title)) await github.api("DELETE", `repos/:owner/${repository}/keys/${id}`);
    }
  });

  async function uidOf(name: string): Promise<string | undefined> {
    return (await core.readNamespace({ name })).metadata?.uid;
  }
});

/** A new public key as GitHub takes it. */
function anotherKey(): string {
  const { x = "" } = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
  const text = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  const content = [Buffer.from("ssh-ed25519"), Buffer.from(x, "base64url")].map(text);
  return `ssh-ed25519 ${Buffer.concat(content).toString("base64")}`;
}

/** Everything that carries our label: its name and its identity, which a new object of the same name would not have. */
function owned(inventory: Inventory): string[] {
  return [...inventory]
    .filter(([, { labels }]) => labels[MANAGED_BY_LABEL] === MANAGED_BY)
    .map(([name, { uid }]) => `${name} ${uid}`)
    .sort();
}
