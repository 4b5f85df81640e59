import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { platformChanges } from "../../../../cli/diff/platform-changes.js";
import type { Entry } from "../../../../review/document/document.js";
import { plainText } from "../../../../review/phrase.js";
import { fixtures } from "../../../support/fixtures.js";
import { root } from "../../../support/unit/fleet.js";
import { kustomizeFor } from "../../../support/unit/kustomize.js";
import { stackPlan } from "../../../support/unit/plan.js";

const base = "fleet/infrastructure/base";

describe("the changes of fleet/ in a review", () => {
  let baseRoot: string;
  let checkout: string;

  beforeEach(() => {
    [baseRoot = "", checkout = ""] = ["base", "checkout"].map((name) => {
      const folder = mkdtempSync(join(tmpdir(), `fleet-${name}-`));
      cpSync(fixtures, folder, { recursive: true });
      cpSync(join(root, "flux.lock.json"), join(folder, "flux.lock.json"));
      return folder;
    });
  });
  afterEach(() => {
    for (const folder of [baseRoot, checkout]) rmSync(folder, { recursive: true });
  });

  const plans = ["staging", "prod-eu"].map((stack) => {
    const plan = stackPlan([], { stack });
    return { stack, before: plan, after: plan };
  });
  const changes = (environment: NodeJS.ProcessEnv = process.env) =>
    platformChanges({ checkout, baseRoot, plans, environment });
  const write = (folder: string, file: string, text: string) => writeFileSync(join(folder, file), text);
  const list = (folder: string, ...files: readonly string[]) => {
    const file = join(folder, base, "kustomization.yaml");
    writeFileSync(file, `${readFileSync(file, "utf8")}${files.map((one) => `  - ${one}\n`).join("")}`);
  };
  const lineOf = ({ section, effect, sentence, targets, fields }: Entry) => {
    const values = fields.map(({ path, before, after }) => ` ${path} ${before} > ${after}`).join(",");
    return `${section} ${effect ?? "none"} ${targets.map(({ stack }) => stack).join()}: ${plainText(sentence)}${values}`;
  };

  it("are none, and cost no build, where neither fleet/ nor settings change", async () => {
    assert.deepEqual(await changes({ PATH: "" }), { entries: [], notes: [] });
  });

  it("are files and objects, for each stack that applies them, with a note about their way to a cluster", async function () {
    await kustomizeFor(this);
    list(checkout, "new.yaml");
    write(
      checkout,
      `${base}/new.yaml`,
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: new, namespace: platform}\n",
    );
    rmSync(join(checkout, "fleet/README.md"));
    const { entries, notes } = await changes();
    assert.deepEqual(
      entries.map(lineOf),
      ["staging", "prod-eu"].flatMap((stack) => [
        `platform none ${stack}: file ${base}/kustomization.yaml is changed`,
        `platform none ${stack}: file ${base}/new.yaml is added`,
        `platform none ${stack}: fleet/: ConfigMap platform/new is added`,
      ]),
    );
    assert.match(
      notes.map(plainText).join(),
      /^fleet\/ reaches a cluster by commits of the platform's repository alone/,
    );
  });

  it("name rights that an object gives, in the words of other reviews", async function () {
    await kustomizeFor(this);
    list(checkout, "admin.yaml");
    const binding = [
      "apiVersion: rbac.authorization.k8s.io/v1",
      "kind: ClusterRoleBinding",
      "metadata: {name: admin}",
      "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}",
      "subjects: [{kind: ServiceAccount, name: helper, namespace: platform}]",
    ];
    write(checkout, `${base}/admin.yaml`, `${binding.join("\n")}\n`);
    const { entries } = await changes();
    assert.match(
      entries.map(lineOf).join("\n"),
      /^privileges gained staging: fleet\/: platform\/helper .*cluster-admin/m,
    );
  });

  it("show no value of a Secret, and that it is another one", async function () {
    await kustomizeFor(this);
    for (const [folder, password] of [
      [baseRoot, "former-password"],
      [checkout, "present-password"],
    ] as const) {
      list(folder, "secret.yaml");
      const text = `apiVersion: v1\nkind: Secret\nmetadata:\n  name: one\n  namespace: platform\n  annotations: {last: ${password}}\nstringData: {password: ${password}}\n`;
      write(folder, `${base}/secret.yaml`, text);
    }
    const { entries } = await changes();
    const text = entries.map(lineOf).join("\n");
    assert.match(text, /Secret platform\/one.* stringData\.password \(secret\) > \(another secret\)/);
    assert.doesNotMatch(JSON.stringify(entries), /former-password|present-password/);
  });

  it("follow from a variable alone, on its stack alone", async function () {
    await kustomizeFor(this);
    const file = "Pulumi.staging.yaml";
    const text = readFileSync(join(checkout, file), "utf8");
    write(checkout, file, text.replace("region: eu-central-1", "region: eu-north-1"));
    const { entries } = await changes();
    assert.deepEqual(entries.map(lineOf), [
      "platform none staging: fleet/: ConfigMap platform/cluster-info data.region eu-central-1 > eu-north-1",
    ]);
  });

  it("are files alone where a revision cannot be built or does not load, which a note says", async function () {
    await kustomizeFor(this);
    write(baseRoot, `${base}/kustomization.yaml`, "resource: []\n");
    write(baseRoot, "Pulumi.prod-eu.yaml", "config: {}\n");
    const { entries, notes } = await changes();
    const staging = entries.map(lineOf);
    assert.ok(
      staging.includes(`platform none staging: file ${base}/kustomization.yaml is changed`),
      staging.join("\n"),
    );
    assert.doesNotMatch(staging.join("\n"), /ConfigMap|prod-eu/);
    assert.deepEqual(
      notes.slice(0, 2).map((note) => plainText(note)),
      [
        "the objects of fleet/ are not compared on staging, where they cannot be built in both revisions",
        "fleet/ is not compared on prod-eu, whose files do not load in both revisions",
      ],
    );
  });

  it("are at most 200 objects of a stack, and a count of the others", async function () {
    await kustomizeFor(this);
    list(checkout, "many.yaml");
    const many = Array.from({ length: 230 }, (_, index) => {
      return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: many-${index}, namespace: platform}\n`;
    });
    write(checkout, `${base}/many.yaml`, many.join("---\n"));
    const lines = (await changes()).entries.map(lineOf);
    assert.equal(lines.filter((line) => line.includes("staging: fleet/: ConfigMap")).length, 200);
    assert.ok(lines.includes("platform none staging: fleet/: 30 more objects change"));
  });
});
