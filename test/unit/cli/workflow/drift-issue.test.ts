import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeDriftIssue } from "../../../../cli/workflow/drift-issue.js";
import { markedText } from "../../../../review/comment/marker.js";
import { FakeRepository } from "../../../support/unit/fake-repository.js";

const entry = {
  section: "platform",
  sentence: "ResourceQuota payments/tenant",
  targets: [{ stack: "staging" }],
  details: [],
  fields: [{ path: "spec.hard", before: "4", after: "8" }],
};
const document = { base: "live", head: "HEAD", stacks: ["staging"], notes: [], entries: [entry], cuts: [] };

describe("fleet workflow drift", () => {
  let folder: string;
  let file: string;
  let api: FakeRepository;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "fleet-drift-"));
    file = join(folder, "drift.json");
    api = new FakeRepository();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(change: object = {}, stack = "staging"): Promise<string> {
    writeFileSync(file, JSON.stringify({ ...document, ...change }));
    return writeDriftIssue({ api, stack, file });
  }

  it("has a marker of its own for each stack, whatever its name", async () => {
    const names = ["a-b", "a--b", "a---b", "a----b"];
    for (const name of names) await write({}, name);
    assert.equal(api.issues.size, names.length);
    for (const [marker, text] of api.issues) assert.doesNotThrow(() => markedText(marker, text));
  });

  it("changes no issue when the comparison failed", async () => {
    await write();
    const before = new Map(api.issues);
    writeFileSync(file, "");
    await assert.rejects(writeDriftIssue({ api, stack: "staging", file }), /is empty: fleet diff failed/);
    assert.deepEqual(api.issues, before);
  });

  it("opens one issue for each stack, edits it, and closes it when the drift is gone", async () => {
    const page = "https://github.com/acme/fleet/issues/drift/staging";
    assert.equal(await write(), `The stack staging has drifted: ${page} (created).`);
    await write({}, "prod-eu");
    assert.match(await write(), /\(unchanged\)\.$/);
    assert.match(await write({ entries: [entry, { ...entry, sentence: "Namespace payments" }] }), /\(updated\)\.$/);
    assert.match(api.issues.get("drift/staging") ?? "", /^The cluster or GitHub differs[\s\S]*Namespace payments/);
    assert.equal(await write({ entries: [] }), `The drift of staging is gone: closed ${page}.`);
    assert.deepEqual([...api.issues.keys()], ["drift/prod-eu"]);
    assert.equal(await write({ entries: [] }), "The stack staging has no drift.");
  });

  it("takes a document whose entries were all cut for drift", async () => {
    const cuts = [{ section: "platform", entries: 3, folded: 0 }];
    assert.match(await write({ entries: [], cuts }), /has drifted/);
  });

  it("takes no finding of a rule for drift", async () => {
    const finding = { ...entry, section: "rules", effect: "refused", fields: [] };
    assert.equal(await write({ entries: [finding] }), "The stack staging has no drift.");
  });
});
