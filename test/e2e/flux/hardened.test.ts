import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { startControlPlane } from "@fleet/sandbox/control-plane";
import { startFluxRunner } from "@fleet/sandbox/flux-runner";
import { startGitHub } from "@fleet/sandbox/github";
import { ensureToolchain, type Toolchain } from "@fleet/sandbox/toolchain";
import { execa } from "execa";
import pWaitFor from "p-wait-for";
import { EXTRA_COMPONENTS } from "../../../config/stack/controllers.js";
import { harden } from "../../../flux/harden/harden.js";
import { lockedVersion, readLock } from "../../../flux/release/lock.js";
import { loadManifest } from "../../../flux/release/manifest.js";
import { type KubernetesObject, typeOf } from "../../../lib/kubernetes/object.js";
import { waitFor } from "../../support/e2e/wait-for.js";
import { fluxVersion as version } from "../../support/flux-version.js";
import { configMap, secret, serviceAccount } from "../../support/objects/configuration.js";
import { object } from "../../support/objects/object.js";
import { account as accountOf, roleBinding } from "../../support/objects/rbac.js";
import { chartFiles, configMapFile } from "../../support/objects/repository-files.js";
import { gitRepository, gitSource } from "../../support/objects/sources.js";
import {
  chartTemplate,
  helmRelease as helmReleaseOf,
  kustomization as kustomizationOf,
} from "../../support/objects/syncs.js";
import { fleetSpec } from "../../support/unit/spec.js";
import { accessReviews, asText, kindsOf, type Question } from "./access-reviews.js";

const root = join(import.meta.dirname, "../../..");
const token = "token-of-the-test";

/**
 * The hardened objects, applied as they are to a real API server and started with the real controllers: every flag is
 * one that its controller knows, the flux CLI recognises the installation, and what the hardening takes away is not
 * missed. The program around them has its own tests.
 */
describe("hardened Flux on real parts", function () {
  this.timeout(90 * 60_000);
  const undo: (() => Promise<unknown>)[] = [];
  let toolchain: Toolchain;
  let kubeconfig = "";
  let cloneUrl = "";

  const run = async (command: string, args: readonly string[], input?: string) => {
    const options = { env: { KUBECONFIG: kubeconfig }, all: true, reject: false, ...(input ? { input } : {}) } as const;
    const { all, exitCode } = await execa(join(toolchain.bin, command), args, options);
    return { text: all ?? "", ok: exitCode === 0 };
  };
  const must = async (command: string, args: readonly string[], input?: string) => {
    const { text, ok } = await run(command, args, input);
    assert.ok(ok, `${command} ${args.join(" ")}: ${text}`);
    return text;
  };
  const apply = (objects: readonly KubernetesObject[]) =>
    must(
      "kubectl",
      ["apply", "--server-side", "--force-conflicts", "-f", "-"],
      JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }),
    );

  before(async () => {
    toolchain = await ensureToolchain();
    const dir = await mkdtemp(join(tmpdir(), "fleet-flux-e2e-"));
    undo.push(() => rm(dir, { recursive: true, force: true }));
    const { bin, manifests } = toolchain;
    const controlPlane = await startControlPlane({ dir: join(dir, "control-plane"), bin, name: "flux-e2e" });
    undo.push(() => controlPlane.stop());
    kubeconfig = controlPlane.kubeconfig;
    const runner = await startFluxRunner({ kubeconfig, bin, dir: join(dir, "runner") });
    undo.push(() => runner.stop());
    const github = await startGitHub({ dir: join(dir, "github"), owner: "acme", token });
    undo.push(() => github.stop());
    cloneUrl = await pushTenant(github.url, join(dir, "clone"));

    const lock = lockedVersion(readLock(root), version);
    const settings = { ...fleetSpec().flux, version, extraComponents: EXTRA_COMPONENTS };
    const objects = harden(await loadManifest({ version, entry: lock, directory: manifests }), {
      settings,
      lock,
      stack: "staging",
    });
    // Kubernetes serves a new kind some moments after it was applied.
    await apply(objects.filter((object) => ["v1/Namespace", crd].includes(typeOf(object))));
    // kubectl gives up at once on a new kind that has no conditions yet (kubernetes#66439).
    await waitFor(
      async () => {
        await must("kubectl", ["wait", "crd", "--all", "--for=condition=Established", "--timeout=60s"]);
        return true;
      },
      { describe: () => "the kinds are not served" },
    );
    await apply(objects);
    await must("kubectl", [
      "wait",
      "deployment",
      "--all",
      "-n",
      "flux-system",
      "--for=condition=Available",
      "--timeout=120s",
    ]);
  });

  after(async () => {
    for (const step of undo.reverse()) await step();
  });

  it("is recognised by flux check, with its version, controllers and CRDs", async () => {
    const text = await must("flux", ["check", "--components-extra", EXTRA_COMPONENTS.join()]);
    assert.match(text, /distribution: flux-v2\.9\.2/);
    assert.match(text, /all checks passed/);
    for (const name of ["source", "kustomize", "helm", "notification", "image-reflector", "image-automation"]) {
      assert.match(text, new RegExp(`${name}-controller: deployment ready`));
    }
  });

  it("tells flux version the controllers by name and tag, though images are pinned by digest", async () => {
    const text = await must("flux", ["version"]);
    assert.match(text, /^source-controller: v1\.9\.3@sha256:[0-9a-f]{64}$/m);
    assert.match(text, /^distribution: flux-v2\.9\.2$/m);
  });

  it("refuses, by the API server, a pod in its namespace that is not restricted", async () => {
    const { text, ok } = await run("kubectl", ["run", "shell", "-n", "flux-system", "--image=registry.example.com/sh"]);
    assert.equal(ok, false);
    assert.match(text, /violates PodSecurity "restricted:latest"/);
  });

  it("gives the holder of admin in a namespace sight of Flux's kinds, and no more", async () => {
    await tenant();
    const can = async (verb: string, account: string) =>
      (await run("kubectl", ["auth", "can-i", verb, kustomizations, "-n", "team", "--as", account])).ok;
    assert.equal(await can("list", "system:serviceaccount:team:owner"), true);
    for (const verb of ["create", "update", "patch", "delete"]) {
      assert.equal(await can(verb, "system:serviceaccount:team:owner"), false, verb);
    }
  });

  it("gives no controller a right of its own to deploy, to make a sync, or to take another's token", async () => {
    const questions = Object.keys(kindsOf).flatMap((account) =>
      [
        ["create", "deployments.apps"],
        ["create", "clusterrolebindings.rbac.authorization.k8s.io"],
        ["create", "secrets"],
        ["create", "configmaps"],
        ["create", "serviceaccounts/token"],
        ["create", kustomizations],
        ["delete", kustomizations],
        ["create", helmReleases],
        ["create", "gitrepositories.source.toolkit.fluxcd.io"],
      ].flatMap(([verb = "", resource = ""]) =>
        ["team", "kube-system", "flux-system"].map((namespace) => ({ account, verb, resource, namespace })),
      ),
    );
    assert.deepEqual(await allowed(questions), []);
  });

  it("lets each controller write its own kinds, and of another's only what it is there for", async () => {
    const kinds = Object.entries(kindsOf).flatMap(([owner, names]) => names.map((kind) => ({ owner, kind })));
    const asked = Object.keys(kindsOf).flatMap((account) => [
      ...kinds.flatMap(({ owner, kind }) => {
        const makes = account === "helm-controller" && kind.startsWith("helmcharts.");
        return [
          { verb: "patch", resource: kind, may: owner === account || makes || account === "notification-controller" },
          { verb: "create", resource: kind, may: makes },
          { verb: "patch", resource: kind.replace(/\.(.*)$/, ".$1/status"), may: owner === account },
        ].map((one) => ({ ...one, account, namespace: "flux-system" }));
      }),
      { account, verb: "update", resource: "leases.coordination.k8s.io", namespace: "flux-system", may: true },
      { account, verb: "update", resource: "leases.coordination.k8s.io", namespace: "kube-system", may: false },
    ]);
    assert.deepEqual(await allowed(asked), asked.filter(({ may }) => may).map(asText));
  });

  it("deploys for a tenant, by Kustomization and by HelmRelease, as the account that they name", async () => {
    await tenant();
    await apply([kustomization("good", "owner"), helmRelease("good", "owner")]);
    const wait = ["wait", "-n", "team", "--for=condition=Ready", "--timeout=90s"];
    await must("kubectl", [...wait, "kustomizations.kustomize.toolkit.fluxcd.io/good", `${helmReleases}/good`]);
    await must("kubectl", ["get", "configmap", "from-kustomize", "from-helm", "-n", "team"]);
  });

  it("deploys nothing for an object that names no account, and says why in its status", async () => {
    await tenant();
    await apply([kustomization("nobody"), helmRelease("nobody")]);
    for (const kind of [kustomizations, helmReleases]) {
      const message = [
        "get",
        `${kind}/nobody`,
        "-n",
        "team",
        "-o",
        'jsonpath={.status.conditions[?(@.type=="Ready")].message}',
      ];
      await pWaitFor(async () => (await must("kubectl", message)).includes("system:serviceaccount:team:default"), {
        interval: 500,
        timeout: { milliseconds: 60_000, message: new Error(`${kind}/nobody was not refused`) },
      });
    }
  });

  it("removes what it deployed, with no right but the tenant's", async () => {
    const kinds = [kustomizations, helmReleases].join();
    await must("kubectl", ["delete", kinds, "--all", "-n", "team", "--timeout=60s"]);
    const left = await must("kubectl", ["get", "configmap", "-n", "team", "-o", "name"]);
    assert.equal(left.trim(), "configmap/kube-root-ca.crt");
  });

  /** Those of the questions whose answer is yes. */
  async function allowed(questions: readonly Question[]): Promise<string[]> {
    const input = JSON.stringify(accessReviews(questions));
    const answers = (await must("kubectl", ["create", "-f", "-", "-o", 'jsonpath={.status.allowed}{"\\n"}'], input))
      .trim()
      .split("\n");
    assert.equal(answers.length, questions.length);
    return questions.filter((_, index) => answers[index] === "true").map(asText);
  }

  /** A namespace whose owner has Kubernetes' admin there, and its source; applying it again changes nothing. */
  async function tenant(): Promise<void> {
    const account = { name: "owner", namespace: "team" };
    await apply([
      object("Namespace", { name: "team" }),
      serviceAccount(account),
      roleBinding(account, "ClusterRole/admin", accountOf("owner", "team")),
      secret({ name: "git", namespace: "team" }, { username: "git", password: token }),
      gitRepository({ name: "team", namespace: "team" }, cloneUrl, {
        ref: { branch: "main" },
        secretRef: { name: "git" },
      }),
    ]);
  }
});

const crd = "apiextensions.k8s.io/v1/CustomResourceDefinition";
const kustomizations = "kustomizations.kustomize.toolkit.fluxcd.io";
const helmReleases = "helmreleases.helm.toolkit.fluxcd.io";
const sourceRef = gitSource("team");

function kustomization(name: string, serviceAccountName?: string): KubernetesObject {
  const spec = { path: "./deploy", wait: true, targetNamespace: "team", sourceRef, serviceAccountName };
  return kustomizationOf({ name, namespace: "team" }, spec);
}

function helmRelease(name: string, serviceAccountName?: string): KubernetesObject {
  return helmReleaseOf({ name, namespace: "team" }, { chart: chartTemplate({ sourceRef }), serviceAccountName });
}

/** Makes a repository with something for Kustomize and a chart for Helm. @returns its clone URL */
async function pushTenant(url: string, directory: string): Promise<string> {
  const response = await fetch(new URL("api/v3/orgs/acme/repos", url), {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "team", private: true }),
  });
  const { clone_url: cloneUrl } = (await response.json()) as { clone_url: string };
  const pushUrl = new URL(cloneUrl);
  pushUrl.username = "git";
  pushUrl.password = token;
  const git = (...args: readonly string[]) =>
    execa("git", ["-c", "user.name=Test", "-c", "user.email=test@example.com", ...args], { cwd: directory });
  await writeFiles(directory, {
    "deploy/configmap.yaml": configMapFile("from-kustomize"),
    ...chartFiles("team", configMap({ name: "from-helm" }), "chart/"),
  });
  await git("init", "--quiet", "--initial-branch=main");
  await git("add", "--all");
  await git("commit", "--quiet", "--message=Something to deploy");
  await git("push", "--quiet", pushUrl.href, "main");
  return cloneUrl;
}

async function writeFiles(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}
