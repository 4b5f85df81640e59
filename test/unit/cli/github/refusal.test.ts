import assert from "node:assert/strict";
import { explainFailure, hasStatus, LostAnswer } from "../../../../cli/github/refusal.js";
import { failureOf } from "../../../../lib/github/failure.js";
import { NoAnswer } from "../../../../lib/github/fetch.js";
import { NoInstallationToken } from "../../../../lib/github/installation-tokens.js";

const purpose = { action: "write the comment on acme/fleet#12", permission: "Pull requests: write" };

/** A failure as Octokit throws it. */
function failure(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Error {
  return Object.assign(new Error(`${message} - https://docs.github.com/rest`), {
    status,
    response: { headers, data: { message } },
  });
}

function explained(error: unknown): string {
  return explainFailure(error, purpose).message;
}

describe("a request that GitHub refuses", () => {
  const pat = "Resource not accessible by personal access token";
  const accepted = { "x-accepted-github-permissions": "issues=write; pull_requests=write" };
  const cases: readonly (readonly [what: string, error: Error, message: RegExp])[] = [
    ["a wrong token", failure(401, "Bad credentials"), /^environment: GITHUB_TOKEN: .+: Bad credentials\. Set it to/],
    [
      "a GitHub App that gets no token",
      new NoInstallationToken("it gave the GitHub App no token: Not Found"),
      /^environment: GITHUB_APP_ID: .+ no token: Not Found\. Run npx fleet doctor/,
    ],
    [
      "a token without the right",
      failure(403, pat, accepted),
      /GITHUB_TOKEN: GitHub did not write the comment on acme\/fleet#12: .+ permission "Pull requests: write" \(classic: the scope repo, GitHub names issues=write; pull_requests=write\)/,
    ],
    [
      "the token of a workflow",
      failure(403, "Resource not accessible by integration"),
      /"Pull requests: write" .+ a workflow of a fork's pull request never has it\.$/,
    ],
    [
      "a locked conversation",
      failure(403, "Unable to create comment because issue is locked."),
      /is locked\. Unlock the conversation/,
    ],
    ["an archived repository", failure(403, "Repository was archived so is read-only."), /Unarchive the repository/],
    [
      "a rate limit with its end",
      failure(403, "API rate limit exceeded", { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1900000000" }),
      /^GitHub: .+ \(the limit is reset at 2030-03-17T17:46:40\.000Z\)\. Run the command again after that\.$/,
    ],
    [
      "a secondary rate limit",
      failure(403, "You have exceeded a secondary rate limit.", { "retry-after": "60" }),
      /\(it asks to wait 60 s\)/,
    ],
    ["a rate limit without an end", failure(429, "Too many requests"), /\(it asks to wait some minutes\)/],
    ["a name that it does not know", failure(404, "Not Found"), /GITHUB_TOKEN: .+Not Found\. Check the name, and that/],
    ["a text that it does not take", failure(422, "Validation Failed"), /Validation Failed\. Mend the reason/],
    ["a failure of its own", failure(502, "Server Error"), /^GitHub: .+: Server Error\. Check that GitHub answers/],
  ];
  for (const [what, error, message] of cases) {
    it(`is explained, for ${what}`, () => assert.match(explained(error), message));
  }

  it("is a lost answer only where GitHub may have done it", () => {
    const timeout = Object.assign(new NoAnswer("there was no complete answer within 30 s"), { status: 500 });
    for (const error of [failure(502, "Server Error"), timeout]) {
      assert.ok(explainFailure(error, purpose) instanceof LostAnswer);
    }
    for (const error of [failure(403, pat), failure(422, "no"), failure(429, "no")]) {
      assert.ok(!(explainFailure(error, purpose) instanceof LostAnswer));
    }
  });

  it("shows one line of GitHub's words, and none of the request", () => {
    const page = Object.assign(new Error(`<html>\n${"x".repeat(900)}`), { status: 502 });
    assert.match(explained(page), /: <html>\. Check that GitHub answers/);
    assert.ok(failureOf(Object.assign(new Error("y".repeat(900)), { status: 500 })).message.length <= 300);
  });

  it("is told from a defect of this program", () => {
    const defect = new RangeError("out of range");
    assert.throws(() => failureOf(defect), defect);
    const ofGraphQl = Object.assign(new Error("Something went wrong"), { name: "GraphqlResponseError" });
    assert.match(explained(ofGraphQl), /Something went wrong\. Mend the reason/);
    assert.deepEqual([hasStatus(failure(404, "x"), 403, 404), hasStatus(defect, 404)], [true, false]);
  });
});
