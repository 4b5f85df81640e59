import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { JOURNAL_FILE } from "../../../../cli/write-journal.js";
import { runFleet } from "../../../support/unit/run-fleet.js";
import {
  checkoutWithOverlay,
  inDays,
  overlay,
  overlayText,
  refuseCalls,
} from "../../../support/unit/tenant-overlay.js";
import { writeTree } from "../../../support/unit/tree-files.js";

const files = checkoutWithOverlay("name: team-a\nsyncs: {jobs: {path: ./jobs}}\n");

describe("fleet tenant suspend and resume", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-suspend-"));
    writeTree(root, files);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const tenant = (...args: readonly string[]) => runFleet(root, "tenant", ...args);
  const read = () => readFileSync(join(root, overlay), "utf8");
  const on = ["--stack", "staging"];
  const why = ["--reason", "Migration of the database"];

  refuseCalls(
    () => root,
    [
      [["suspend", "team-a", ...on, ...why], 2, /required option '--until <day>' not specified/],
      [["suspend", "team-a", ...on, "--until", inDays(3)], 2, /required option '--reason <text>' not specified/],
      [["suspend", "team-a", ...on, ...why, "--until", "2027-02-30"], 2, /must be a day of the calendar, like/],
      [["suspend", "team-a", ...on, ...why, "--until", inDays(-1)], 2, /at most 90 days from now, and not over/],
      [["suspend", "team-a", ...on, ...why, "--until", inDays(92)], 2, /at most 90 days from now/],
      [["suspend", "team-a", ...on, "--until", inDays(3), "--reason", "a\nforce: true"], 2, /It must be one line/],
      [["suspend", "team-aa", ...on, ...why, "--until", inDays(3)], 2, /Did you mean team-a\?/],
      [["suspend", "team-a", ...on, ...why, "--until", inDays(3), "--sync", "job"], 2, /Did you mean jobs\?/],
      [["resume", "team-a", ...on], 2, /the files suspend no sync of team-a on staging/],
    ],
  );

  it("keep comments, and come back to the same text", async () => {
    const until = inDays(30);
    const suspended = await tenant("suspend", "team-a", ...on, ...why, "--until", until);
    assert.deepEqual([suspended.code, suspended.err], [0, ""]);
    assert.match(suspended.out, /suspends team-a, jobs until .* run npx fleet up staging --tenant team-a\.\n$/);
    const lines = [`suspend: true # Migration of the database`, `suspendUntil: ${until}`];
    assert.equal(
      read(),
      [
        ...["# Of staging.", "sync:", "  # Soon.", "  interval: 30s # fast", ...lines.map((line) => `  ${line}`)],
        ...["syncs:", "  jobs:", ...lines.map((line) => `    ${line}`), ""],
      ].join("\n"),
    );
    assert.equal((await runFleet(root, "check")).code, 0);
    assert.equal((await tenant("resume", "team-a", ...on, "--sync", "team-a")).code, 0);
    assert.equal(read().split("syncs:")[0], overlayText);
    assert.match(read(), /syncs:\n {2}jobs:\n {4}suspend: true/);
    assert.equal((await tenant("resume", "team-a", ...on)).code, 0);
    assert.equal(read(), `${overlayText}syncs:\n  jobs: {}\n`);
  });

  it("keep the comments of a suspension that they extend, and its place", async () => {
    const [first, later] = [inDays(3), inDays(30)];
    const before = `sync:\n  # See OPS-12.\n  suspend: true # Old.\n  suspendUntil: ${first} # Friday\n  # Soon.\n  interval: 30s\n`;
    writeTree(root, { [overlay]: before });
    const args = ["--sync", "team-a", "--until", later];
    assert.equal((await tenant("suspend", "team-a", ...on, ...why, ...args)).code, 0);
    assert.equal(read(), before.replace("Old.", "Migration of the database").replace(first, later));
  });

  it("keep the comments of a section that has no field any more", async () => {
    for (const [text, resumed] of [
      ["# Just as in base.\n{}\n", "# Just as in base.\nsync: {}\n"],
      ["sync:\n  # Soon.\n  {}\n", "sync:\n  # Soon.\n  {}\n"],
      ["{}\n", "{}\n"],
    ] as const) {
      writeTree(root, { [overlay]: text });
      const args = ["--sync", "team-a", "--until", inDays(3)];
      assert.equal((await tenant("suspend", "team-a", ...on, ...why, ...args)).code, 0);
      assert.equal((await tenant("resume", "team-a", ...on)).code, 0);
      assert.equal(read(), resumed);
    }
  });

  it("keep the line ends of Windows", async () => {
    const before = `# yaml-language-server: $schema=x\r\n${overlayText.replaceAll("\n", "\r\n")}`;
    writeTree(root, { [overlay]: before });
    const args = ["--sync", "team-a", "--until", inDays(3)];
    assert.equal((await tenant("suspend", "team-a", ...on, ...why, ...args)).code, 0);
    assert.match(read(), /^# yaml-language-server: \$schema=x\r\n(?:[^\r\n]*\r\n)+$/);
    assert.equal((await tenant("resume", "team-a", ...on)).code, 0);
    assert.equal(read(), before);
  });

  it("change nothing where a field would bring back values that the overlay takes out", async () => {
    writeTree(root, {
      "stacks/base/tenants/team-a.yaml": "name: team-a\nsync: {interval: 2m}\n",
      [overlay]: "sync: null\n",
    });
    const { code, err } = await tenant("suspend", "team-a", ...on, ...why, "--until", inDays(3));
    assert.equal(code, 1);
    assert.match(err, /team-a\.yaml: would change other settings of the tenant, so nothing was changed/);
    assert.equal(read(), "sync: null\n");
  });

  it("complete the files of a command that was killed, before they read them", async () => {
    const file = "stacks/base/tenants/team-b.yaml";
    const writes = [{ file, before: null, after: "name: team-b\n" }];
    writeTree(root, { [JOURNAL_FILE]: JSON.stringify(writes) });
    const { out } = await tenant("resume", "team-a", ...on);
    assert.match(out, /^Completed the files of an earlier command, which was killed: .*team-b\.yaml\.\n$/);
    assert.equal(readFileSync(join(root, file), "utf8"), "name: team-b\n");
  });

  it("write into an overlay without a field", async () => {
    for (const text of ["", "{}\n", "# Just as in base.\n{}\n"]) {
      writeTree(root, { [overlay]: text });
      const args = ["--sync", "team-a", "--until", inDays(1)];
      assert.equal((await tenant("suspend", "team-a", ...on, ...why, ...args)).code, 0);
      assert.match(read(), /^(?:#.*\n)*sync:\n {2}suspend: true # Migration of the database\n {2}suspendUntil: /);
    }
  });

  it("refuse to resume a sync that another file suspends", async () => {
    writeTree(root, { "stacks/base/tenants/team-a.yaml": "name: team-a\nsync: {suspend: true}\n" });
    const { code, err } = await tenant("resume", "team-a", ...on);
    assert.equal(code, 1);
    assert.match(err, /another file suspends team-a too, so nothing was changed.*--origin names it/);
    assert.equal(read(), overlayText);
  });
});
