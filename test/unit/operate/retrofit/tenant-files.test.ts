import assert from "node:assert/strict";
import fc from "fast-check";
import { kustomizationSpec } from "../../../../components/tenant/sync/git-syncs.js";
import { resourcesOf } from "../../../../config/tenant/parts.js";
import { completeTenant, type TenantSpec, tenantSections } from "../../../../config/tenant/schema.js";
import type { LiveObject } from "../../../../lib/kubernetes/live-object.js";
import type { AuditedCluster } from "../../../../operate/audit/audited-cluster.js";
import { bindingTo, liveObject, readyLive, withObjects } from "../../../support/unit/audited-cluster.js";
import { imported, loaded, only, restricted, tenantIn } from "../../../support/unit/imported-cluster.js";

describe("tenant files of a cluster", () => {
  for (const [title, cluster, reason] of [
    [
      "a source at another host",
      tenantIn("payments", { source: { url: "https://user:secret@git.example.com/acme/payments" } }),
      /^its source is https:\/\/git\.example\.com\/acme\/payments, which is no repository of github\.com\/acme$/,
    ],
    [
      "a source of another organisation",
      tenantIn("payments", { source: { url: "https://github.com/other/payments" } }),
      /is no repository of github\.com\/acme/,
    ],
    [
      "a source of another kind",
      tenantIn("payments", { spec: { sourceRef: { kind: "OCIRepository", name: "app" } } }),
      /the OCIRepository app: a tenant file has Git repositories only/,
    ],
    [
      "a source that does not exist",
      tenantIn("payments", { spec: { sourceRef: { kind: "GitRepository", name: "gone" } } }),
      /the GitRepository payments\/gone, does not exist/,
    ],
    [
      "another target namespace",
      tenantIn("payments", { spec: { targetNamespace: "search" } }),
      /applies to the namespace search/,
    ],
    [
      "another cluster",
      tenantIn("payments", { spec: { kubeConfig: { secretRef: { name: "far" } } } }),
      /another cluster/,
    ],
    [
      "a sync of Flux's namespace to another one",
      tenantIn("flux-system", { spec: { targetNamespace: "payments" } }),
      /lies in Flux's own namespace and applies to the namespace payments/,
    ],
  ] as const) {
    it(`are not written for ${title}, with the reason`, () => {
      const { tenants, notExpressed } = imported(cluster);
      assert.deepEqual(tenants, []);
      assert.equal(notExpressed.length, 1);
      assert.match(notExpressed[0]?.reason ?? "", reason);
      assert.doesNotMatch(JSON.stringify(notExpressed), /secret@/);
    });
  }

  it("are not written for tenants that share a repository", () => {
    const url = "https://github.com/acme/fleet";
    const cluster = withObjects(tenantIn("payments", { source: { url } }), tenantIn("search", { source: { url } }));
    const { tenants, notExpressed } = imported(cluster);
    assert.deepEqual(tenants, []);
    assert.deepEqual(
      notExpressed.map(({ object }) => object),
      ["Kustomization payments/payments", "Kustomization search/search"],
    );
    assert.match(notExpressed[0]?.reason ?? "", /the repository fleet is that of several tenants/);
  });

  it("leave the platform's own syncs, those that a tenant's sync applied, and tenants of the fleet alone", () => {
    const nested = {
      "kustomize.toolkit.fluxcd.io/name": "payments",
      "kustomize.toolkit.fluxcd.io/namespace": "payments",
    };
    const cluster = withObjects(tenantIn("payments"), {
      Kustomization: [
        readyLive("payments", "inner", { sourceRef: { kind: "GitRepository", name: "payments" } }, { labels: nested }),
        readyLive("flux-system", "flux-system", { sourceRef: { kind: "GitRepository", name: "flux-system" } }),
      ],
    });
    const { tenants, notExpressed } = imported(cluster);
    assert.deepEqual([tenants.map(({ name }) => name), notExpressed], [["payments"], []]);
    const ours = { "app.kubernetes.io/managed-by": "fleet", "fleet.dev/tenant": "payments" };
    assert.deepEqual(imported(tenantIn("payments", { labels: ours })), { tenants: [], notExpressed: [] });
  });

  it("name in words what they leave out", () => {
    const entries = [
      { id: "payments_app_apps_Deployment" },
      { id: "_payments-admin_rbac.authorization.k8s.io_ClusterRole" },
      { id: "search_app__reader_rbac.authorization.k8s.io_Role" },
    ];
    const { leftOut, files } = only(
      withObjects(
        tenantIn("payments", {
          spec: {
            prune: false,
            interval: "48h",
            patches: [{ patch: "[]" }],
            dependsOn: [{ name: "infrastructure", namespace: "flux-system" }],
            decryption: { provider: "sops" },
          },
          source: { recurseSubmodules: true },
          labels: { "pod-security.kubernetes.io/enforce": "none" },
          status: { inventory: { entries } },
        }),
        {
          HelmRelease: [],
          RoleBinding: [bindingTo("edit", "developers", [{ kind: "Group", name: "payments-developers" }], "payments")],
        },
      ),
      [
        liveObject(
          { name: "gpu", namespace: "payments" },
          { spec: { hard: { "requests.nvidia.com/gpu": "1", pods: "0.5" } } },
        ),
        liveObject({ name: "low", namespace: "payments" }, { spec: { hard: { pods: "3" }, scopes: ["BestEffort"] } }),
      ],
    );
    for (const words of [
      /prune: false is an exception with an end/,
      /interval "48h" is left out: it is not between 10s and 1h/,
      /spec\.patches is left out/,
      /dependsOn flux-system\/infrastructure is left out/,
      /decryption without secretRef/,
      /its source's spec\.recurseSubmodules is left out/,
      /it applies the ClusterRole payments-admin of the whole cluster/,
      /it applies the Role app:reader in the namespace search/,
      /requests\.nvidia\.com\/gpu of the ResourceQuota gpu/,
      /limits\.pods 0\.5 is left out/,
      /the ResourceQuota low has scopes/,
      /the RoleBinding payments\/developers gives the Group payments-developers the ClusterRole edit/,
      /it enforces the Pod Security level none, which a file may not have/,
    ]) {
      assert.ok(
        leftOut.some((text) => words.test(text)),
        `${words} is not among:\n${leftOut.join("\n")}`,
      );
    }
    assert.equal(leftOut.length, 13);
    assert.doesNotMatch(Object.values(files).join(""), /48h|prune|patches|infrastructure|pods/);
  });

  it("have each further sync with its repository and namespace", () => {
    const cluster = withObjects(
      tenantIn("payments"),
      tenantIn("payments", { spec: { dependsOn: [{ name: "payments" }] } }, "jobs"),
    );
    const tenant = loaded(only(cluster));
    assert.deepEqual(
      tenant.syncs.map(({ name, namespace, repository, dependsOn }) => ({ name, namespace, repository, dependsOn })),
      [
        { name: "payments", namespace: "payments", repository: "payments", dependsOn: [] },
        { name: "jobs", namespace: "payments", repository: "jobs", dependsOn: ["payments"] },
      ],
    );
    assert.ok(tenant.repositories.every(({ existing }) => existing));
  });

  it("load again to the same tenant, whatever its sync, its limits and its viewers", () => {
    fc.assert(
      fc.property(tenants, (declared) => {
        const tenant = completeTenant("staging", tenantSections.parse(declared));
        assert.deepEqual(loaded(only(liveTenant(tenant), [quotaOf(tenant)])), tenant);
      }),
    );
  });
});

const duration = fc.constantFrom("30s", "1m", "10m0s", "1h");
const name = fc.stringMatching(/^[a-z][a-z0-9]{2,10}$/);
const ref = fc.oneof(
  fc.record({ branch: fc.constantFrom("main", "release/1") }),
  fc.record({ tag: fc.constantFrom("v1.2.3", "2026-11") }),
  fc.record({ semver: fc.constantFrom("~1.4", ">=1.0.0 <2.0.0") }),
  fc.record({ branch: fc.constant("main"), commit: fc.stringMatching(/^[0-9a-f]{40}$/) }),
);
const check = fc.record({ apiVersion: fc.constant("apps/v1"), kind: fc.constant("Deployment"), name });
const synced = fc.record(
  {
    path: fc.constantFrom("./", "./deploy", "./deploy/prod"),
    ref,
    interval: duration,
    retryInterval: duration,
    timeout: fc.constantFrom("30s", "5m", "10m0s"),
    suspend: fc.boolean(),
    force: fc.boolean(),
    healthChecks: fc.array(check, { maxLength: 2 }),
    substitute: fc.dictionary(fc.stringMatching(/^[a-z_]{3,8}$/), fc.constantFrom("1", "eu", ""), { maxKeys: 2 }),
    substituteFrom: fc.array(
      fc.record({ kind: fc.constantFrom("ConfigMap", "Secret"), name, optional: fc.boolean() }),
      {
        maxLength: 2,
      },
    ),
    decryption: fc.record({ secret: name }),
    deletionPolicy: fc.constantFrom("MirrorPrune", "Delete", "WaitForTermination", "Orphan"),
  },
  { requiredKeys: ["ref", "path"] },
);
const limits = fc.record({
  cpu: fc.constantFrom("2", "500m"),
  memory: fc.constantFrom("4Gi", "512Mi"),
  storage: fc.constantFrom("0", "100Gi"),
  pods: fc.integer({ min: 1, max: 500 }),
  jobs: fc.integer({ min: 0, max: 500 }),
});
const tenants = fc.record({
  name,
  repository: fc.record({ name, existing: fc.constant(true) }),
  namespace: fc.record({ name: name.map((text) => `${text}-ns`) }),
  access: fc.record({ viewers: fc.uniqueArray(name, { maxLength: 3 }).map((groups) => groups.toSorted()) }),
  sync: synced,
  limits,
});

/** The objects of a tenant, as the program itself makes them. */
function liveTenant(tenant: TenantSpec): AuditedCluster {
  const { syncs, sources } = resourcesOf(tenant);
  const [sync, source] = [syncs[0] ?? assert.fail(), sources[0] ?? assert.fail()];
  const url = `ssh://git@github.com/acme/${source.repository}.git`;
  const groups = tenant.access.viewers.map((group) => ({ kind: "Group", name: group }));
  return {
    Namespace: [liveObject({ name: sync.namespace, labels: restricted })],
    GitRepository: [readyLive(sync.namespace, source.name, { url, ref: source.ref })],
    Kustomization: [readyLive(sync.namespace, sync.name, kustomizationSpec(sync))],
    RoleBinding: groups.length === 0 ? [] : [bindingTo("view", "viewers", groups, sync.namespace)],
  };
}

function quotaOf({ namespaces: [{ name: namespace, limits: amounts }] }: TenantSpec): LiveObject {
  const hard = {
    "limits.cpu": amounts.cpu,
    "requests.memory": amounts.memory,
    "requests.storage": amounts.storage,
    pods: String(amounts.pods),
    "count/jobs.batch": String(amounts.jobs),
  };
  return liveObject({ name: "all", namespace }, { spec: { hard } });
}
