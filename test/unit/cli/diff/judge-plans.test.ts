import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judgePlans } from "../../../../cli/diff/judge-plans.js";
import { WAIVERS_FILE } from "../../../../config/names.js";
import { planned, stackPlan } from "../../../support/unit/plan.js";

describe("the judgement of a change", () => {
  let [checkout, baseRoot] = ["", ""];
  beforeEach(() => {
    [checkout, baseRoot] = ["head", "base"].map((name) => mkdtempSync(join(tmpdir(), `fleet-judge-${name}-`))) as [
      string,
      string,
    ];
    for (const folder of [checkout, baseRoot]) mkdirSync(join(folder, "stacks"));
  });
  afterEach(() => {
    for (const folder of [checkout, baseRoot]) rmSync(folder, { recursive: true });
  });

  const today = "2027-03-31";
  const waiver = { rule: "private-repositories", resource: "open", reason: "open source", owner: "@acme/security" };
  const write = (folder: string, expires: string) =>
    writeFileSync(join(folder, WAIVERS_FILE), JSON.stringify({ waivers: [{ ...waiver, expires }] }));
  const plan = stackPlan([
    planned("github:index/repository:Repository", "open", { name: "open", visibility: "public" }),
  ]);
  const accepted = () =>
    judgePlans([{ stack: "staging", before: plan, after: plan }], { checkout, baseRoot, today })
      .filter(({ rule }) => rule === waiver.rule)
      .map((finding) => finding.waiver?.expires);

  it("shows a waiver that the change adds or prolongs, though the violation is an old one", () => {
    write(checkout, "2027-12-31");
    assert.deepEqual(accepted(), ["2027-12-31"]);
    write(baseRoot, "2027-06-30");
    assert.deepEqual(accepted(), ["2027-12-31"]);
  });

  it("names the line of the setting that switches admission off, and of the platform's protection", () => {
    const settings =
      "config:\n  fleet:admission: audit\n  fleet:platformRepository:\n    protection: {enabled: false}\n";
    writeFileSync(join(checkout, "Pulumi.staging.yaml"), settings);
    const binding = planned(
      "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding",
      "images-binding",
      { spec: { policyName: "fleet-images", validationActions: ["Audit"] } },
    );
    const platform = planned("github:index/repository:Repository", "platform", {
      name: "platform",
      visibility: "private",
    });
    const after = stackPlan([binding, platform]);
    const args = { checkout, baseRoot, today };
    const places = () =>
      judgePlans([{ stack: "staging", before: undefined, after }], args).map(({ rule, place }) => [rule, place]);
    assert.deepEqual(places(), [
      ["admission-denies", { file: "Pulumi.staging.yaml", line: 2, path: "fleet:admission" }],
      ["repository-protection", { file: "Pulumi.staging.yaml", line: 4, path: "fleet:platformRepository.protection" }],
    ]);
    writeFileSync(join(checkout, "Pulumi.staging.yaml"), "config: {}\n");
    assert.deepEqual(places(), [
      ["admission-denies", undefined],
      ["repository-protection", undefined],
    ]);
  });

  it("shows no waiver that the base has as well, and every one where the base's have expired", () => {
    for (const folder of [checkout, baseRoot]) write(folder, "2027-12-31");
    assert.deepEqual(accepted(), []);
    write(baseRoot, "2027-01-31");
    assert.deepEqual(accepted(), ["2027-12-31"]);
  });
});
