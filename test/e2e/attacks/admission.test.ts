import assert from "node:assert/strict";
import { type KubeConfig, KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";
import type { KubernetesObject } from "../../../components/kubernetes-object.js";
import type { Case, Place } from "../admission/cases.js";
import { pullCases } from "../admission/image-cases.js";
import { notificationCases } from "../admission/notification-cases.js";
import { sourceCases } from "../admission/source-cases.js";
import { syncCases } from "../admission/sync-cases.js";
import { accountCases, hostPortCases, resourceCases, serviceCases } from "../admission/workload-cases.js";
import { clusterInventory, type Inventory, namesOf, settledInventory } from "../support/cluster-inventory.js";
import { DryRun, refusal } from "../support/dry-run.js";
import { type TestEnvironment, TestSandbox } from "../support/sandbox.js";
import { Tenant } from "../support/tenant.js";
import { waitFor } from "../support/wait-for.js";
import { files, legitimate } from "./legitimate.js";

const rbac = "rbac.authorization.k8s.io";

/** Policies that judge what a tenant makes anew; image automation is not installed here. */
const judged = [
  "fleet-flux-sync",
  "fleet-flux-source",
  "fleet-host-ports",
  "fleet-exposed-services",
  "fleet-workload-resources",
  "fleet-images",
  "fleet-platform-accounts",
  "fleet-notifications",
] as const;

/**
 * A hostile tenant against the whole fleet: by pushing to its repository, and with its reconciler's own token. That
 * every single rule says what it should, and who passes, is in test/e2e/admission.
 */
describe("Attacks that admission policies stop", function () {
  this.timeout(20 * 60_000);
  let sandbox: TestSandbox;
  let environment: TestEnvironment;
  let bare: Inventory;
  let tenant: Tenant;
  let place: Place;
  /** Policy → what a tenant sends, all of it with its own token. */
  let groups: Readonly<Record<string, readonly Case[]>>;

  const reconciler = (): Promise<KubeConfig> => environment.kubernetes.serviceAccount(tenant.namespace, "reconciler");
  const attackOn = (policy: string): KubernetesObject => {
    const attack = groups[policy]?.find(({ refused }) => refused !== undefined);
    assert.ok(attack, policy);
    return attack.object;
  };

  before(async () => {
    sandbox = await TestSandbox.create();
    environment = await sandbox.environment();
    bare = await settledInventory(environment.kubernetes);
    await environment.engine.up();
    tenant = await Tenant.of(sandbox, environment, "team-payments");
    place = { namespace: tenant.namespace, organisation: tenant.cloneUrl.replace(/\/[^/]+$/, "") };
    groups = {
      "fleet-flux-sync": syncCases(place),
      "fleet-flux-source": sourceCases(place),
      "fleet-host-ports": hostPortCases(place),
      "fleet-exposed-services": serviceCases(place),
      "fleet-workload-resources": resourceCases(place),
      "fleet-images": pullCases(place),
      "fleet-platform-accounts": accountCases(place),
      "fleet-notifications": notificationCases(place),
    };
    const token = new DryRun(await reconciler());
    for (const policy of judged) {
      await waitFor(async () => (await token.create(attackOn(policy))) !== undefined, {
        describe: () => `${policy} is not in force`,
      });
    }
    await tenant.applied(await tenant.clone.git("rev-parse", "HEAD"));
  });
  after(() => sandbox?.end());

  describe("pushed to the tenant's repository, each told in the tenant's own status:", () => {
    const root = (): KubernetesObject => ({
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata: { name: tenant.name },
      spec: { ...rootSpec, sourceRef: { kind: "GitRepository", name: tenant.name } },
    });

    for (const [title, attack, reason] of [
      [
        "its own root sync, suspended",
        root,
        /fleet-owned-objects.*kustomizations payments\/team-payments is the platform's/,
      ],
      ["a Kustomization without account", () => attackOn("fleet-flux-sync"), /spec\.serviceAccountName must name/],
      ["a source over http", () => attackOn("fleet-flux-source"), /sources must be encrypted/],
      ["a Deployment with a host port", () => attackOn("fleet-host-ports"), /pods must not take ports of their node/],
      ["a Service with ports of every node", () => attackOn("fleet-exposed-services"), /Services must be of the type/],
      [
        "a Deployment that does not say what it takes",
        () => attackOn("fleet-workload-resources"),
        /containers must say what they take/,
      ],
      ["a Deployment that takes what the node has", () => attackOn("fleet-images"), /images must be pulled/],
      [
        "a Deployment as the reconciler",
        () => attackOn("fleet-platform-accounts"),
        /pods must not run as the platform's accounts/,
      ],
      [
        "an Alert about another tenant",
        () => attackOn("fleet-notifications"),
        /Alerts and Receivers must be about this namespace/,
      ],
    ] as const) {
      it(title, async () => {
        await tenant.push(attack());
        await tenant.flux.waitForRefusal(tenant.sync, reason);
      });
    }

    it("while everything legitimate is applied, becomes Ready, and goes again", async () => {
      await tenant.clone.write(files);
      await tenant.applied(await tenant.push(...legitimate(tenant)));
      await tenant.restore();
      const label = `kustomize.toolkit.fluxcd.io/name=${tenant.name}`;
      for (const kind of ["Kustomization", "HelmRelease", "GitRepository"] as const) {
        await waitFor(async () => (await tenant.flux.list(kind, label)).length === 0, {
          describe: () => `the tenant's ${kind} is not removed`,
        });
      }
    });
  });

  describe("sent with the token of the tenant's reconciler:", () => {
    for (const policy of judged) {
      it(`what ${policy} refuses, and what it allows`, async () => {
        const token = new DryRun(await reconciler());
        for (const { title, object, refused } of groups[policy] ?? []) {
          const said = await token.create(object);
          if (refused === undefined) assert.equal(said, undefined, title);
          else assert.match(said ?? "", refused, title);
        }
      });
    }

    it("changes and removal of its root source and sync, its key and its account", async () => {
      const token = new DryRun(await reconciler());
      for (const object of ownedBy(tenant)) {
        const changed = await token.change(object, { metadata: { labels: { "fleet.dev/stack": null } } });
        assert.match(changed ?? "", /is the platform's/, object.kind);
        assert.match((await token.remove(object)) ?? "", /is the platform's/, object.kind);
      }
    });
  });

  describe("with the binding taken away go through:", () => {
    let real: KubernetesObjectApi;
    const extra = (): KubernetesObject => ({
      apiVersion: `${rbac}/v1`,
      kind: "RoleBinding",
      metadata: { name: "far-too-much", namespace: tenant.namespace },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "cluster-admin" },
      subjects: [{ kind: "ServiceAccount", name: "reconciler", namespace: tenant.namespace }],
    });

    before(async () => {
      real = KubernetesObjectApi.makeApiClient(await reconciler());
      // RBAC alone keeps a tenant from its namespace; here it is the policy's turn.
      await environment.kubernetes.objects().create(extra());
    });
    after(() => environment.kubernetes.objects().delete(extra()));

    /** Every size's quota refuses ports of nodes and load balancers too, but knows nothing of addresses. */
    const stoppedByThePolicyAlone = (policy: string): KubernetesObject => {
      if (policy !== "fleet-exposed-services") return attackOn(policy);
      const claim = groups[policy]?.find(({ title }) => title === "a Service that claims an address");
      assert.ok(claim);
      return claim.object;
    };

    for (const policy of judged) {
      it(`what ${policy} stops`, async () => {
        const attack = stoppedByThePolicyAlone(policy);
        await without(
          environment,
          policy,
          () => refusal(real.create(attack, undefined, "All")),
          async () => {
            await real.create(attack);
            const { apiVersion, kind } = attack;
            await real.delete({
              apiVersion,
              kind,
              metadata: { name: attack.metadata.name, namespace: place.namespace },
            });
          },
        );
      });
    }

    it("what fleet-owned-objects stops: the tenant suspends its own root sync", async () => {
      const suspended = (suspend: boolean) => ({ ...rootReference(tenant), spec: { suspend } });
      const send = (dryRun?: string) => real.patch(suspended(true), undefined, dryRun, undefined, undefined, merge);
      await without(
        environment,
        "fleet-owned-objects",
        () => refusal(send("All")),
        async () => {
          await send();
          await environment.kubernetes
            .objects()
            .patch(suspended(false), undefined, undefined, undefined, undefined, merge);
        },
      );
    });

    it("what fleet-owned-namespaces stops: the tenant lets its pods do what they like", async () => {
      const level = (enforce: string) => ({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: tenant.namespace, labels: { "pod-security.kubernetes.io/enforce": enforce } },
      });
      const send = (dryRun?: string) => real.patch(level("privileged"), undefined, dryRun, undefined, undefined, merge);
      await without(
        environment,
        "fleet-owned-namespaces",
        () => refusal(send("All")),
        async () => {
          await send();
          await environment.kubernetes
            .objects()
            .patch(level("restricted"), undefined, undefined, undefined, undefined, merge);
        },
      );
    });
  });

  // A suite runs its own tests before those of the suites in it, and this one must be the last.
  describe("in the end", () => {
    it("have nothing to change for pulumi, and pulumi destroy leaves nothing on the cluster", async () => {
      await environment.engine.succeed(["preview", "--expect-no-changes"]);
      await environment.engine.destroy();
      let left: string[] = [];
      await waitFor(
        async () => {
          const names = new Set(namesOf(bare));
          left = namesOf(await clusterInventory(environment.kubernetes)).filter((name) => !names.has(name));
          return left.length === 0;
        },
        { describe: () => `left on the cluster:\n${left.join("\n")}` },
      );
    });
  });
});

const merge = PatchStrategy.MergePatch;

const rootSpec = {
  interval: "1m",
  prune: true,
  suspend: true,
  serviceAccountName: "reconciler",
  path: "./deploy/staging",
};

function rootReference({ name, namespace }: Tenant): KubernetesObject {
  return { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", metadata: { name, namespace } };
}

/** What the platform owns in a tenant's namespace, as far as the tenant's role lets it at that kind at all. */
function ownedBy(tenant: Tenant): KubernetesObject[] {
  const { name, namespace } = tenant;
  return [
    rootReference(tenant),
    { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", metadata: { name, namespace } },
    { apiVersion: "v1", kind: "Secret", metadata: { name: "tenant-git", namespace } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "reconciler", namespace } },
  ];
}

/**
 * Takes a policy's binding away, does something, and puts the binding back.
 * @param asked what the API server says to the attack now; undefined when it would pass
 */
async function without(
  { kubernetes }: TestEnvironment,
  policy: string,
  asked: () => Promise<string | undefined>,
  action: () => Promise<unknown>,
): Promise<void> {
  const admin = kubernetes.objects();
  const which = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: policy },
  };
  assert.match((await asked()) ?? "", new RegExp(policy));
  const { metadata, ...binding } = (await admin.read(which)) as KubernetesObject;
  const { labels, annotations } = metadata;
  await admin.delete(which);
  try {
    await waitFor(async () => (await asked()) === undefined, { describe: () => `${policy} still refuses` });
    await action();
  } finally {
    await admin.create({ ...binding, ...which, metadata: { name: policy, labels, annotations } } as KubernetesObject);
    await waitFor(async () => (await asked()) !== undefined, { describe: () => `${policy} does not refuse again` });
  }
}
