import assert from "node:assert/strict";
import { settingsWithout } from "../../../../cli/tenant/settings-of-tenant.js";

const start = "encryptionsalt: v1:made-up\n# Of staging.\nconfig:\n  fleet:repositoryOwner: staging\n";

describe("the settings of a stack without a tenant", () => {
  for (const text of [
    "",
    "config: {}\n",
    start,
    `${start}  fleet:secrets:\n    team-ab: {slack: {secure: v1:a}}\n`,
    // A common Secret with the tenant's name is of all tenants.
    `${start}  fleet:commonSecrets: {team-a: {key: {secure: v1:a}}}\n`,
  ]) {
    it(`are the same text where it has none: ${JSON.stringify(text.slice(start.length))}`, () => {
      assert.deepEqual(settingsWithout(text, "team-a"), { text, removed: [] });
    });
  }

  it("keep those of other tenants and of the platform, with comments", () => {
    const others = [
      "  fleet:secrets:",
      "    # Of b.",
      "    team-b:",
      "      slack:",
      "        secure: v1:bbbb",
      "  fleet:gitTokens:",
      "    platform: {read: {secure: v1:pppp}}",
      "",
    ].join("\n");
    const both = others
      .replace("    # Of b.", "    team-a:\n      slack:\n        secure: v1:aaaa\n    # Of b.")
      .replace("    platform", "    team-a: {read: {secure: v1:tttt}}\n    platform");
    assert.deepEqual(settingsWithout(`${start}${both}`, "team-a"), {
      text: `${start}${others}`,
      removed: ["fleet:secrets.team-a", "fleet:gitTokens.team-a"],
    });
  });

  it("lose a setting that would be empty, also where its key has no namespace", () => {
    const { text, removed } = settingsWithout(`${start}  secrets: {team-a: {slack: {secure: v1:aaaa}}}\n`, "team-a");
    assert.deepEqual([text, removed], [start, ["fleet:secrets.team-a"]]);
  });
});
