import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  ApiException,
  AuthorizationV1Api,
  CoreV1Api,
  KubeConfig,
  PatchStrategy,
  RbacAuthorizationV1Api,
  setHeaderOptions,
} from "@kubernetes/client-node";
import { keepsSyncing } from "../support/attack.js";
import { GitClone } from "../support/git-clone.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../support/sandbox.js";
import { sshVariables } from "../support/ssh.js";
import { Tenant } from "../support/tenant.js";

/** What somebody gets who has taken what belongs to one tenant: the token of its account, or its deploy key. */
describe("lockdown: somebody has a tenant's credentials", function () {
  this.timeout(30 * 60_000);
  let sandbox: TestSandbox;
  let staging: TestEnvironment;
  let payments: Tenant;
  let search: Tenant;
  before(async () => {
    sandbox = await sharedSandbox();
    staging = await sandbox.environment();
    await staging.engine.up();
    payments = await Tenant.of(sandbox, staging, "team-payments");
    search = await Tenant.of(sandbox, staging, "team-search");
  });
  after(() => search?.restore());

  describe("the token of its account", () => {
    let thief: KubeConfig;
    before(async () => {
      thief = await staging.kubernetes.serviceAccount("payments", "reconciler");
    });

    it("writes in the tenant's namespace: the control of what follows", async () => {
      const core = thief.makeApiClient(CoreV1Api);
      await core.createNamespacedConfigMap({ namespace: "payments", body: { metadata: { name: "by-token" } } });
      await core.deleteNamespacedConfigMap({ namespace: "payments", name: "by-token" });
    });

    it("writes nothing and reads no secret in another's namespace, nor in Flux's", async () => {
      const core = thief.makeApiClient(CoreV1Api);
      for (const namespace of ["team-search", "flux-system"]) {
        const body = { metadata: { name: "by-token" } };
        await forbidden(core.createNamespacedConfigMap({ namespace, body }), /cannot create resource "configmaps"/);
        await forbidden(core.listNamespacedSecret({ namespace }), /cannot list resource "secrets"/);
      }
      await forbidden(core.listSecretForAllNamespaces(), /cannot list resource "secrets"/);
      await keepsSyncing(search, staging);
    });

    it("gets no token of another account, and cannot act as one", async () => {
      const core = thief.makeApiClient(CoreV1Api);
      const body = { spec: { audiences: [], expirationSeconds: 600 } };
      for (const [namespace, name] of [
        ["payments", "reconciler"],
        ["team-search", "reconciler"],
        ["flux-system", "kustomize-controller"],
        ["flux-system", "platform-reconciler"],
      ] as const) {
        await forbidden(
          core.createNamespacedServiceAccountToken({ namespace, name, body }),
          /cannot create resource "serviceaccounts\/token"/,
        );
      }
      const [user] = thief.users;
      const [cluster] = thief.clusters;
      assert.ok(user && cluster);
      const other = new KubeConfig();
      other.loadFromClusterAndUser(cluster, {
        ...user,
        impersonateUser: "system:serviceaccount:team-search:reconciler",
      });
      const listing = other.makeApiClient(CoreV1Api).listNamespacedConfigMap({ namespace: "team-search" });
      await forbidden(listing, /cannot impersonate/);
    });

    it("gives itself no rights, and does not loosen its namespace", async () => {
      const rbac = thief.makeApiClient(RbacAuthorizationV1Api);
      const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" };
      const body = { metadata: { name: "by-token" }, roleRef };
      await forbidden(rbac.createClusterRoleBinding({ body }), /cannot create resource "clusterrolebindings"/);
      await forbidden(
        rbac.createNamespacedRoleBinding({ namespace: "payments", body }),
        /cannot create resource "rolebindings"/,
      );
      const labels = { "pod-security.kubernetes.io/enforce": "privileged" };
      await forbidden(
        thief
          .makeApiClient(CoreV1Api)
          .patchNamespace(
            { name: "payments", body: { metadata: { labels } } },
            setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
          ),
        /cannot patch resource "namespaces"/,
      );
    });

    it("may do nothing at all in another's namespace, but what everybody may", async () => {
      const api = thief.makeApiClient(AuthorizationV1Api);
      const { status } = await api.createSelfSubjectRulesReview({ body: { spec: { namespace: "team-search" } } });
      const resources = (status?.resourceRules ?? []).flatMap(({ resources = [] }) => resources);
      assert.deepEqual(
        resources.filter((resource) => !resource.startsWith("self")),
        [],
      );
    });
  });

  describe("its deploy key", () => {
    let variables: Record<string, string>;
    before(async () => {
      const directory = await sandbox.scratch("stolen");
      const identity = join(directory, "identity");
      await writeFile(identity, await privateKey(staging, payments.name), { mode: 0o600 });
      variables = {
        ...staging.variables,
        ...(await sshVariables(staging, payments.namespace, { directory, identity })),
      };
    });

    it("reads the tenant's repository, and does not push to it", async () => {
      const directory = await sandbox.scratch("clone");
      const clone = await GitClone.clone({ repository: payments.cloneUrl, variables, directory });
      const head = await clone.git("rev-parse", "HEAD");
      await clone.commit("By a thief", { "deploy/base/stolen.yaml": "kind: Nothing\n" });
      await assert.rejects(clone.push(), /ERROR: The key you are authenticating with has been marked as read only/);
      assert.match(await clone.git("ls-remote", "origin", "refs/heads/main"), new RegExp(`^${head}\\s`));
      await keepsSyncing(search, staging);
    });

    it("reads no other repository: neither another tenant's nor the platform's", async () => {
      for (const repository of [search.repository, "platform"]) {
        const url = payments.cloneUrl.replace(`/${payments.repository}.git`, `/${repository}.git`);
        assert.notEqual(url, payments.cloneUrl);
        const directory = await sandbox.scratch("clone");
        await assert.rejects(
          GitClone.clone({ repository: url, variables, directory }),
          /ERROR: Repository not found/,
          repository,
        );
      }
    });
  });
});

/** The API server refuses, and says why. */
function forbidden(answer: Promise<unknown>, why: RegExp): Promise<void> {
  return assert.rejects(answer, (error) => {
    assert.ok(error instanceof ApiException, String(error));
    assert.equal(error.code, 403);
    assert.match(String(error.message), /system:serviceaccount:payments:reconciler/);
    assert.match(String(error.message).replaceAll("\\", ""), why);
    return true;
  });
}

/** The private half of a tenant's deploy key, as whoever has the stack's passphrase can read it from the state. */
async function privateKey({ engine }: TestEnvironment, tenant: string): Promise<string> {
  const { stdout } = await engine.succeed(["stack", "export", "--show-secrets"]);
  const { resources } = (JSON.parse(stdout) as { deployment: { resources: KeyPair[] } }).deployment;
  const pair = resources.find(({ urn }) => urn.endsWith(`::${tenant}-key-pair`));
  assert.ok(pair?.outputs, `the state has no key pair of ${tenant}`);
  return JSON.parse(pair.outputs.privateKeyOpenssh.plaintext) as string;
}

interface KeyPair {
  readonly urn: string;
  readonly outputs?: { readonly privateKeyOpenssh: { readonly plaintext: string } };
}
