import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CoreV1Api, KubernetesObjectApi } from "@kubernetes/client-node";
import { stringify } from "yaml";
import { dayOf } from "../../../lib/time/calendar-day.js";
import type { Emulator } from "../../support/e2e/emulator.js";
import { GitClone } from "../../support/e2e/git-clone.js";
import { deployKeys } from "../../support/e2e/github-view.js";
import { Registry } from "../../support/e2e/registry.js";
import type { TestEnvironment, TestSandbox } from "../../support/e2e/sandbox.js";
import { declareTenant, type SharedStack } from "../../support/e2e/shared-stack.js";
import { sshVariables } from "../../support/e2e/ssh.js";
import { Tenant } from "../../support/e2e/tenant.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { type Kind, reference } from "../../support/objects/object.js";
import { deployment as deploymentOf, podSpec } from "../../support/objects/workloads.js";

const team = "team-images";
const image = "acme/shop";
const branch = "image-updates";

/** The real image controllers, a registry of the test's own, and a tenant whose overlay asks for updates. */
describe("A tenant's image automation", function () {
  this.timeout(20 * 60_000);
  const shared = declareTenant(team, async (sandbox) => {
    registry = await Registry.start();
    sandbox.endsBefore(registry);
    registry.addTags(image, "1.3.9", "1.4.0", "1.5.0", "2.0.0", "latest");
    return {
      // This file pushes as the organisation's owner, who bypasses reviews because of the codeowners.
      base: {
        repository: {
          protection: { pullRequest: true },
          codeowners: [{ pattern: "/deploy/prod-eu/", owners: ["@acme/images"] }],
        },
      },
      overlay: overlay({ image: registry.image(image), range: "~1.4", interval: "10s" }),
      settings: { extraComponents: ["image-reflector-controller", "image-automation-controller"] },
    };
  });
  let registry: Registry;
  let stack: SharedStack;
  let sandbox: TestSandbox;
  let staging: TestEnvironment;
  let github: Emulator;
  let cwd: string;
  let tenant: Tenant;
  /** The tenant's last push to its default branch. */
  let main: string;

  before(async () => {
    stack = await shared();
    ({ sandbox, staging } = stack);
    github = await sandbox.github();
    cwd = await stack.copy();
    tenant = await Tenant.of(sandbox, staging, team);
    main = await pushDeployment();
  });

  /** The tenant's overlay, with its image kept up to date or without. */
  const overlay = (spec?: Readonly<Record<string, unknown>>) =>
    spec === undefined ? {} : { imageAutomation: { images: { shop: spec }, interval: "10s" } };
  /** Brings up the stack with another overlay. */
  async function automate(spec?: Readonly<Record<string, unknown>>, sync: object = {}): Promise<void> {
    const text = stringify({ ...overlay(spec), sync });
    await writeFile(join(cwd, "stacks", "staging", "tenants", `${team}.yaml`), text);
    await stack.up(cwd);
  }

  /** Pushes a Deployment whose image the automation may change, and waits until it is there. */
  async function pushDeployment(): Promise<string> {
    const deployment = deploymentOf({ name: "shop" }, podSpec({ image: `${registry.image(image)}:1.4.0` }));
    await tenant.commit(deployment);
    const marked = stringify(deployment, { lineWidth: 0 }).replace(
      /image: .*$/m,
      `$& # {"$imagepolicy": "${team}:shop"}`,
    );
    const commit = await tenant.clone.commitAndPush("Marked", { "deploy/staging/0-deployment.yaml": marked });
    await tenant.syncNow();
    await tenant.applied(commit);
    return commit;
  }

  /** The commit at the head of a branch; undefined when there is no such branch. */
  const headOf = async (name: string): Promise<string | undefined> =>
    (await tenant.clone.git("ls-remote", "origin", `refs/heads/${name}`)).split(/\s/)[0] || undefined;
  const chosen = (tag: string) =>
    tenant.flux.waitFor(tenant.own("ImagePolicy", "shop"), ({ status }) => status?.latestRef?.tag === tag);

  /** Waits until the automation has pushed a version. @returns the commit */
  async function pushed(tag: string): Promise<string> {
    const { clone } = tenant;
    return waitFor(
      async () => {
        const head = await headOf(branch);
        if (head === undefined) return false;
        await clone.git("fetch", "--quiet", "origin", branch);
        const text = await clone.git("show", `${head}:deploy/staging/0-deployment.yaml`);
        return text.includes(`image: ${registry.image(image)}:${tag} #`) && head;
      },
      { timeout: 180_000, describe: async () => `${tag} is on ${branch}, whose head is ${await headOf(branch)}` },
    );
  }

  /** A clone that uses the key of one of the Secrets in the tenant's namespace, and nothing else. */
  async function cloneWith(secretName: string): Promise<GitClone> {
    const { namespace, cloneUrl } = tenant;
    const core = staging.kubernetes.client(CoreV1Api);
    const { data } = await core.readNamespacedSecret({ namespace, name: secretName });
    const directory = await sandbox.scratch("keys");
    const identity = join(directory, "identity");
    await writeFile(identity, Buffer.from(data?.identity ?? "", "base64"), { mode: 0o600 });
    const variables = {
      ...staging.variables,
      ...(await sshVariables(staging, namespace, { directory, identity })),
    };
    return GitClone.clone({ repository: cloneUrl, variables, directory: await sandbox.scratch("clone") });
  }

  it("takes the newest version in its range, and pushes nothing while the manifests have it", async () => {
    await chosen("1.4.0");
    const automation = await tenant.flux.waitFor(
      tenant.own("ImageUpdateAutomation", `${team}-image-updates`),
      ({ status }) => status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true,
    );
    assert.ok(automation);
    assert.equal(await headOf(branch), undefined);
    assert.equal(await headOf("main"), main);
  });

  it("pushes a new version to a branch of its own, and leaves the default branch and what runs as they are", async () => {
    registry.addTags(image, "1.4.1", "1.5.1", "2.0.1");
    await chosen("1.4.1");
    const commit = await pushed("1.4.1");
    const { clone } = tenant;
    assert.equal(await clone.git("rev-parse", `${commit}^`), main, "the update starts from the default branch");
    assert.equal(
      await clone.git("show", "--no-patch", "--format=%an <%ae>", commit),
      "Image updates <image-updates@fleet.invalid>",
    );
    const old = registry.image(`${image}:1.4.0`);
    assert.match(
      await clone.git("show", "--no-patch", "--format=%b", commit),
      new RegExp(`^${old} -> ${registry.image(`${image}:1.4.1`)}$`, "m"),
    );
    assert.equal(await clone.git("diff", "--name-only", main, commit), "deploy/staging/0-deployment.yaml");
    assert.equal(await headOf("main"), main);
    await tenant.syncNow();
    await tenant.applied(main);
  });

  it("has a key of its own, and only that one can push", async () => {
    const keys = await deployKeys(github, tenant.repository);
    assert.deepEqual(
      keys.map(({ title, read_only }) => ({ title, read_only })),
      [
        { title: "fleet/staging (image updates)", read_only: false },
        { title: "fleet/staging (read-only)", read_only: true },
      ],
    );
    const reading = await cloneWith("tenant-git");
    await reading.commit("By the key that reads", { "notes.txt": "a\n" });
    await assert.rejects(
      reading.git("push", "origin", "HEAD:refs/heads/by-hand"),
      /ERROR: The key you are authenticating with has been marked as read only/,
    );
    const writing = await cloneWith("tenant-git-write");
    await writing.commit("By the key that writes", { "notes.txt": "a\n" });
    await writing.git("push", "--quiet", "origin", "HEAD:refs/heads/by-hand");
    assert.notEqual(await headOf("by-hand"), undefined);
  });

  it("cannot push to the default branch with that key, by hand either", async () => {
    const writing = await cloneWith("tenant-git-write");
    await writing.commit("Past every review", { "notes.txt": "a\n" });
    await assert.rejects(writing.push(), /GH013: .*refs\/heads\/main.*Changes must be made through a pull request/s);
    assert.equal(await headOf("main"), main);
  });

  it("has a source of its own: the sync goes on with the key that reads, and source-controller never uses the other", async () => {
    const sync = await tenant.flux.get(tenant.source);
    const updates = await tenant.flux.get(tenant.own("GitRepository", `${team}-image-updates`));
    assert.deepEqual(sync.spec.secretRef, { name: "tenant-git" });
    assert.deepEqual(updates.spec.secretRef, { name: "tenant-git-write" });
    assert.equal(updates.status?.artifact, undefined);
  });

  it("pushes nothing while the primary sync is frozen, whatever versions there are", async () => {
    const before = await pushed("1.4.1");
    const freeze = { until: dayOf(Date.now() + 7 * 24 * 60 * 60_000), reason: "An audit" };
    await automate({ image: registry.image(image), range: "~1.4", interval: "10s" }, { freeze });
    // Its interval is that of the scan: it would have pushed the first version before the policy chooses the second.
    for (const tag of ["1.4.2", "1.4.3"]) {
      registry.addTags(image, tag);
      await chosen(tag);
    }
    assert.equal(await headOf(branch), before);
    const { metadata } = await tenant.flux.get(tenant.own("ImageUpdateAutomation", `${team}-image-updates`));
    assert.equal(metadata.annotations?.["fleet.dev/freeze-reason"], "An audit");
  });

  it("crosses into another major version when the file says so, and with a token where SSH is blocked: not to the default branch", async () => {
    const before = await pushed("1.4.1");
    const token = (use: string) => `github_pat_${use}_of_${team.replaceAll("-", "_")}`;
    await makeAccounts();
    for (const use of ["read", "write"]) {
      const made = { token: token(use), login: `${team}-${use}`, repositories: [tenant.repository] };
      await github.makeAccessToken({ ...made, write: use === "write" });
      const set = ["config", "set", "--path", "--secret", `fleet:gitTokens.${team}.${use}`, token(use)];
      await staging.engine.succeed(set, { cwd });
    }
    await automate({ image: registry.image(image), range: ">=1.4.0", acrossMajors: true, interval: "10s" });
    assert.deepEqual(await deployKeys(github, tenant.repository), []);
    await chosen("2.0.1");
    const commit = await pushed("2.0.1");
    assert.equal(await tenant.clone.git("rev-parse", `${commit}^`), before, "it is put on top of what waits there");
    assert.equal(await headOf("main"), main);
    // The update may have been too late for the version before.
    registry.addTags(image, "2.0.2");
    await chosen("2.0.2");
    await pushed("2.0.2");
    await staging.engine.succeed(["config", "rm", "--path", `fleet:gitTokens.${team}`], { cwd });
    const reading = await cloneByToken(token("read"));
    await assert.rejects(reading.push(), /Write access to repository not granted/);
    const writing = await cloneByToken(token("write"));
    await assert.rejects(writing.push(), /GH013: .*refs\/heads\/main.*Changes must be made through a pull request/s);
    await writing.git("push", "--quiet", "origin", "HEAD:refs/heads/by-token");
  });

  /** A clone with a commit, by a token and nothing else. The sandbox's variables have git use the organisation's. */
  async function cloneByToken(token: string): Promise<GitClone> {
    const { GITHUB_BASE_URL: base = "", GITHUB_OWNER: owner } = staging.variables;
    const own = Object.entries(staging.variables).filter(([name]) => !name.startsWith("GIT_CONFIG_"));
    const repository = `${base.replace("//", `//git:${token}@`)}${owner}/${tenant.repository}.git`;
    const directory = await sandbox.scratch("clone");
    const clone = await GitClone.clone({ repository, variables: Object.fromEntries(own), directory });
    await clone.commit("By a token", { "notes.txt": "a\n" });
    return clone;
  }

  /** An account with the role read, by the organisation's base permission, and one with the role write, by a team. */
  async function makeAccounts(): Promise<void> {
    const requests: readonly (readonly [status: number, method: string, path: string, body: object])[] = [
      [201, "POST", "admin/users", { login: `${team}-read` }],
      [201, "POST", "admin/users", { login: `${team}-write` }],
      [201, "POST", "orgs/:owner/teams", { name: `${team}-write` }],
      [200, "PUT", `orgs/:owner/teams/${team}-write/memberships/${team}-write`, { role: "member" }],
      [204, "PUT", `orgs/:owner/teams/${team}-write/repos/:owner/${tenant.repository}`, { permission: "push" }],
    ];
    for (const [expected, method, path, body] of requests) {
      const { status, body: answer } = await github.api(method, path, body);
      assert.equal(status, expected, `${method} ${path}: ${JSON.stringify(answer)}`);
    }
  }

  it("is the platform's: the tenant sees how it is, and neither makes nor changes one", async () => {
    const { namespace } = tenant;
    const account = await staging.kubernetes.serviceAccount(namespace, "reconciler");
    const api = KubernetesObjectApi.makeApiClient(account);
    const object = (kind: Kind, name: string) => reference(kind, { name, namespace });
    await api.read(object("ImagePolicy", "shop"));
    for (const kind of ["ImageRepository", "ImagePolicy", "ImageUpdateAutomation"] as const) {
      await assert.rejects(api.create(object(kind, "own")), { code: 403 }, kind);
    }
    await assert.rejects(api.delete(object("ImagePolicy", "shop")), { code: 403 });
  });

  it("goes without a trace when the file no longer asks for it, and the sync goes on", async () => {
    await automate();
    const keys = await deployKeys(github, tenant.repository);
    assert.deepEqual(
      keys.map(({ title }) => title),
      ["fleet/staging (read-only)"],
    );
    for (const kind of ["ImageRepository", "ImagePolicy", "ImageUpdateAutomation"] as const) {
      assert.deepEqual(await tenant.flux.list(kind), []);
    }
    const { namespace } = tenant;
    const secrets = await staging.kubernetes.client(CoreV1Api).listNamespacedSecret({ namespace });
    assert.deepEqual(
      secrets.items.map(({ metadata }) => metadata?.name),
      ["tenant-git"],
    );
    await tenant.clone.git("commit", "--quiet", "--allow-empty", "--message", "Still here");
    await tenant.clone.push();
    await tenant.syncNow();
    await tenant.applied(await tenant.clone.git("rev-parse", "HEAD"));
  });
});
