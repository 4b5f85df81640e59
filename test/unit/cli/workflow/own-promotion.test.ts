import assert from "node:assert/strict";
import {
  authorOf,
  committer,
  isOwnCommit,
  ownPull,
  promotionMarker,
  trailerOf,
} from "../../../../cli/workflow/own-promotion.js";
import { markedText } from "../../../../review/comment/marker.js";

const pair = { from: "staging", to: "prod-eu" };
const branch = "fleet/promote-staging-to-prod-eu";

describe("the commit of a promotion", () => {
  const message = `Promote staging to prod-eu\n\n${trailerOf(pair)}`;

  for (const [name, shown] of [
    ["of a person who amended it, with its message", `ann@example.com\n${message}`],
    ["of a person with another message", "ann@example.com\nA note"],
    ["of another pair of stacks whose name begins alike", `${committer.email}\n${message}-2`],
    ["that only quotes the line", `${committer.email}\nRevert\n\n> ${trailerOf(pair)}`],
    ["of a workflow that does something else", `${committer.email}\nFormat`],
  ] as const) {
    it(`is none ${name}`, () => assert.equal(isOwnCommit(shown, pair), false));
  }

  it("is one of the committer with the line", () => {
    assert.equal(isOwnCommit(`${committer.email}\n${message}\n`, pair), true);
  });
});

describe("the pull request of a promotion", () => {
  const pull = (repository: string | undefined, ref = branch) => ({
    number: 7,
    html_url: "",
    title: "",
    locked: false,
    head: { ref, sha: "", repo: repository === undefined ? null : { full_name: repository } },
    base: { ref: "main" },
  });

  it("is none from another repository of the owner, from one that is gone, or from another branch", () => {
    const others = [pull("acme/fleet-fork"), pull(undefined), pull("acme/fleet", "change")];
    assert.equal(ownPull(others, { repository: "acme/fleet", branch }), undefined);
  });

  it("is the one from this repository, also behind others", () => {
    const own = pull("Acme/fleet");
    assert.equal(ownPull([pull("acme/fleet-fork"), own], { repository: "acme/fleet", branch }), own);
  });

  const account = "github-actions[bot]";
  const marker = promotionMarker(pair);
  const author = (login: string | undefined, body: string | undefined) =>
    authorOf({ ...pull("acme/fleet"), user: login === undefined ? null : { login }, body }, { marker, account });
  const text = markedText(marker, "The files of prod-eu.");

  it("is a person's by another account, without the mark, and with the mark of another pair", () => {
    const other = markedText(promotionMarker({ from: "staging", to: "prod-us" }), "The files of prod-us.");
    for (const [login, body] of [
      ["ann", text],
      [undefined, text],
      [account, "By hand"],
      [account, undefined],
      [account, `Quoted:\n${text}`],
      [account, other],
    ] as const) {
      assert.equal(author(login, body), "person", `${login}: ${body}`);
    }
  });

  it("is the command's own, also with other line ends and with an edited text, which is told apart", () => {
    assert.equal(author("GitHub-Actions[bot]", text.replaceAll("\n", "\r\n")), "command");
    assert.equal(author(account, `${text}\nA note of Ann.`), "edited");
  });

  it("has a mark of its own for each pair", () => {
    const pairs = [
      ["a-", "b"],
      ["a", "-b"],
      ["a--b", "c"],
      ["a-b", "c"],
    ].map(([from = "", to = ""]) => ({ from, to }));
    const markers = pairs.map(promotionMarker);
    assert.equal(new Set(markers).size, pairs.length);
  });
});
