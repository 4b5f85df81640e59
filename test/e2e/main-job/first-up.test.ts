import assert from "node:assert/strict";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CoreV1Api } from "@kubernetes/client-node";
import { parse } from "yaml";
import { editYaml } from "../../support/e2e/edit-yaml.js";
import type { Emulator, RequestReport } from "../../support/e2e/emulator.js";
import { FluxObjects } from "../../support/e2e/flux-objects.js";
import { copyProgram } from "../../support/e2e/program-copy.js";
import { sharedSandbox, type TestEnvironment, type TestSandbox } from "../../support/e2e/sandbox.js";
import { clearTexts, type Disclosure, privateKeyTexts } from "../../support/e2e/secrets.js";
import { fixtures } from "../../support/fixtures.js";

/** The tenants of the staging stack: name → namespace. */
const namespaces = { "team-payments": "payments", "team-search": "team-search" };
const tenants = Object.keys(namespaces);

/** With its preview, as people run it: that counts in what it prints and asks for. */
const plainUp = ["up", "--yes"];

/**
 * From nothing to a stack that is up, and what repeating it costs. The other files of this folder use the same sandbox
 * and come after it (main-job.ts).
 */
describe("main job: the first pulumi up, and the ones after it", function () {
  this.timeout(30 * 60_000);
  let sandbox: TestSandbox;
  let staging: TestEnvironment;
  let github: Emulator;
  /** The first `pulumi up`. */
  let first: Run;
  /** A detailed preview after it. */
  let preview: Run;
  before(async () => {
    sandbox = await sharedSandbox();
    staging = await sandbox.environment();
    github = await sandbox.github();
    assert.deepEqual(await staging.engine.resources(), [], "another file of this process was up before");
    first = await run(plainUp);
    preview = await run(["preview", "--diff", "--expect-no-changes"]);
  });

  /** Runs the engine, and counts the requests to GitHub. */
  async function run(args: readonly string[], cwd?: string): Promise<Run> {
    await github.resetRequests();
    const { all } = await staging.engine.succeed(args, cwd === undefined ? {} : { cwd });
    return { text: all, requests: await github.requests() };
  }

  it("had the platform's infrastructure Ready before there was anything of a tenant", async () => {
    const flux = new FluxObjects(staging.kubernetes);
    const infrastructure = await flux.get({ kind: "Kustomization", namespace: "flux-system", name: "infrastructure" });
    const success = infrastructure.status?.history?.filter(
      ({ lastReconciledStatus }) => lastReconciledStatus === "ReconciliationSucceeded",
    );
    const [readyAt] = (success ?? []).map(({ firstReconciled }) => Date.parse(firstReconciled)).sort((a, b) => a - b);
    assert.ok(readyAt, `the infrastructure was never Ready: ${JSON.stringify(infrastructure.status)}`);
    for (const [name, namespace] of Object.entries(namespaces)) {
      for (const kind of ["GitRepository", "Kustomization"] as const) {
        const { metadata } = await flux.get({ kind, namespace, name });
        assert.ok(Date.parse(metadata.creationTimestamp) >= readyAt, `${kind} of ${name} was there first`);
      }
    }
  });

  it("told Flux what differs from cluster to cluster: a platform manifest has this stack's values", async () => {
    const core = staging.kubernetes.client(CoreV1Api);
    const { data } = await core.readNamespacedConfigMap({ namespace: "platform", name: "cluster-info" });
    const settings = parse(await readFile(join(fixtures, "Pulumi.staging.yaml"), "utf8")) as StackFile;
    const { region } = settings.config["fleet:variables"];
    assert.ok(region);
    assert.deepEqual(data, { cluster: "staging", stack: "staging", region });
  });

  for (const name of tenants) {
    it(`makes at most 25 resources for ${name}`, async () => {
      const { resources } = JSON.parse(await staging.engine.exportText()).deployment as { resources: Owned[] };
      const root = resources.find(({ urn }) => urn.endsWith(`fleet:tenant:Tenant::${name}`));
      const parents = new Map(resources.map(({ urn, parent }) => [urn, parent]));
      const within = (urn: string | undefined): boolean =>
        urn !== undefined && (urn === root?.urn || within(parents.get(urn)));
      const own = resources.filter(({ urn }) => within(urn));
      // Fewer than these would mean that this test looks for the wrong ones.
      assert.ok(own.length >= 10 && own.length <= 25, own.map(({ urn }) => urn).join("\n"));
    });

    it(`asks at most 16 things of GitHub for ${name}`, () => {
      const { requests } = first.requests;
      const path = new RegExp(`/repos/[^/]+/${name}(?=[/?]|$)`);
      const about = requests.filter(({ url }) => path.test(url)).map(({ method, url }) => `${method} ${url}`);
      // The request that makes a repository names the template's.
      const made = requests.filter(({ method, url }) => method === "POST" && url.endsWith("/generate"));
      assert.equal(made.length, tenants.length);
      assert.ok(about.length > 0 && about.length + 1 <= 16, about.join("\n"));
    });
  }

  it("would find a key that is shown in clear text, or in base64 as in a Secret", async () => {
    const secrets = await disclosures();
    const { stdout } = await staging.engine.succeed(["stack", "export", "--show-secrets"]);
    const key = "privateKeyOpenssh of ";
    assert.ok(clearTexts(stdout, secrets).some((what) => what.startsWith(key)));
    for (const namespace of Object.values(namespaces)) {
      const secret = await staging.kubernetes.client(CoreV1Api).readNamespacedSecret({ namespace, name: "tenant-git" });
      assert.ok(clearTexts(secret.data?.identity ?? "", secrets).some((what) => what.startsWith(key)));
    }
  });

  it("prints no private key and no token, neither in up nor in a detailed preview", async () => {
    const secrets = await disclosures();
    assert.deepEqual(clearTexts(first.text, secrets), []);
    assert.deepEqual(clearTexts(preview.text, secrets), []);
  });

  it("keeps no private key, token or kubeconfig in clear text in the state", async () => {
    const state = await staging.engine.exportText();
    const { KUBECONFIG = "" } = staging.variables;
    assert.ok(KUBECONFIG);
    assert.deepEqual(
      clearTexts(state, [...(await disclosures()), { what: "kubeconfig's path", text: KUBECONFIG }]),
      [],
    );
  });

  it("changes nothing when it is repeated, and writes nothing to GitHub", async () => {
    const { text, requests } = await run([...plainUp, "--skip-preview"]);
    assert.match(text, /Resources:\n\s+\d+ unchanged\n/);
    assert.equal(requests.writes, 0);
  });

  it("asks at most 5 things of GitHub for a preview without changes, and none of them of a tenant's repository", () => {
    const { total, writes, requests } = preview.requests;
    const list = requests.map(({ method, url }) => `${method} ${url}`);
    assert.ok(total <= 5, list.join("\n"));
    assert.equal(writes, 0);
    assert.deepEqual(
      list.filter((request) => request.includes("/team-")),
      [],
    );
  });

  it("asks no more of GitHub for a preview without changes when there are four more tenants", async () => {
    const cwd = await copyProgram(await sandbox.scratch("program"));
    const added = new Map<string, string>();
    for (const name of ["team-a", "team-b", "team-c", "team-d"]) {
      added.set(`stacks/base/tenants/${name}.yaml`, `name: ${name}\ndescription: One more team\n`);
      for (const stack of ["staging", "prod-eu"]) added.set(`stacks/${stack}/tenants/${name}.yaml`, "{}\n");
    }
    for (const [file, content] of added) await writeFile(join(cwd, file), content);
    await staging.engine.up({ cwd });
    const { requests } = await run(["preview", "--expect-no-changes"], cwd);
    assert.equal(requests.total, preview.requests.total);

    // The other tests find no trace of them but archived repositories.
    await Promise.all([...added.keys()].map((file) => rm(join(cwd, file))));
    await editYaml(join(cwd, "Pulumi.staging.yaml"), (document) => {
      document.setIn(["config", "fleet:unreadableStacks"], { "prod-eu": "The test updates no other stack" });
    });
    await staging.engine.up({ cwd });
    await staging.engine.up({ cwd });
  });

  /** All that must be nowhere in clear text. */
  async function disclosures(): Promise<Disclosure[]> {
    const { stdout } = await staging.engine.succeed(["stack", "export", "--show-secrets"]);
    const keys = privateKeyTexts(stdout);
    const pairs = new Set(keys.map(({ what }) => what));
    assert.ok(pairs.size >= 3, "the platform and each tenant have a key");
    const { GITHUB_TOKEN = "" } = staging.variables;
    assert.ok(GITHUB_TOKEN);
    return [...keys, { what: "token", text: GITHUB_TOKEN }];
  }
});

/** A run of the engine: its output, and its requests to GitHub. */
interface Run {
  readonly text: string;
  readonly requests: RequestReport;
}

/** A stack's settings, as far as they are looked at here. */
interface StackFile {
  readonly config: { readonly "fleet:variables": Readonly<Record<string, string>> };
}

/** A resource in the state, with what it belongs to. */
interface Owned {
  readonly urn: string;
  readonly parent?: string;
}
