import assert from "node:assert/strict";
import { assertProblems, clusterFolders, load } from "../../../support/unit/checkout-tree.js";
import type { Tree } from "../../../support/unit/tree-files.js";

const freeze = { from: "2026-12-20T18:00", until: "2027-01-04T08:00", reason: "Year-end closing" };
const commit = "a".repeat(40);
const override = { reason: "Fix of CVE-1", until: "2026-12-24T18:00" };

/** Files of stacks that promote from each other, by stack. */
function chain(predecessors: Readonly<Record<string, string>>): Tree {
  const stacks = Object.keys(predecessors);
  const files = Object.entries(predecessors).map(([stack, from]) => {
    return [`Pulumi.${stack}.yaml`, `config:\n  fleet:promotesFrom: ${from}\n`] as const;
  });
  const overlays = stacks.map((stack) => [`stacks/${stack}/tenants/team-a.yaml`, "{}\n"] as const);
  return { ...Object.fromEntries([...files, ...overlays]), ...clusterFolders(...stacks) };
}

/** A stack with a predecessor that says which revisions it follows. */
const pinned = {
  files: { "stacks/staging/tenants/team-a.yaml": "sync: {ref: {branch: main}}\n" },
  config: { platformRevision: { branch: "main" } },
};

describe("promotion of a stack refuses", () => {
  it("a predecessor that is no stack, with the one that was meant", () => {
    assertProblems(
      { config: { promotesFrom: "production" } },
      /^Pulumi\.staging\.yaml: fleet:promotesFrom: names no stack that has an overlay folder\. Name one of: prod-eu\.$/,
    );
    assertProblems({ config: { promotesFrom: "prodeu" } }, /overlay folder\. Did you mean prod-eu\?$/);
    assertProblems({ config: { promotesFrom: "../x" } }, /fleet:promotesFrom: is not a DNS label/);
  });

  it("the stack itself", () => {
    assertProblems({ config: { promotesFrom: "staging" } }, /fleet:promotesFrom: names the stack itself, so no change/);
  });

  it("a circle, with its stacks, also one that the stack is not in", () => {
    const files = chain({ "prod-eu": "staging" });
    assertProblems(
      { files: { ...files, ...pinned.files }, config: { ...pinned.config, promotesFrom: "prod-eu" } },
      /fleet:promotesFrom: leads into a circle, so no change could ever start: staging → prod-eu → staging\. Remove/,
    );
    assertProblems(
      {
        files: { ...chain({ "prod-eu": "dev", dev: "prod-eu" }), ...pinned.files },
        config: { ...pinned.config, promotesFrom: "prod-eu" },
      },
      /start: staging → prod-eu → dev → prod-eu\./,
    );
  });

  it("settings that nothing would read, unless the predecessor is broken", () => {
    assertProblems(
      { config: { soak: "1h", promotionNeeds: "ready", promotionOverride: override } },
      /fleet:promotionNeeds: has no effect without a predecessor/,
      /fleet:promotionOverride: has no effect without a predecessor or a freeze/,
      /fleet:soak: has no effect without a predecessor/,
    );
    assertProblems({ config: { soak: "1h", promotesFrom: "No" } }, /fleet:promotesFrom: is not a DNS label/);
  });

  it("times, zones and reasons that are none", () => {
    const problems = (changes: object, ...expected: RegExp[]) =>
      assertProblems({ config: { freezes: [{ ...freeze, ...changes }] } }, ...expected);
    problems(
      { from: "2026-12-20" },
      /fleet:freezes\[0\]\.from: is not a date and time\. Write it like 2026-12-24T18:00/,
    );
    problems({ from: "2026-02-30T10:00" }, /freezes\[0\]\.from: is not a date and time/);
    problems({ until: freeze.from }, /fleet:freezes\[0\]\.until: is not after from/);
    problems({ timeZone: "Berlin" }, /freezes\[0\]\.timeZone: is not a time zone\. Write a name of the IANA/);
    problems({ reason: "" }, /freezes\[0\]\.reason: is empty/);
    problems({ reason: "a\nb" }, /freezes\[0\]\.reason: is not a reason in one line/);
    problems({ why: "x" }, /freezes\[0\]\.why: there is no such field/);
  });

  it("an override without a reason, or without an end", () => {
    const { files } = pinned;
    const config = { ...pinned.config, promotesFrom: "prod-eu" };
    for (const promotionOverride of [{ reason: "Urgent" }, { until: override.until }]) {
      assertProblems(
        { files, config: { ...config, promotionOverride } },
        /fleet:promotionOverride: must have both reason and/,
      );
    }
    assertProblems({ files, config: { ...config, soak: "1d" } }, /fleet:soak: is not a duration/);
    assertProblems({ files, config: { ...config, soak: "9000h" } }, /fleet:soak: is not between 0s and 8760h/);
    assertProblems(
      { files, config: { ...config, longestOverride: "2161h" } },
      /fleet:longestOverride: is not between 1h and 2160h\. Choose one in between: a consent that lasts for more than 90 days/,
    );
  });

  it("a platform that follows the default branch without a word, or another branch, or two revisions", () => {
    const problems = (platformRevision: object | undefined, ...expected: RegExp[]) =>
      assertProblems({ files: pinned.files, config: { promotesFrom: "prod-eu", platformRevision } }, ...expected);
    problems(
      undefined,
      /^Pulumi\.staging\.yaml: fleet:platformRevision: is not set, so each push to main of the platform's repository would reach this stack before prod-eu has run it\. Pin what prod-eu runs: npx fleet promote prod-eu staging --platform\. Or follow the branch on purpose: pulumi config set --stack staging --path fleet:platformRevision\.branch main\.$/,
    );
    problems({ branch: "next" }, /fleet:platformRevision\.branch: is not main, the default branch of the platform/);
    problems({ branch: "main", commit }, /fleet:platformRevision: says commit and branch, of which Flux would follow/);
    problems({ tag: "v1", commit }, /fleet:platformRevision: says (commit and tag|tag and commit), of which Flux/);
    problems({ tag: "v1" }, /fleet:platformRevision\.tag: can be moved by every account that may push/);
    problems({ commit: "abc" }, /fleet:platformRevision\.commit: "?[^:]*is not a whole commit/);
  });
});

describe("promotion of a stack", () => {
  it("is what the settings say, as JSON too", () => {
    const files = { ...chain({ "prod-eu": "dev", dev: '""' }), ...pinned.files };
    const own = { soak: "24h", promotionNeeds: "ready", longestOverride: "48h" };
    const config = {
      ...pinned.config,
      promotesFrom: "prod-eu",
      ...own,
      freezes: [freeze],
      promotionOverride: override,
    };
    const expected = {
      from: "prod-eu",
      needs: "ready",
      soak: "24h",
      longestOverride: "48h",
      freezes: [{ ...freeze, timeZone: "UTC" }],
      override: { ...override, timeZone: "UTC" },
    };
    assert.deepEqual(load({ files, config }).promotion, expected);
    const texts = { ...config, freezes: JSON.stringify([freeze]), promotionOverride: JSON.stringify(override) };
    assert.deepEqual(load({ files, config: texts }).promotion, expected);
  });

  it("is nothing by default, as Pulumi.yaml has it too", () => {
    const nothing = { needs: "applied", soak: "0s", freezes: [], longestOverride: "2160h" };
    assert.deepEqual(load().promotion, nothing);
    assert.deepEqual(load({ config: { promotesFrom: "", freezes: "[]", promotionOverride: "{}" } }).promotion, nothing);
  });
});

describe("the platform of a stack", () => {
  it("follows the default branch, or a commit of it", () => {
    const at = (platformRevision: unknown) => load({ config: { platformRevision } }).platform.commit;
    assert.deepEqual(
      [at(undefined), at("{}"), at({ branch: "main" }), at({ commit })],
      [undefined, undefined, undefined, commit],
    );
    const settings = { platformRepository: { defaultBranch: "trunk" }, platformRevision: { branch: "trunk" } };
    assert.equal(load({ config: settings }).platform.repository.defaultBranch, "trunk");
  });
});
