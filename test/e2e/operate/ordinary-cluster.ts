import assert from "node:assert/strict";
import { execa } from "execa";
import { stringify } from "yaml";
import { FluxObjects, isReady } from "../../support/e2e/flux-objects.js";
import type { GitClone } from "../../support/e2e/git-clone.js";
import { chartUrl, publishChart } from "../../support/e2e/published-chart.js";
import type { TestEnvironment, TestSandbox } from "../../support/e2e/sandbox.js";
import { configMap } from "../../support/objects/configuration.js";
import { object } from "../../support/objects/object.js";
import { clusterRoleBinding } from "../../support/objects/rbac.js";
import { kustomizationFile } from "../../support/objects/repository-files.js";
import { ociRepository } from "../../support/objects/sources.js";
import { podLabels, podSpec } from "../../support/objects/workloads.js";

/** The tenants of the cluster. Each has its namespace, repository, source and sync of this name. */
export const ordinaryTenants = ["shop", "search"] as const;

/** The folder of the platform's repository that its sync applies. */
export const bootstrapFolder = "clusters/staging";

const controllers = ["source-controller", "kustomize-controller", "helm-controller", "notification-controller"];
const credential = "git-credential";

/** A HelmRelease that was applied by hand, of a chart with a Deployment of its name. */
export const ordinaryRelease = { kind: "HelmRelease", namespace: "search", name: "cache" } as const;

/** A cluster that was set up the ordinary way, without anything of this project. */
export interface OrdinaryCluster {
  /** A clone of the platform's repository. */
  readonly platform: GitClone;
  /** Clones of the tenants' repositories, by name. */
  readonly tenants: ReadonlyMap<string, GitClone>;
}

/**
 * Sets a cluster up the way that the flux CLI does: its own install manifests in the platform's repository, which a root
 * sync applies; each tenant with a source and a sync in its namespace, applied with the controller's rights; a HelmRelease without an
 * account; and a binding that gives a tenant's account the whole cluster.
 */
export async function setUpOrdinary(sandbox: TestSandbox, environment: TestEnvironment): Promise<OrdinaryCluster> {
  const github = await sandbox.github();
  for (const name of ["platform", ...ordinaryTenants]) {
    const { status } = await github.api("POST", "orgs/:owner/repos", { name, private: true, auto_init: true });
    assert.equal(status, 201);
  }
  const clones = new Map<string, GitClone>();
  for (const name of ordinaryTenants) {
    const clone = await sandbox.clone(name);
    await clone.commitAndPush("Deploy the application", tenantContent(name));
    clones.set(name, clone);
  }
  await publishChart(sandbox, ordinaryRelease.name, "1.0.0");
  const release = await installFlux(environment);
  await createObjects(environment);
  const platform = await sandbox.clone("platform");
  const sync = syncOf("flux-system", "flux-system", urlOf(environment, "platform"), `./${bootstrapFolder}`);
  await platform.commitAndPush("Bootstrap", bootstrapFiles(environment, release, sync));
  await kubectl(environment, sync, "apply", "--server-side", "--field-manager=flux", "--filename=-");
  await ordinaryReady(environment);
  return { platform, tenants: clones };
}

function kubectl({ variables }: TestEnvironment, input: string, ...args: readonly string[]) {
  return execa("kubectl", args, { env: variables, input });
}

/** Installs Flux as its CLI does. @returns the manifests */
async function installFlux(environment: TestEnvironment): Promise<string> {
  const { stdout: release } = await execa("flux", ["install", "--export"], { env: environment.variables });
  await kubectl(environment, release, "apply", "--server-side", "--field-manager=flux", "--filename=-");
  for (const name of controllers) {
    await kubectl(
      environment,
      "",
      "--namespace=flux-system",
      "rollout",
      "status",
      `deployment/${name}`,
      "--timeout=180s",
    );
  }
  return release;
}

/** Creates the objects that people make by hand: credentials of Git, a HelmRelease, and the rogue binding. */
async function createObjects(environment: TestEnvironment): Promise<void> {
  const { GITHUB_TOKEN = "" } = environment.variables;
  const stringData = { username: "git", password: GITHUB_TOKEN };
  const objects = [
    ...ordinaryTenants.map((name) => object("Namespace", { name })),
    ...["flux-system", ...ordinaryTenants].map((namespace) => {
      return object("Secret", { name: credential, namespace }, { stringData });
    }),
    ...releaseObjects(),
    clusterRoleBinding({ name: "rogue" }, "cluster-admin", {
      kind: "ServiceAccount",
      name: "default",
      namespace: "search",
    }),
  ];
  await kubectl(environment, objects.map((one) => stringify(one)).join("---\n"), "apply", "--filename=-");
}

/** A chart, and its release as `flux create` writes it: helm-controller installs it with its own rights. */
function releaseObjects() {
  const { namespace, name } = ordinaryRelease;
  const chartRef = { kind: "OCIRepository", name };
  return [
    ociRepository({ namespace, name }, chartUrl(name), { ref: { semver: "1.x" } }),
    object("HelmRelease", { namespace, name }, { spec: { interval: "10m0s", chartRef } }),
  ];
}

/** The files of the platform's repository, in the layout of `flux bootstrap`. */
function bootstrapFiles(environment: TestEnvironment, release: string, sync: string): Readonly<Record<string, string>> {
  const tenants = ordinaryTenants.map((name) => {
    return `${stringify(object("Namespace", { name }))}---\n${syncOf(name, name, urlOf(environment, name), "./deploy")}`;
  });
  return {
    [`${bootstrapFolder}/kustomization.yaml`]: kustomizationFile({ resources: ["flux-system", "tenants.yaml"] }),
    [`${bootstrapFolder}/flux-system/kustomization.yaml`]: kustomizationFile({
      resources: ["gotk-components.yaml", "gotk-sync.yaml"],
    }),
    [`${bootstrapFolder}/flux-system/gotk-components.yaml`]: release,
    [`${bootstrapFolder}/flux-system/gotk-sync.yaml`]: sync,
    [`${bootstrapFolder}/tenants.yaml`]: tenants.join("---\n"),
  };
}

/** Waits until the root sync, those of the tenants and the release are Ready. */
export async function ordinaryReady(environment: TestEnvironment): Promise<void> {
  const flux = new FluxObjects(environment.kubernetes);
  for (const name of ["flux-system", ...ordinaryTenants]) {
    await flux.waitFor({ kind: "Kustomization", namespace: name, name }, isReady);
  }
  await flux.waitFor(ordinaryRelease, isReady);
}

const misplaced = { namespace: "flux-system", name: "shop-roles" };

/**
 * Creates a sync in Flux's namespace from a tenant's repository, as an administrator did for its cluster-wide objects. It is suspended,
 * and has applied nothing.
 */
export async function addMisplacedSync(environment: TestEnvironment): Promise<void> {
  const source = object("GitRepository", misplaced, {
    spec: { interval: "1h", url: urlOf(environment, "shop"), ref: { branch: "main" }, suspend: true },
  });
  const sourceRef = { kind: "GitRepository", name: misplaced.name };
  const sync = object("Kustomization", misplaced, {
    spec: { interval: "1h", path: "./roles", prune: true, suspend: true, sourceRef },
  });
  const text = [source, sync].map((one) => stringify(one)).join("---\n");
  await kubectl(environment, text, "apply", "--server-side", "--field-manager=flux", "--filename=-");
}

/** Deletes the sync of {@link addMisplacedSync} with its source. */
export async function removeMisplacedSync(environment: TestEnvironment): Promise<void> {
  for (const kind of ["kustomization.kustomize.toolkit.fluxcd.io", "gitrepository.source.toolkit.fluxcd.io"]) {
    await kubectl(environment, "", "--namespace=flux-system", "delete", `${kind}/${misplaced.name}`);
  }
}

function urlOf({ variables }: TestEnvironment, repository: string): string {
  return `${variables.GITHUB_BASE_URL}${variables.GITHUB_OWNER}/${repository}.git`;
}

/** A source and its sync, as `flux create` writes them: without a service account. */
function syncOf(namespace: string, name: string, url: string, path: string): string {
  const source = object(
    "GitRepository",
    { namespace, name },
    { spec: { interval: "1m0s", url, ref: { branch: "main" }, secretRef: { name: credential } } },
  );
  const spec = {
    interval: "10m0s",
    path,
    prune: true,
    sourceRef: { kind: "GitRepository", name },
    ...(namespace !== "flux-system" && { targetNamespace: namespace, timeout: "2m0s", wait: true }),
  };
  return `${stringify(source)}---\n${stringify(object("Kustomization", { namespace, name }, { spec }))}`;
}

function tenantContent(name: string): Readonly<Record<string, string>> {
  const metadata = { name: "app" };
  const template = { metadata: { labels: podLabels(metadata) }, spec: podSpec() };
  const spec = { replicas: 2, selector: { matchLabels: podLabels(metadata) }, template };
  return {
    "deploy/kustomization.yaml": kustomizationFile({ resources: ["app.yaml", "settings.yaml"] }),
    "deploy/app.yaml": stringify(object("Deployment", metadata, { spec })),
    "deploy/settings.yaml": stringify(configMap({ name: "settings" }, { of: name })),
  };
}
