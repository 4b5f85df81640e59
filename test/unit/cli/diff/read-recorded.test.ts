import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRecorded } from "../../../../cli/diff/read-recorded.js";
import { RECORD_FORMAT } from "../../../../cli/diff/recorded-revision.js";
import { FleetError } from "../../../../lib/diagnostics/problem.js";
import { stackPlan } from "../../../support/unit/plan.js";

const resource = {
  name: "a",
  type: "kubernetes:core/v1:ConfigMap",
  parent: "",
  dependsOn: [],
  inputs: { data: { a: 1 } },
};
const plan = { ...stackPlan([]), resources: [resource] };
const { stack } = plan;
const sound = { format: RECORD_FORMAT, stacks: [stack], recorded: [{ stack, plan }] };

/** Stands for maps in maps, which JSON.stringify does not write. */
const deep = "DEEP";
const textOf = (data: unknown) =>
  JSON.stringify(data).replace(`"${deep}"`, `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`);

describe("the result of a recorder", () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-recorded-"));
    file = join(folder, "recorded");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const refused = (message: RegExp) => {
    assert.throws(
      () => readRecorded(file),
      (error) => error instanceof FleetError && message.test(error.message),
    );
  };
  const inPlan = (change: object) => ({ ...sound, recorded: [{ stack, plan: { ...plan, ...change } }] });
  const inResource = (change: object) => inPlan({ resources: [{ ...resource, ...change }] });

  it("is refused when it is no file, or none at all", () => {
    refused(/^recorder: wrote no result\. Read the changes of the program/);
    mkdirSync(file);
    refused(/wrote no result/);
    rmSync(file, { recursive: true });
    symlinkSync("/dev/zero", file);
    refused(/wrote no result/);
  });

  it("is refused by its size, before anything of it is read", () => {
    writeFileSync(file, "");
    truncateSync(file, 300 * 1024 * 1024);
    refused(/wrote 314572800 bytes, and at most 268435456 are read/);
  });

  it("is refused in another form", () => {
    writeFileSync(file, JSON.stringify({ ...sound, format: 99 }));
    refused(/records in the form 99, and this command reads 1/);
  });

  for (const [name, data, place] of [
    ["no JSON", undefined, ""],
    ["null", null, ""],
    ["a list", [], ""],
    ["no plan", { ...sound, recorded: [{ stack }] }, "recorded.0"],
    ["a name of a stack that leads out of a folder", { ...sound, stacks: ["../../etc"] }, "stacks.0"],
    ["a plan of another stack", inPlan({ stack: "other" }), "recorded.0"],
    ["a stack twice", { ...sound, recorded: [...sound.recorded, ...sound.recorded] }, "recorded"],
    ["a resource without a name", inResource({ name: undefined }), "recorded.0"],
    ["a resource whose inputs are a text", inResource({ inputs: "all" }), "recorded.0"],
    ["a resource whose dependencies are an object", inResource({ dependsOn: { length: 1 } }), "recorded.0"],
    ["inputs that exhaust the stack of a comparison", inResource({ inputs: { a: deep } }), "recorded.0"],
    ["a name of a megabyte", inResource({ name: "a".repeat(1_000_000) }), "recorded.0"],
    ["a problem that is no text", { ...sound, recorded: [{ stack, problems: [{}] }] }, "recorded.0"],
    ["a stack that neither loads nor has a problem", { ...sound, recorded: [{ stack, problems: [] }] }, "recorded.0"],
  ] as const) {
    it(`is refused with ${name}, in words that repeat none of it`, () => {
      writeFileSync(file, data === undefined ? "{" : textOf(data));
      const shown = place === "" ? "its start" : `"${place.replaceAll(".", "\\.")}`;
      refused(new RegExp(`^recorder: wrote something else than a record, at ${shown}`));
    });
  }

  it("is read as it was written, without fields of other versions", () => {
    writeFileSync(file, JSON.stringify({ ...sound, more: 1 }));
    const { version, controllerRights } = plan.flux;
    const read = { ...plan, flux: { version, controllerRights } };
    assert.deepEqual(readRecorded(file), { ...sound, recorded: [{ stack, plan: read }] });
    const broken = { ...sound, recorded: [{ stack, problems: ["stacks/base: is gone."] }] };
    writeFileSync(file, JSON.stringify(broken));
    assert.deepEqual(readRecorded(file), broken);
  });
});
