import assert from "node:assert/strict";
import { printMarkdown } from "../../../../review/document/print-markdown.js";
import { printText } from "../../../../review/document/print-text.js";
import { review } from "../../../../review/document/review.js";
import type { RuleFinding } from "../../../../review/rules/judge.js";
import { ruleEntries, shownFindings } from "../../../../review/rules/rule-entries.js";

const finding = (changed: Partial<RuleFinding> = {}): RuleFinding => ({
  rule: "private-repositories",
  level: "mandatory",
  stack: "staging",
  resource: "team-a-repository",
  tenant: "team-a",
  place: { file: "stacks/base/tenants/team-a.yaml", line: 3, path: "repository.visibility" },
  message: "the repository team-a is public",
  reason: "manifests tell names",
  fix: "make it private",
  ...changed,
});

const waiver = {
  rule: "private-repositories",
  tenant: "team-a",
  reason: "open source",
  owner: "@acme/security",
  expires: "2027-03-31",
};

describe("the entries of rules in a review", () => {
  it("come first, with place, rule, reason and remedy", () => {
    const document = review({ base: "a", head: "b", stacks: [], findings: [finding()] });
    assert.equal(
      printText(document),
      "b compared with a, stacks .\n\nRules\n" +
        "  Refused: stacks/base/tenants/team-a.yaml:3: repository.visibility: the repository team-a is public " +
        "(rule private-repositories), on staging\n" +
        "    - manifests tell names. To repair it, make it private\n",
    );
    assert.match(printMarkdown(document), /- \*\*Refused:\*\* `stacks\/base\/tenants\/team-a\.yaml:3`: /);
  });

  it("tell what is refused, advised, and accepted by whom", () => {
    const all = [finding(), finding({ level: "advisory" }), finding({ waiver })];
    assert.deepEqual(
      ruleEntries(all).map(({ effect }) => effect),
      ["refused", "advised", "accepted"],
    );
    const text = printText(review({ base: "a", head: "b", stacks: [], findings: all }));
    assert.match(text, /accepted until 2027-03-31 by @acme\/security: open source/);
  });

  it("name the resource where no file decides it", () => {
    const document = review({ base: "a", head: "b", stacks: [], findings: [finding({ place: undefined })] });
    assert.match(printText(document), /Refused: team-a-repository: the repository team-a is public/);
  });

  it("leave out what was there before, unless it blocks the change", () => {
    const advice = finding({ level: "advisory", message: "is baseline" });
    const all = [finding(), advice, finding({ waiver, message: "is accepted" })];
    assert.deepEqual(shownFindings(all, all), [finding()]);
    assert.deepEqual(shownFindings(all, []), all);
  });
});
