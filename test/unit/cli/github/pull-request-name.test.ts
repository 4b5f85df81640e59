import assert from "node:assert/strict";
import { nameOf, parsePullRequest, parseRepository } from "../../../../cli/github/pull-request-name.js";

describe("the name of a pull request", () => {
  const wrong = [
    "",
    "12",
    "#12",
    "fleet#12",
    "acme/fleet",
    "acme/fleet#",
    "acme/fleet#0",
    "acme/fleet#012",
    "acme/fleet#-1",
    "acme/fleet#1.5",
    "acme/fleet#1e3",
    "acme/fleet#12345678901",
    "acme/fleet/more#12",
    "acme/..#12",
    "../fleet#12",
    "acme/fl eet#12",
    "acme/fleet#12\n",
    "acme/fleet?x=#12",
    "https://github.com/acme/fleet/pull/12",
  ];
  for (const text of wrong) {
    it(`is refused: ${JSON.stringify(text)}`, () => assert.equal(parsePullRequest(text), undefined));
  }

  it("is OWNER/REPO#NUMBER", () => {
    assert.deepEqual(parsePullRequest("acme/fleet.git_2#12"), { owner: "acme", repo: "fleet.git_2", number: 12 });
    assert.deepEqual(parsePullRequest("jo_acme/fleet#1"), { owner: "jo_acme", repo: "fleet", number: 1 });
    assert.equal(nameOf({ owner: "acme", repo: "fleet", number: 12 }), "acme/fleet#12");
    assert.deepEqual(parseRepository("acme/fleet"), { owner: "acme", repo: "fleet" });
  });
});
