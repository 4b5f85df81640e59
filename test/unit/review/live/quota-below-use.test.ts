import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findQuotasBelowUse } from "../../../../preflight/quotas-below-use.js";
import { printers } from "../../../../review/document/print.js";
import { review } from "../../../../review/document/review.js";
import { liveEntries } from "../../../../review/live/live-entries.js";
import { livePlans, liveSteps } from "../../../../review/live/live-plans.js";
import { clusterWith, onCluster } from "../../../support/unit/cluster.js";
import { enginePreview, engineState, engineStep } from "../../../support/unit/engine-preview.js";
import { fleetSpec, type Sections, tenantSpec } from "../../../support/unit/spec.js";

type Amounts = Readonly<Record<string, string>>;

/** The warnings of a preview that lowers the quota of team-search. */
function warningsOf(limits: Sections["limits"], hard: Amounts, used: Amounts): string[] {
  const spec = fleetSpec({ tenants: [tenantSpec("team-search", { limits })] });
  const place = { type: "core/v1:ResourceQuota", name: "tenant", namespace: "team-search" };
  return findQuotasBelowUse(spec, clusterWith(onCluster({ ...place, spec: { hard }, status: { hard, used } })));
}

/** The review of a preview with warnings, which changes the amount of pods. */
function documentWith(sentences: readonly string[]) {
  const spec = fleetSpec({ tenants: [tenantSpec("team-search")] });
  const tenant = engineState("fleet:tenant:Tenant", "team-search");
  const object = (type: string, name: string, metadata: object, pods?: string) =>
    engineState(type, name, { parent: tenant.urn, inputs: { metadata, spec: { hard: { pods } } } });
  const space = object("kubernetes:core/v1:Namespace", "space", { name: "team-search" });
  const quota = (pods: string) =>
    object("kubernetes:core/v1:ResourceQuota", "quota", { name: "tenant", namespace: "team-search" }, pods);
  const same = [tenant, space].map((state) => engineStep("same", { before: state, after: state }));
  const diagnostics = sentences.map((message) => ({ severity: "warning", message: `warning: ${message}\n` }));
  const step = engineStep("update", { before: quota("50"), after: quota("5") });
  const args = { spec, preview: enginePreview([...same, step], diagnostics) };
  const steps = liveSteps(args);
  const stacks = [livePlans(steps, args)];
  return review({ base: "state", head: "tree", stacks, further: liveEntries(steps, args) });
}

/** The losses and the warnings as text, each with its section before it. */
function losses(sentences: readonly string[]): string {
  return printers.text(documentWith(sentences)).split("\nPrivileges")[0]?.split("\nTenants")[0] ?? "";
}

describe("a quota that an update lowers below what is used, in the review of a preview", () => {
  const [sentence = ""] = warningsOf({ pods: 5 }, { pods: "50" }, { pods: "12" });
  const told =
    "quota team-search/tenant lowered below what is used: pods to 5 (12 used); running pods stay, and new ones are refused until less is used, on staging";

  it("is a loss of its tenant, with the new amount and the use, and no warning", () => {
    const text = losses([sentence]);
    assert.ok(text.includes(`\nIrreversible, or loses data\n  Loss: ${told}\n`), text);
    assert.doesNotMatch(text, /Warning/);
    const [entry] = documentWith([sentence]).entries;
    assert.deepEqual(entry?.targets, [{ stack: "staging", tenant: "team-search" }]);
  });

  it("names the resources that the program names, and the number of the others", () => {
    const names = ["requests.cpu", "limits.cpu", "requests.memory", "limits.memory", "pods"];
    const all = (amount: string) => Object.fromEntries(names.map((name) => [name, amount]));
    const text = losses(warningsOf({}, all("1000Gi"), all("900Gi")));
    assert.match(text, /used: (?:\S+ to \S+ \(900Gi used\)(?:, )?){3} and 2 more; running pods stay/);
  });

  it("is in the golden document; if the change is intended, run: UPDATE_GOLDEN=1 npx mocha with this file", () => {
    const text = printers.markdown(documentWith([sentence]));
    const file = join(import.meta.dirname, "quota-below-use.golden.md");
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, text);
    assert.equal(text, readFileSync(file, "utf8"));
  });

  it("is no other sentence, such as one about the author of a change", () => {
    const author = `The ResourceQuota tenant in the namespace a was changed by ${JSON.stringify(sentence)}.`;
    assert.match(losses([author]), /\nWarnings of the preview\n {2}Warning: The ResourceQuota tenant /);
  });
});
