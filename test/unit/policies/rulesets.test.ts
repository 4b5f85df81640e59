import assert from "node:assert/strict";
import fc from "fast-check";
import { codeownersFile } from "../../../components/tenant/repository/tenant-repository.js";
import { rulesetsOf } from "../../../policies/rulesets.js";
import { tenantSpec } from "../../support/unit/spec.js";

const [{ protection }] = tenantSpec("team-a").repositories;
const owners = [{ pattern: "*", owners: ["@acme/shop"] }];

describe("rulesetsOf", () => {
  it("protects nothing when the file says so, which GitHub's free plan needs for private repositories", () => {
    assert.deepEqual(rulesetsOf({ protection: { ...protection, enabled: false }, codeowners: [] }), []);
  });

  it("keeps a default branch from being rewritten or deleted, and asks for nothing else", () => {
    assert.deepEqual(rulesetsOf({ protection, codeowners: [] }), [
      { name: "fleet", rules: { deletion: true, nonFastForward: true }, bypassActors: [] },
    ]);
  });

  it("lets no one bypass the rules about history, with any other settings", () => {
    fc.assert(
      fc.property(
        fc.record({
          enabled: fc.constant(true),
          pullRequest: fc.boolean(),
          reviews: fc.integer({ min: 0, max: 6 }),
          codeOwners: fc.boolean(),
          checks: fc.array(fc.string({ minLength: 1 })),
        }),
        fc.boolean(),
        (asked, hasOwners) => {
          const [history, ...others] = rulesetsOf({ protection: asked, codeowners: hasOwners ? owners : [] });
          assert.deepEqual(history, {
            name: "fleet",
            rules: { deletion: true, nonFastForward: true },
            bypassActors: [],
          });
          assert.equal(others.length, asked.pullRequest || asked.checks.length > 0 ? 1 : 0);
          for (const { bypassActors } of others) assert.equal(bypassActors.length, hasOwners ? 1 : 0);
        },
      ),
    );
  });

  it("requires another person to approve the last push, or its author would merge alone", () => {
    const asked = { ...protection, pullRequest: true };
    const lastPush = (reviews: number, codeOwners = false) => {
      const [, review] = rulesetsOf({ protection: { ...asked, reviews, codeOwners }, codeowners: owners });
      return review?.rules;
    };
    for (const reviews of [1, 6]) assert.match(JSON.stringify(lastPush(reviews)), /"requireLastPushApproval":true/);
    assert.match(JSON.stringify(lastPush(0, true)), /"requireLastPushApproval":true/);
    // Without reviews there is nothing to approve, and GitHub would never merge.
    assert.match(JSON.stringify(lastPush(0)), /"requireLastPushApproval":false/);
  });

  it("asks for what the file asks for", () => {
    const asked = { ...protection, pullRequest: true, reviews: 2, codeOwners: true, checks: ["test"] };
    const [, review] = rulesetsOf({ protection: asked, codeowners: owners });
    const text = JSON.stringify(review?.rules);
    assert.match(text, /"requiredApprovingReviewCount":2,"requireCodeOwnerReview":true/);
    assert.match(text, /"requiredChecks":\[\{"context":"test"\}\]/);
  });
});

describe("codeownersFile", () => {
  it("has the lines in their order, under a word about who writes them", () => {
    const lines = [...owners, { pattern: "/deploy/", owners: ["@ann", "bob@example.com"] }];
    assert.match(codeownersFile(lines), /^# [^\n]+\n\* @acme\/shop\n\/deploy\/ @ann bob@example\.com\n$/);
  });
});
