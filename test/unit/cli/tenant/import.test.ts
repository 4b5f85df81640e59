import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addImportCommand } from "../../../../cli/tenant/import.js";
import {
  auditAnswers,
  installedCluster,
  liveObject,
  readyLive,
  withObjects,
} from "../../../support/unit/audited-cluster.js";
import { soundSettings, soundTree } from "../../../support/unit/checkout-tree.js";
import { FakeClusters } from "../../../support/unit/fake-cluster-server.js";
import { older } from "../../../support/unit/lock-checkout.js";
import { runFleetWith } from "../../../support/unit/run-fleet.js";
import { readTree, writeTree } from "../../../support/unit/tree-files.js";

const quotas = "/api/v1/resourcequotas";
const url = "https://github.com/acme/payments.git";
const source = { url, ref: { branch: "main" } };
const sourceRef = { kind: "GitRepository", name: "payments" };

/** A cluster with a tenant. @param spec further fields of its sync */
function cluster(spec: object = {}, repository = source) {
  return withObjects(installedCluster(), {
    Namespace: [liveObject({ name: "payments" })],
    GitRepository: [readyLive("payments", "payments", repository)],
    Kustomization: [readyLive("payments", "payments", { sourceRef, path: "./deploy", interval: "5m", ...spec })],
  });
}

const base = "stacks/base/tenants/payments.yaml";
const overlay = "stacks/staging/tenants/payments.yaml";

describe("fleet tenant import", () => {
  let root: string;
  let clusters: FakeClusters;
  beforeEach(() => {
    clusters = new FakeClusters();
    root = mkdtempSync(join(tmpdir(), "fleet-import-"));
    const settings = { "Pulumi.staging.yaml": soundSettings(), "Pulumi.prod-eu.yaml": soundSettings() };
    writeTree(root, { ...soundTree, ...settings, "flux.lock.json": JSON.stringify({ "v2.9.2": older }) });
  });
  afterEach(async () => {
    rmSync(root, { recursive: true, force: true });
    await clusters.end();
  });

  async function importWith(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = { GITHUB_OWNER: "acme" },
  ) {
    const use = {
      environment: { ...clusters.environment(), ...environment },
      limits: { answerMs: 2000, loginMs: 2000 },
    };
    return await runFleetWith(
      (program, streams) => {
        addImportCommand(program.command("tenant"), streams, root, use);
      },
      "tenant",
      "import",
      ...args,
    );
  }
  const usual = ["--context", "prod", "--stack", "staging"] as const;

  for (const [title, args, environment, code, message] of [
    ["no context", ["--stack", "staging"], { GITHUB_OWNER: "acme" }, 2, /--context/],
    ["no stack", ["--context", "prod"], { GITHUB_OWNER: "acme" }, 2, /--stack/],
    [
      "an unknown stack",
      ["--context", "prod", "--stack", "stagin"],
      { GITHUB_OWNER: "acme" },
      2,
      /Did you mean staging/,
    ],
    [
      "an unknown context",
      ["--context", "prd", "--stack", "staging"],
      { GITHUB_OWNER: "acme" },
      3,
      /Did you mean prod/,
    ],
    ["an unknown tenant", [...usual, "--tenant", "search"], { GITHUB_OWNER: "acme" }, 2, /It has payments\./],
    ["a name that leads out of the folder", [...usual, "--tenant", "../x"], { GITHUB_OWNER: "acme" }, 2, /is invalid/],
    ["no organisation", usual, {}, 1, /GITHUB_OWNER: is not set/],
  ] as const) {
    it(`writes nothing for ${title}`, async () => {
      await clusters.add("prod", { ...auditAnswers(cluster()), [quotas]: { items: [] } });
      const before = readTree(root);
      const result = await importWith(args, environment);
      assert.deepEqual([result.code, result.out], [code, ""], result.err);
      assert.match(result.err, message);
      assert.deepEqual(readTree(root), before);
    });
  }

  it("writes nothing where a file exists, or where the files would have problems", async () => {
    await clusters.add("prod", { ...auditAnswers(cluster()), [quotas]: { items: [] } });
    writeTree(root, { [overlay]: "{}\n", [base]: "name: payments\n" });
    const before = readTree(root);
    const taken = await importWith(usual);
    assert.deepEqual([taken.code, taken.out], [1, ""]);
    assert.match(taken.err, /stacks\/base\/tenants\/payments\.yaml: exists already, so it is not written over/);
    assert.deepEqual(readTree(root), before);
  });

  it("writes nothing from a cluster that it may not read whole", async () => {
    await clusters.add("prod", { ...auditAnswers(cluster()), [quotas]: 403 });
    const before = readTree(root);
    const { code, err } = await importWith(usual);
    assert.equal(code, 3);
    assert.match(err, /^prod: its account may not list resourcequotas in all namespaces/m);
    assert.deepEqual(readTree(root), before);
  });

  it("prints the files and writes none with --dry-run", async () => {
    await clusters.add("prod", { ...auditAnswers(cluster()), [quotas]: { items: [] } });
    const before = readTree(root);
    const { code, out, err } = await importWith([...usual, "--dry-run"]);
    assert.equal(code, 0, err);
    assert.match(out, /^Would create the tenant payments:\n/);
    assert.match(out, /\+ {2}existing: true/);
    assert.deepEqual(readTree(root), before);
  });

  it("writes the files, and names what they leave out", async () => {
    const hard = { "limits.cpu": "2", pods: "20" };
    const quota = liveObject({ name: "all", namespace: "payments" }, { spec: { hard } });
    const shown = cluster({ patches: [{ patch: "[]" }] });
    await clusters.add("prod", { ...auditAnswers(shown), [quotas]: { items: [quota] } });
    const { code, out, err } = await importWith(usual);
    assert.equal(code, 0, err);
    const tree = readTree(root);
    assert.equal(
      tree[base],
      "# yaml-language-server: $schema=../../tenant.schema.json\nname: payments\nrepository:\n  existing: true\n",
    );
    assert.equal(
      tree[overlay],
      [
        "# yaml-language-server: $schema=../../tenant-overlay.schema.json",
        "limits:",
        '  cpu: "2"',
        "  pods: 20",
        "sync:",
        "  path: ./deploy",
        "  ref:",
        "    branch: main",
        "  interval: 5m",
        "",
      ].join("\n"),
    );
    assert.match(out, /Not in these files:\n {4}Kustomization payments\/payments: spec\.patches is left out/);
    assert.match(out, /Next steps:\n {2}1\. npx fleet check staging/);
  });

  it("names the syncs that no file can have", async () => {
    const other = cluster({}, { ...source, url: "https://git.example.com/acme/payments" });
    await clusters.add("prod", { ...auditAnswers(other), [quotas]: { items: [] } });
    const { code, out } = await importWith(usual);
    assert.equal(code, 0);
    assert.equal(
      out,
      [
        "prod has no tenant that files can have.",
        "No file can have:",
        "  Kustomization payments/payments: its source is https://git.example.com/acme/payments, which is no repository of github.com/acme",
        "",
      ].join("\n"),
    );
  });
});
