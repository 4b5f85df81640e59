import assert from "node:assert/strict";
import { judgeFleetFiles } from "../../../../cli/platform/judge-fleet-files.js";
import type { KustomizeProgram } from "../../../../cli/platform/kustomize-program.js";
import type { Files } from "../../../../config/platform/kustomize-build.js";
import { findingLine } from "../../../../review/rules/judge.js";
import { kustomizeFor } from "../../../support/unit/kustomize.js";
import { dollars } from "../../../support/unit/platform-files.js";
import { configMap, gadget, own, refused, sound, spec, unsafe, violations, withParts } from "./fleet-file-cases.js";
import { gadgetSchemas } from "./gadget-schemas.js";

/** Lines of the findings on the fixtures' files with these changes. */
async function lines(changes: Files, program: KustomizeProgram | undefined): Promise<string[]> {
  const files = { ...sound, ...changes };
  const findings = await judgeFleetFiles({
    files,
    spec,
    program,
    schemas: gadgetSchemas,
    waivers: [],
    today: "2027-01-01",
  });
  return findings.map(findingLine).sort();
}

describe("the files of the platform", () => {
  let program: KustomizeProgram;
  before(async function () {
    program = await kustomizeFor(this);
  });

  it("of the fixtures keep all rules", async () => {
    assert.deepEqual(await lines({}, program), []);
  });

  describe("break a rule by", () => {
    for (const [title, changes, findings] of violations) {
      it(title, async () => assertLines(await lines(changes, program), findings));
    }
  });

  describe("cannot be built because of", () => {
    for (const [title, changes, finding] of refused) {
      it(title, async () => assertLines(await lines(changes, program), [finding]));
    }
  });

  describe("are not handed to kustomize because of", () => {
    for (const [title, changes, finding] of unsafe) {
      it(title, async () => assertLines(await lines(changes, program), [finding]));
    }
  });

  it("are built with the values of the cluster, so that a number is one", async () => {
    const variables = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {stack: '@{cluster_stack}'}\n";
    const text = [variables, gadget("  size: @{size:=3}")].map(dollars);
    assert.deepEqual(await lines(withParts(...text), program), []);
  });

  it("may have aliases, which kustomize writes out", async () => {
    const text = gadget("  size: 1").replace("{name: one", "&a {name: one");
    assert.deepEqual(
      await lines(
        withParts(text, configMap("  b: c").replace(/\{name.*\}/, "{name: a, labels: &l {x: y}, annotations: *l}")),
        program,
      ),
      [],
    );
  });

  it("are built without a kustomization.yaml, as Flux generates it", async () => {
    const { [own]: _own, ...rest } = withParts(gadget("  size: big"));
    const files = Object.fromEntries(Object.entries(sound).filter(([file]) => file !== own));
    const findings = await judgeFleetFiles({
      files: { ...files, ...rest },
      spec,
      program,
      schemas: gadgetSchemas,
      waivers: [],
      today: "2027-01-01",
    });
    assertLines(findings.map(findingLine), [/^fleet\/infrastructure\/staging\/parts\.yaml:5: spec\.size: /]);
  });
});

describe("the files of the platform, on a machine without kustomize,", () => {
  for (const [title, changes, findings, builds] of violations) {
    if (builds === undefined)
      it(`break a rule by ${title}`, async () => assertLines(await lines(changes, undefined), findings));
  }
});

function assertLines(actual: readonly string[], expected: readonly RegExp[]): void {
  assert.equal(actual.length, expected.length, actual.join("\n"));
  for (const [index, pattern] of expected.entries()) assert.match(actual[index] ?? "", pattern);
}
