import assert from "node:assert/strict";
import { join } from "node:path";
import { AppsV1Api } from "@kubernetes/client-node";
import { execa } from "execa";
import { parseAllDocuments } from "yaml";
import type { KubernetesObject } from "../../../lib/kubernetes/object.js";
import { type FluxObject, isReady } from "../../support/e2e/flux-objects.js";
import { chartImage, chartUrl, publishChart } from "../../support/e2e/published-chart.js";
import type { TestEnvironment } from "../../support/e2e/sandbox.js";
import { declareTenant, type SharedStack } from "../../support/e2e/shared-stack.js";
import { Tenant } from "../../support/e2e/tenant.js";

const team = "team-released";
const image = (version: string) => chartImage("app", version);

/** Whether helm-controller could install or upgrade a release. */
const released = (status: FluxObject["status"]) => status?.conditions?.find(({ type }) => type === "Released");

/**
 * The first files with a chart, as GitHub copies them: by the real engine, source-controller, kustomize-controller and
 * helm-controller, with a chart of the test in the registry.
 */
describe("A repository with the scaffold helm", function () {
  this.timeout(15 * 60_000);
  const shared = declareTenant(team, async (sandbox) => {
    for (const version of ["1.0.0", "1.1.0-rc.1", "2.0.0-rc.1"]) await publishChart(sandbox, "app", version);
    return {
      base: { repository: { scaffold: "helm" } },
      settings: { allowedSourceHosts: ["ghcr.io"], scaffoldChart: { url: chartUrl("app") } },
      otherStacks: { "prod-eu": { promotesFrom: "staging" } },
    };
  });
  let stack: SharedStack;
  let staging: TestEnvironment;
  let tenant: Tenant;

  before(async () => {
    stack = await shared();
    ({ staging } = stack);
    tenant = await Tenant.of(stack.sandbox, staging, team);
  });

  const deployed = () =>
    staging.kubernetes.client(AppsV1Api).readNamespacedDeployment({ namespace: tenant.namespace, name: "app" });

  /** The image of the release's Deployment, once all its pods are ready. */
  async function imageThatRuns(): Promise<string | undefined> {
    const { spec, status } = await deployed();
    assert.equal(status?.readyReplicas, spec?.replicas);
    return spec?.template.spec?.containers[0]?.image;
  }

  it("has a first sync that is Ready, and in it the release, with the version that staging takes", async () => {
    await tenant.applied(await tenant.clone.git("rev-parse", "HEAD"));
    const release = await tenant.flux.waitFor(tenant.own("HelmRelease", "app"), isReady);
    assert.equal(release.spec.serviceAccountName, "reconciler");
    const source = await tenant.flux.get(tenant.own("OCIRepository", "app"));
    assert.ok(isReady(source));
    // A pre-release, but none of the next major version.
    assert.match(source.status?.artifact?.revision ?? "", /^1\.1\.0-rc\.1@sha256:/);
    assert.equal(await imageThatRuns(), image("1.1.0-rc.1"));
  });

  it("has a folder for production with which the same controller takes the stable version", async () => {
    const folder = join(tenant.clone.directory, "deploy", "prod-eu");
    const { stdout } = await execa("kubectl", ["kustomize", folder], { env: staging.variables });
    const built = parseAllDocuments(stdout).map((document) => document.toJS() as KubernetesObject);
    const source = built.find(({ kind }) => kind === "OCIRepository");
    assert.ok(source);
    const name = "as-in-production";
    await tenant.applied(await tenant.push({ ...source, metadata: { ...source.metadata, name } }));
    const { status } = await tenant.flux.waitFor(tenant.own("OCIRepository", name), isReady);
    assert.match(status?.artifact?.revision ?? "", /^1\.0\.0@sha256:/);
  });

  it("cannot bring a workload past the admission policies: a newer version without limits leaves what runs", async () => {
    await publishChart(stack.sandbox, "app", "1.1.0-rc.2", { resources: {} });
    await tenant.flux.reconcileNow(tenant.own("OCIRepository", "app"));
    const { status } = await tenant.flux.waitFor(
      tenant.own("HelmRelease", "app"),
      ({ status }) => released(status)?.status === "False",
    );
    assert.match(released(status)?.message ?? "", /set resources\.limits\.cpu and resources\.limits\.memory/);
    assert.equal(await imageThatRuns(), image("1.1.0-rc.1"));
  });

  it("costs as many requests to GitHub as one of the default kind: 11", () => {
    const template = "tenant-template-helm";
    const generated = stack.requests.filter(({ url }) => url.endsWith(`/${template}/generate`));
    // All others have the name of the repository in their path.
    const others = (name: string) =>
      stack.requests
        .filter(({ url }) => url.split(/[/?]/).includes(name))
        .map(({ method, url }) => `${method} ${url.replace(name, "NAME").replaceAll(/\/\d+/g, "/ID")}`)
        .sort();
    assert.deepEqual(others(team), others("team-search"));
    assert.equal(generated.length + others(team).length, 11, others(team).join("\n"));
  });
});
