import assert from "node:assert/strict";
import type { LiveObject } from "../../../../lib/kubernetes/live-object.js";
import { liveIdentity } from "../../../../lib/kubernetes/live-object.js";
import type { AuditedCluster } from "../../../../operate/audit/audited-cluster.js";
import { retrofitFacts } from "../../../../operate/retrofit/facts.js";
import { retrofittedSyncs } from "../../../../operate/retrofit/sync-accounts.js";
import { syncChanges } from "../../../../operate/retrofit/sync-changes.js";
import { syncWarnings } from "../../../../operate/retrofit/sync-warnings.js";
import { repositoryKey } from "../../../../operate/retrofit/tenant-sources.js";
import type { PlannedObject } from "../../../../operate/verify/planned-objects.js";
import { installedCluster, liveObject, readyLive, withObjects } from "../../../support/unit/audited-cluster.js";

function planned(group: string, kind: string, metadata: PlannedObject["metadata"], spec: object = {}): PlannedObject {
  const type = { group, version: "v1", kind };
  const owner = { tenant: "payments", file: "stacks/staging/tenants/payments.yaml" };
  return { ...type, identity: liveIdentity(type, metadata), metadata, fields: { spec }, isPatch: false, owner };
}

const plan = [
  planned("core", "Namespace", { name: "pay" }),
  planned(
    "source.toolkit.fluxcd.io",
    "GitRepository",
    { name: "payments", namespace: "pay" },
    {
      url: "git@github.com:acme/payments.git",
    },
  ),
];

const crd = "_gadgets.acme.example_apiextensions.k8s.io_CustomResourceDefinition";

/** A sync in Flux's namespace. @param source name of its GitRepository */
function sync(name: string, source: string, ...ids: readonly string[]): LiveObject {
  const live = readyLive("flux-system", name, { sourceRef: { kind: "GitRepository", name: source } });
  return { ...live, status: { ...Object(live.status), inventory: { entries: ids.map((id) => ({ id, v: "v1" })) } } };
}

function source(name: string, url: string, ...included: readonly string[]): LiveObject {
  const include = included.map((one) => ({ repository: { name: one } }));
  return readyLive("flux-system", name, { url, ...(include.length > 0 && { include }) });
}

function look(added: AuditedCluster) {
  const cluster = withObjects(withObjects(installedCluster(), { Namespace: [liveObject({ name: "pay" })] }), added);
  const release = { version: "v2.9.2", objects: [] };
  const facts = retrofitFacts({ context: "prod", stack: "staging", cluster, planned: plan, release, unaudited: {} });
  const syncs = retrofittedSyncs(facts);
  const obstacles = syncs.flatMap((one) => one.obstacles.map(({ object, message }) => `${object}: ${message}`));
  return {
    obstacles,
    fixes: syncs.flatMap((one) => one.obstacles.map(({ fix }) => fix)),
    syncs,
    changes: syncChanges(facts, syncs).map(({ object, detail }) => `${object}: ${detail}`),
    warnings: syncWarnings(facts, syncs).map(({ object, message }) => `${object}: ${message}`),
  };
}

const warning = "applies with all rights: only owners of the platform may write to";
const words = "applies the repository github.com/acme/payments of the tenant payments, with the rights of the platform";

describe("the syncs of Flux's namespace that a tenant writes", () => {
  for (const url of [
    "https://github.com/acme/payments",
    "ssh://git@ssh.github.com:443/Acme/Payments.git",
    "https://user:secret@github.com//acme/pay%6Dents.git/",
    "https://www.github.com./acme/payments",
    "git@SSH.GitHub.com:acme/payments",
  ]) {
    it(`are found by the tenant's repository ${url}, whatever they have applied`, () => {
      for (const ids of [[crd], [], ["monitoring_grafana_apps_Deployment"]]) {
        const { obstacles, changes, syncs } = look({
          Kustomization: [sync("crds", "any", ...ids)],
          GitRepository: [source("any", url)],
        });
        assert.deepEqual(obstacles, [`Kustomization flux-system/crds: ${words}`]);
        assert.deepEqual(changes, []);
        assert.match(
          syncs[0]?.obstacles[0]?.fix ?? "",
          /^Move it and its source to pay .*, and its objects of the whole/,
        );
      }
    });
  }

  it("are found behind a source that includes the tenant's, and by the chart of a release", () => {
    const sources = [
      source("mine", "https://github.com/acme/payments"),
      source("outer", "https://git.example/o", "mine"),
    ];
    const chart = { chart: { spec: { chart: "./", sourceRef: { kind: "GitRepository", name: "mine" } } } };
    const { obstacles } = look({
      Kustomization: [sync("crds", "outer", crd)],
      HelmRelease: [readyLive("flux-system", "release", chart)],
      GitRepository: sources,
    });
    assert.deepEqual(obstacles, [
      `Kustomization flux-system/crds: ${words}`,
      `HelmRelease flux-system/release: ${words}`,
    ]);
  });

  it("are found if the root sync itself applies a tenant's repository", () => {
    const { obstacles, fixes } = look({
      Kustomization: [sync("flux-system", "flux-system", crd)],
      GitRepository: [source("flux-system", "https://github.com/acme/payments")],
    });
    assert.deepEqual(obstacles, [`Kustomization flux-system/flux-system: ${words}`]);
    assert.match(
      fixes[0] ?? "",
      /^If the tenant may write there, move it .*\. Otherwise, name another repository in the file/,
    );
  });

  it("are found by a source or repository that fills a tenant's namespace by another sync", () => {
    const { obstacles } = look({
      Kustomization: [
        sync("app", "team", "pay_web_apps_Deployment"),
        sync("crds", "team", crd),
        sync("more", "again", crd),
      ],
      GitRepository: [source("team", "https://git.example/team"), source("again", "https://git.example/team.git")],
    });
    const besides = (name: string) =>
      `applies GitRepository ${name}, from which another sync fills the tenant's namespace pay, with the rights of the platform`;
    assert.deepEqual(obstacles, [
      "Kustomization flux-system/app: applies GitRepository team to the tenant's namespace pay, with the rights of the platform",
      `Kustomization flux-system/crds: ${besides("team")}`,
      `Kustomization flux-system/more: ${besides("again")}`,
    ]);
  });

  it("are none of the platform's own: a warning names each repository for a person", () => {
    const chart = { kind: "HelmRepository", name: "charts" };
    const release = (name: string, targetNamespace: string) =>
      readyLive("flux-system", name, { targetNamespace, chart: { spec: { chart: name, sourceRef: chart } } });
    const { obstacles, fixes, warnings } = look({
      Kustomization: [sync("flux-system", "flux-system", crd), sync("ingress", "ingress", crd)],
      HelmRelease: [release("cache", "pay"), release("proxy", "ingress")],
      GitRepository: [
        source("flux-system", "https://git.example/all"),
        source("ingress", "https://git.example/Ingress", "flux-system"),
      ],
      HelmRepository: [readyLive("flux-system", "charts", { url: "https://user:secret@charts.example/stable" })],
    });
    assert.match(
      fixes[0] ?? "",
      /^If a tenant may write to its source, move it .*\. If only owners of the platform may, /,
    );
    assert.deepEqual(obstacles, [
      "HelmRelease flux-system/cache: applies HelmRepository charts to the tenant's namespace pay, with the rights of the platform",
    ]);
    assert.deepEqual(warnings, [
      `Kustomization flux-system/flux-system: ${warning} GitRepository flux-system (git.example/all)`,
      `Kustomization flux-system/ingress: ${warning} GitRepository ingress (git.example/ingress, git.example/all)`,
      `HelmRelease flux-system/proxy: ${warning} HelmRepository charts (charts.example/stable)`,
    ]);
  });

  it("are named where the retrofit changes nothing: a forged sync may name the platform's account, or another", () => {
    const forged = (name: string, serviceAccountName: string, sourceRef: object) => {
      return readyLive("flux-system", name, { serviceAccountName, sourceRef });
    };
    const { changes, obstacles, warnings } = look({
      Kustomization: [
        forged("x", "platform-reconciler", { kind: "OCIRepository", name: "x" }),
        forged("y", "other", { kind: "Bucket", name: "y" }),
        forged("z", "platform-reconciler", { kind: "GitRepository", name: "gone" }),
      ],
      OCIRepository: [readyLive("flux-system", "x", { url: "oci://ghcr.io/evil/x" })],
      Bucket: [readyLive("flux-system", "y", { endpoint: "s3.evil.example", bucketName: "y" })],
    });
    assert.deepEqual([changes, obstacles], [[], []]);
    const other =
      "applies as other, whose rights no step of the retrofit limits: only owners of the platform may write to";
    assert.deepEqual(warnings, [
      `Kustomization flux-system/x: ${warning} OCIRepository x (ghcr.io/evil/x)`,
      `Kustomization flux-system/y: ${other} Bucket y (s3.evil.example/y)`,
      `Kustomization flux-system/z: ${warning} GitRepository gone of an unknown URL`,
    ]);
  });

  it("are refused behind a HelmChart or an artifact of another client, which do not say whose they are", () => {
    const { changes, obstacles, fixes } = look({
      Kustomization: [readyLive("flux-system", "app", { sourceRef: { kind: "ExternalArtifact", name: "a" } })],
      HelmRelease: [readyLive("flux-system", "web", { chartRef: { kind: "HelmChart", name: "mine" } })],
    });
    const unread = (text: string) =>
      `takes its content from ${text}, which does not say whose it is, with the rights of the platform`;
    assert.deepEqual(obstacles, [
      `Kustomization flux-system/app: ${unread("ExternalArtifact a")}`,
      `HelmRelease flux-system/web: ${unread("HelmChart mine")}`,
    ]);
    assert.match(fixes[1] ?? "", /spec\.chart in place of spec\.chartRef$/);
    assert.deepEqual(changes, []);
  });

  it("leave one repository of the whole cluster alone, which the root applies as well", () => {
    const url = "https://git.example/all";
    const { obstacles } = look({
      Kustomization: [
        sync("flux-system", "flux-system", crd),
        sync("app", "apps", "pay_web_apps_Deployment"),
        sync("ingress", "ingress", crd),
      ],
      GitRepository: ["flux-system", "apps", "ingress"].map((name) => source(name, url)),
    });
    assert.deepEqual(
      obstacles.map((one) => one.split(":")[0]),
      ["Kustomization flux-system/app"],
    );
  });
});

describe("the key of a repository", () => {
  it("is none of a text that is no URL", () => {
    for (const text of ["", "no URL", "https://"]) assert.equal(repositoryKey(text), undefined, text);
  });

  it("tells hosts, owners and names apart", () => {
    const urls = [
      "https://github.com/a/b",
      "https://github.com/a/c",
      "https://github.com/d/b",
      "https://git.example/a/b",
    ];
    assert.equal(new Set(urls.map(repositoryKey)).size, urls.length);
    assert.equal(repositoryKey("https://github.com/a/%zz"), "github.com/a/%zz");
  });
});
