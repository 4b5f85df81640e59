import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runFleet } from "../../../support/unit/run-fleet.js";
import {
  checkoutWithOverlay,
  inDays,
  overlay,
  overlayText,
  refuseCalls,
} from "../../../support/unit/tenant-overlay.js";
import { writeTree } from "../../../support/unit/tree-files.js";

const files = checkoutWithOverlay("name: team-a\nsyncs: {jobs: {path: ./jobs}, own: {path: ./own, ref: {tag: v1}}}\n");

describe("fleet tenant freeze and unfreeze", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "fleet-freeze-"));
    writeTree(root, files);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const tenant = (...args: readonly string[]) => runFleet(root, "tenant", ...args);
  const read = () => readFileSync(join(root, overlay), "utf8");
  const on = ["--stack", "staging"];
  const why = ["--reason", 'Audit: "no" changes'];
  const until = inDays(30);

  refuseCalls(
    () => root,
    [
      [["freeze", "team-a", ...on, ...why], 2, /required option '--until <day>' not specified/],
      [["freeze", "team-a", ...on, "--until", until], 2, /required option '--reason <text>' not specified/],
      [["freeze", "team-a", ...on, ...why, "--until", inDays(92)], 2, /at most 90 days from now/],
      [["freeze", "team-a", ...on, "--until", until, "--reason", "a\nforce: true"], 2, /It must be one line/],
      [["freeze", "team-aa", ...on, ...why, "--until", until], 2, /Did you mean team-a\?/],
      [
        ["freeze", "team-a", ...on, ...why, "--until", until, "--sync", "jobs"],
        1,
        /syncs\.jobs\.freeze: jobs has the source team-a in common with team-a, which is not frozen/,
      ],
      [["unfreeze", "team-a", ...on], 2, /the files freeze no sync of team-a on staging/],
    ],
  );

  it("write the day and the reason, and come back to the same text", async () => {
    const frozen = await tenant("freeze", "team-a", ...on, ...why, "--until", until);
    assert.deepEqual([frozen.code, frozen.err], [0, ""]);
    assert.match(frozen.out, /freezes team-a, jobs, own until .* run npx fleet up staging --tenant team-a\.\n$/);
    const freeze = `  freeze:\n    until: ${until}\n    reason: 'Audit: "no" changes'\n`;
    assert.ok(
      read().startsWith(`${overlayText}${freeze}syncs:\n  jobs:\n    freeze:\n      until: ${until}\n`),
      read(),
    );
    assert.equal((await runFleet(root, "check")).code, 0);
    assert.equal((await tenant("unfreeze", "team-a", ...on, "--sync", "own")).code, 0);
    const ended = await tenant("unfreeze", "team-a", ...on);
    assert.match(ended.out, /freezes team-a, jobs no longer/);
    assert.equal(read(), `${overlayText}syncs:\n  jobs: {}\n  own: {}\n`);
  });

  it("leave a suspension as it is, and end one apart from the other", async () => {
    const own = ["--sync", "own", "--until", until];
    for (const begin of ["suspend", "freeze"])
      assert.equal((await tenant(begin, "team-a", ...on, ...why, ...own)).code, 0);
    assert.equal((await tenant("resume", "team-a", ...on)).code, 0);
    assert.match(read(), /own:\n {4}freeze:\n/);
    assert.doesNotMatch(read(), /suspend/);
    const listed = JSON.parse((await tenant("list", "--output", "json")).out);
    const expected = [{ sync: "own", until, reason: 'Audit: "no" changes' }];
    assert.deepEqual(listed[0].stacks.staging.frozen, expected);
    assert.match((await tenant("list")).out, new RegExp(`own frozen until ${until}`));
  });

  it("refuse to end the freeze of the stack's defaults", async () => {
    writeTree(root, {
      "stacks/base/tenants/team-a.yaml": "name: team-a\n",
      "stacks/staging/defaults.yaml": `sync: {freeze: {until: ${until}, reason: Holidays}}\n`,
    });
    const { code, err } = await tenant("unfreeze", "team-a", ...on);
    assert.equal(code, 1);
    assert.match(err, /another file freezes team-a too, so nothing was changed.*--origin names it/);
    assert.equal(read(), overlayText);
  });
});
