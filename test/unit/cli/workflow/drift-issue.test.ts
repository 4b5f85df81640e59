import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeDriftIssue } from "../../../../cli/workflow/drift-issue.js";
import { bot, FakeRepository } from "../../../support/unit/fake-repository.js";

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
    return writeDriftIssue({ api, stack, file, author: bot });
  }

  it("changes no issue when the comparison failed", async () => {
    await write();
    const writes = [...api.writes];
    writeFileSync(file, "");
    await assert.rejects(writeDriftIssue({ api, stack: "staging", file, author: bot }), /is empty: fleet diff failed/);
    assert.deepEqual(api.writes, writes);
  });

  it("opens one issue for each stack, edits it, and closes it when the drift is gone", async () => {
    assert.equal(await write(), "Opened https://github.com/acme/fleet/issues/101.");
    await write({}, "prod-eu");
    assert.match(await write(), /^The drift of staging is known/);
    await write({ entries: [entry, { ...entry, sentence: "Namespace payments" }] });
    assert.match(api.issues[0]?.body ?? "", /^<!-- fleet drift staging -->\n[\s\S]*Namespace payments/);
    assert.equal(
      await write({ entries: [] }),
      "The drift of staging is gone: closed https://github.com/acme/fleet/issues/101.",
    );
    assert.deepEqual(
      api.issues.map(({ state, title }) => `${title}: ${state}`),
      ["The stack staging has drifted: closed", "The stack prod-eu has drifted: open"],
    );
    assert.equal(await write({ entries: [] }), "The stack staging has no drift.");
    assert.match(await write(), /^Opened/);
    assert.deepEqual(api.writes, [
      ...[
        "createIssue 101",
        "createIssue 102",
        "updateIssue 101 title,body",
        "createComment 101",
        "updateIssue 101 state",
      ],
      "createIssue 104",
    ]);
  });

  it("takes a document whose entries were all cut for drift", async () => {
    assert.match(await write({ entries: [], cuts: [{ section: "platform", entries: 3, folded: 0 }] }), /^Opened/);
  });

  it("takes no finding of a rule for drift", async () => {
    const finding = { ...entry, section: "rules", effect: "refused", fields: [] };
    assert.equal(await write({ entries: [finding] }), "The stack staging has no drift.");
  });

  it("leaves the issues of others with the same marker alone", async () => {
    const foreign = {
      number: 5,
      html_url: "x",
      title: "x",
      body: "<!-- fleet drift staging -->",
      user: { login: "mallory" },
    };
    api.issues = [{ ...foreign, state: "open" }];
    assert.equal(await write({ entries: [] }), "The stack staging has no drift.");
    assert.match(await write(), /^Opened/);
  });
});
