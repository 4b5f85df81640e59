import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sandboxEnvironment, status } from "@fleet/sandbox";
import { allGone, processesOf } from "@fleet/sandbox/test/processes";
import { environmentParts } from "@fleet/sandbox/toolchain/wanted-parts";
import { execa } from "execa";
import { type ChartRegistries, startChartRegistries } from "../../support/e2e/chart-registries.js";
import { fluxMetrics } from "../../support/e2e/flux-metrics.js";
import { MetricsServer } from "../../support/e2e/metrics-server.js";
import { PartCache } from "../../support/e2e/part-cache.js";
import { copyCheckout } from "../../support/e2e/program-copy.js";
import { editYaml } from "../../support/e2e/program-settings.js";
import { WebServer } from "../../support/e2e/web-server.js";
import { fixtures } from "../../support/fixtures.js";
import { controllerMetrics } from "../../support/promql.js";
import { chartLockCases } from "./chart-lock-cases.js";
import { engineLockCases } from "./engine-lock-cases.js";
import { infrastructureCases } from "./infrastructure-cases.js";
import { successRateIn } from "./infrastructure-objects.js";
import { optionalPartsCases } from "./optional-parts-cases.js";

describe("npm start, and npm run stop", () => {
  let scratch: string;
  let stateDirectory: string;
  /** A checkout whose stacks are those of the fixtures. */
  let checkout: string;
  /** At first it has the parts of a stack and no others. A part that it lacked would be built into it. */
  let cache: PartCache;
  let chat: WebServer;
  let metrics: MetricsServer;
  let registries: ChartRegistries;
  /** A folder for the clone of a tenant's repository. */
  let folder: string;

  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), "fleet-e2e-start-"));
    stateDirectory = join(scratch, "state");
    checkout = await copyCheckout(join(scratch, "checkout"));
    chat = await WebServer.start();
    metrics = await MetricsServer.start(successRateIn);
    registries = await startChartRegistries(stateDirectory, await mkdtemp(join(scratch, "registries-")));
    await addCharts();
    await offerAddons();
    folder = await mkdtemp(join(scratch, "infrastructure-"));
    cache = await PartCache.create();
    await cache.add(environmentParts());
  });
  after(async () => {
    await npm("run", "stop");
    await cache.end();
    await registries.stop();
    await metrics.end();
    await chat.end();
    await rm(scratch, { recursive: true, force: true });
  });

  /** Adds charts to the infrastructure of the checkout, by one line as for any part. */
  async function addCharts(): Promise<void> {
    const infrastructure = join(checkout, "fleet", "infrastructure");
    await cp(join(fixtures, "charts"), join(infrastructure, "charts"), { recursive: true });
    const file = join(infrastructure, "staging", "kustomization.yaml");
    await writeFile(file, `${await readFile(file, "utf8")}  - ../charts\n`);
  }

  /** Has the stack offer what the charts bring, and a tenant ask for it. */
  async function offerAddons(): Promise<void> {
    await editYaml(checkout, "Pulumi.staging.yaml", [
      [["config", "fleet:addons"], { "cert-manager": { shared: ["ClusterIssuer/platform"] }, flagger: {} }],
      [["config", "fleet:variables", "metrics_server"], metrics.url],
      // The chat is a server of this machine.
      [["config", "fleet:secretAddresses"], "any"],
    ]);
    await editYaml(checkout, "stacks/base/tenants/team-payments.yaml", [
      [["addons"], ["cert-manager", "flagger"]],
      [["hosts"], ["shop.payments.example.com"]],
    ]);
  }

  /** A newcomer's command, without a terminal. */
  function npm(...args: string[]) {
    return execa("npm", args, {
      cwd: checkout,
      // The memory that the README names is that of a newcomer's sandbox, not of the tests' (global.ts).
      env: { FLEET_SANDBOX_DIR: stateDirectory, FLEET_TOOLCHAIN_CACHE: cache.directory, GOGC: undefined },
      stdin: "ignore",
      all: true,
      reject: false,
    });
  }

  /**
   * A newcomer's shell in the checkout. npx finds a registry nowhere: it has to take the checkout's own command.
   * @returns what the commands say
   */
  async function shell(folder: string, commands: readonly string[]): Promise<string> {
    const { PATH, HOME } = process.env;
    const { exitCode, all } = await execa("sh", ["-ec", commands.join("\n")], {
      cwd: checkout,
      env: {
        PATH,
        HOME,
        FLEET_SANDBOX_DIR: stateDirectory,
        npm_config_registry: "http://127.0.0.1:1/",
        npm_config_cache: join(folder, "npm"),
      },
      extendEnv: false,
      stdin: "ignore",
      all: true,
      reject: false,
    });
    assert.equal(exitCode, 0, all);
    return all;
  }

  /** The files that the engine could have written to. */
  function settings(): Promise<string[]> {
    const files = ["Pulumi.yaml", "Pulumi.staging.yaml", "Pulumi.prod-eu.yaml"];
    return Promise.all(files.map((file) => readFile(join(checkout, file), "utf8")));
  }

  /** `fleet lock charts` beside the registries, as a command of a shell. */
  const lock = () => {
    const variables = Object.entries(registries.variables).map(([name, value]) => `${name}='${value}'`);
    return `${variables.join(" ")} node cli/fleet.mjs lock charts`;
  };

  it("locks the charts of fleet/ by the digests of their registries, and says where Flux verifies none", async () => {
    const said = await shell(scratch, [lock(), `${lock()} --check`]);
    assert.match(said, /^oci:\/\/quay\.io\/jetstack\/charts\/cert-manager v1\.21\.2 sha256:[0-9a-f]{64}$/m);
    assert.match(said, /Wrote fleet\/infrastructure\/charts\/cert-manager\.yaml, .*metrics-server\.yaml\./);
    assert.match(said, /Flux does not verify the digest of HelmRelease metrics-server/);
    assert.match(said, /^3 charts are each in fleet\/ as its registry has it\.$/m);
  }).timeout(180_000);

  it("brings up the environment with every tenant Ready, and leaves the checkout unchanged", async () => {
    const before = await settings();
    const { exitCode, all } = await npm("start");
    assert.equal(exitCode, 0, all);
    for (const [tenant, namespace] of [
      ["team-payments", "payments"],
      ["team-search", "team-search"],
    ]) {
      assert.match(all, new RegExp(`│ ${tenant} +│ acme/${tenant} +│ ${namespace} +│ main@sha1:[0-9a-f]{8} +│ True`));
    }
    assert.match(all, /npm run stop/);
    assert.deepEqual(await cache.parts(), [...environmentParts()].sort(), "it built parts that it does not need");
    // Its progress says how many there are in all, and comes to an end there.
    const [, made] = /unmodified: \+ (\d+) created/.exec(all) ?? [];
    const counts = [...all.matchAll(/ (\d+) of (\d+), [0-9a-z ]+: \S+ \S+ created$/gm)];
    assert.deepEqual([...new Set(counts.map(([, , total]) => total))], [made], all);
    assert.equal(counts.at(-1)?.[1], made, all);
    // The engine prints nothing during its preview; the command says that it runs.
    assert.match(all, /preview, \d+ s: (?:no|\d+) changes? so far/);
    assert.deepEqual(await settings(), before);
  }).timeout(600_000);

  it("lets a newcomer look around by hand, in the words of the README", async () => {
    const before = await settings();
    // As if it was built at its first run.
    await cache.add(["flux"]);
    const folder = await mkdtemp(join(scratch, "by-hand-"));
    const said = await shell(folder, [
      'eval "$(npx fleet sandbox env staging)"',
      "pulumi preview --expect-no-changes",
      "kubectl get namespaces",
      "flux check",
      "flux get kustomizations --all-namespaces",
      "flux get all --all-namespaces",
      `cd '${folder}'`,
      `git clone "\${GITHUB_BASE_URL}acme/team-payments.git"`,
      "git -C team-payments log --format='%H is cloned'",
    ]);
    assert.match(said, /^Resources:\n\s+\d+ unchanged$/m);
    for (const namespace of ["flux-system", "payments", "team-search"]) {
      assert.match(said, new RegExp(`^${namespace} +Active `, "m"));
    }
    assert.match(said, /all checks passed/);
    const revision = "main@sha1:[0-9a-f]{8}";
    // Each time that kustomize-controller comes by, once a minute, it says Unknown for a moment.
    const state = "(?:True|Unknown)";
    const [, applied] =
      new RegExp(`^payments\\s+team-payments\\s+(${revision})\\s+False\\s+${state}`, "m").exec(said) ?? [];
    assert.ok(applied, said);
    for (const kind of ["gitrepository", "kustomization"]) {
      assert.match(said, new RegExp(`^payments\\s+${kind}/team-payments\\s+${applied}\\s+False\\s+${state}`, "m"));
    }
    assert.match(said, new RegExp(`^${applied.replace("main@sha1:", "")}[0-9a-f]{32} is cloned$`, "m"));
    assert.deepEqual(await settings(), before);
  }).timeout(300_000);

  it("has installed upstream's charts from the registries that fleet/ names", async () => {
    const said = await shell(scratch, [
      'eval "$(npx fleet sandbox env staging)"',
      "kubectl --namespace flux-system get helmreleases --no-headers",
      "kubectl --namespace flux-system get ocirepository cert-manager --output jsonpath='{.spec.url}{\"\\n\"}'",
      "kubectl get customresourcedefinitions certificates.cert-manager.io --output name",
      "kubectl --namespace cert-manager get deployments --no-headers",
      "kubectl --namespace metrics-server get deployments --no-headers",
    ]);
    for (const [release, version] of [
      ["cert-manager", "1\\.21\\.2"],
      ["metrics-server", "3\\.13\\.1"],
    ]) {
      assert.match(said, new RegExp(`^${release} +\\S+ +True +.* chart ${release}@${version}`, "m"));
      assert.match(said, new RegExp(`^${release} +1/1 `, "m"));
    }
    assert.match(said, /^oci:\/\/quay\.io\/jetstack\/charts\/cert-manager$/m);
    assert.match(said, /certificates\.cert-manager\.io$/m);
  }).timeout(300_000);

  chartLockCases(() => ({
    checkout,
    stateDirectory,
    lock: lock(),
    shell: (commands) => shell(scratch, ['eval "$(npx fleet sandbox env staging)"', ...commands]),
  }));

  infrastructureCases(() => ({
    folder,
    chat,
    shell: (commands) => shell(scratch, ['eval "$(npx fleet sandbox env staging)"', ...commands]),
  }));

  it("has Flux's controllers export each metric that the alerts and the dashboard of fleet/ ask for", async () => {
    const answers = [...(await fluxMetrics(stateDirectory)).values()];
    assert.ok(answers.length >= 4, `${answers.length} controllers`);
    for (const metric of controllerMetrics) {
      assert.ok(
        answers.some((text) => new RegExp(`^${metric}(?:\\{| )`, "m").test(text)),
        metric,
      );
    }
    // The labels by which the queries group. Prometheus itself adds the pod.
    const all = answers.join("\n");
    assert.match(all, /^controller_runtime_reconcile_errors_total\{[^}]*controller="/m);
    assert.match(all, /^gotk_reconcile_duration_seconds_bucket\{[^}]*kind="[^}]*le="/m);
  });

  it("changes nothing the second time", async () => {
    const { exitCode, all } = await npm("start");
    assert.equal(exitCode, 0, all);
    assert.match(all, /unmodified: \d+ unchanged \[/);
    assert.match(all, /environment-staging runs already/);
  }).timeout(300_000);

  engineLockCases(() => ({ scratch, stateDirectory, start: () => npm("start") }));

  it("stays within the memory that the README names: 1.8 GB", async () => {
    const { memory } = await status(stateDirectory);
    assert.ok(memory < 1.8e9, `${Math.round(memory / 2 ** 20)} MiB`);
  });

  optionalPartsCases(async () => ({
    folder: scratch,
    variables: await sandboxEnvironment({ stack: "staging", stateDirectory, environment: process.env }),
  }));

  it("ends everything that it started", async () => {
    const processes = await processesOf(stateDirectory);
    assert.ok(processes.length > 7);
    const { exitCode, all } = await npm("run", "stop");
    assert.equal(exitCode, 0, all);
    await allGone(processes, 10_000);
  }).timeout(120_000);
});
