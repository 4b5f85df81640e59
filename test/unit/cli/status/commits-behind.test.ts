import assert from "node:assert/strict";
import { branchKey, commitsBehind } from "../../../../cli/status/commits-behind.js";
import { beginWait } from "../../../../lib/time/waits.js";

const followed = { repository: "acme/team-a", branch: "main", commit: "0".repeat(40) };

describe("the commits that a cluster has not applied", () => {
  for (const [name, environment, unknown] of [
    ["without credentials", {}, "GITHUB_TOKEN is not set"],
    ["for a part of a GitHub App", { GITHUB_APP_ID: "7", GITHUB_APP_PEM_FILE: "secret" }, /INSTALLATION_ID is not set/],
    [
      "for a token and an App",
      { GITHUB_TOKEN: "t", GITHUB_APP_ID: "7", GITHUB_APP_INSTALLATION_ID: "9", GITHUB_APP_PEM_FILE: "secret" },
      /would not use GITHUB_TOKEN/,
    ],
    [
      "for an App whose key is none",
      { GITHUB_APP_ID: "7", GITHUB_APP_INSTALLATION_ID: "9", GITHUB_APP_PEM_FILE: "secret" },
      /GITHUB_APP_PEM_FILE holds no private key/,
    ],
  ] as const) {
    it(`are unknown ${name}, and the command goes on`, async () => {
      const behind = (await commitsBehind([followed], environment, beginWait(60_000))).get(branchKey(followed));
      const reason = behind !== undefined && "unknown" in behind ? behind.unknown : "";
      assert.match(reason, new RegExp(unknown));
      assert.ok(!reason.includes("secret"));
    });
  }
});
