import assert from "node:assert/strict";
import fc from "fast-check";
import { codeownersFiles } from "../../../components/github/codeowners.js";
import { PLATFORM_CHECK } from "../../../policies/platform-workflow.js";
import { platformOwners, platformRulesets, rulesetsOf, templateRulesets } from "../../../policies/rulesets.js";
import { fleetSpec, tenantSpec } from "../../support/unit/spec.js";

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

describe("templateRulesets", () => {
  const { protection } = fleetSpec().platform.repository;

  it("demand a review of what every new tenant begins with, and exempt the program alone", () => {
    const [history, review] = templateRulesets({ protection: { ...protection, app: 7 } });
    assert.deepEqual(history?.bypassActors, []);
    assert.deepEqual(review?.bypassActors, [{ actorId: 7, actorType: "Integration", bypassMode: "always" }]);
    assert.match(JSON.stringify(review), /"requiredApprovingReviewCount":1,"requireCodeOwnerReview":false/);
  });

  it("are as few as the protection of the platform's repository asks for", () => {
    const names = (changed: object) =>
      templateRulesets({ protection: { ...protection, ...changed } }).map(({ name }) => name);
    assert.deepEqual(names({}), ["fleet", "fleet-review"]);
    assert.deepEqual(names({ pullRequest: false }), ["fleet"]);
    assert.deepEqual(names({ enabled: false }), []);
  });
});

describe("platformRulesets", () => {
  const { repository } = fleetSpec().platform;

  it("exempt an App alone where the program uses its token, and never by the rules about history", () => {
    const app = { ...repository, protection: { ...repository.protection, app: 7 } };
    const [history, review] = platformRulesets(app, "github.com");
    assert.deepEqual(history?.bypassActors, []);
    assert.deepEqual(review?.bypassActors, [{ actorId: 7, actorType: "Integration", bypassMode: "always" }]);
  });

  it("demand owners only where there are some, and the checks that are named", () => {
    const of = (platform: readonly string[]) => {
      const protection = { ...repository.protection, checks: ["manifests"] };
      return JSON.stringify(platformRulesets({ protection, owners: { platform, security: [] } }, "github.com"));
    };
    assert.match(of([]), /"requireCodeOwnerReview":false.*"requiredChecks":\[\{"context":"manifests"\}\]/);
    assert.match(of(["@acme/platform"]), /"requireCodeOwnerReview":true/);
  });

  it("are as few as the protection asks for", () => {
    const names = (changed: object) =>
      platformRulesets({ ...repository, protection: { ...repository.protection, ...changed } }, "github.com").map(
        ({ name }) => name,
      );
    assert.deepEqual(names({}), ["fleet", "fleet-review"]);
    assert.deepEqual(names({ pullRequest: false }), ["fleet"]);
    assert.deepEqual(names({ pullRequest: false, checks: ["test"] }), ["fleet", "fleet-review"]);
    assert.deepEqual(names({ enabled: false }), []);
  });

  it("demand the check of the workflow that is seeded with them, by the App that runs workflows, on the newest base", () => {
    const rules = { program: "acme/fleet", revision: "main" };
    const statusChecks = (host: string, changed: object = {}) => {
      const protection = { ...repository.protection, checks: ["manifests", PLATFORM_CHECK], ...changed };
      const [, review] = platformRulesets({ ...repository, rules, protection }, host);
      return review !== undefined && "requiredStatusChecks" in review.rules
        ? review.rules.requiredStatusChecks
        : undefined;
    };
    assert.deepEqual(statusChecks("github.com"), {
      // 15368 is GitHub Actions: a status that a token writes does not count.
      requiredChecks: [{ context: "manifests" }, { context: PLATFORM_CHECK, integrationId: 15_368 }],
      strictRequiredStatusChecksPolicy: true,
      doNotEnforceOnCreate: false,
    });
    // A server has another number, which the program does not know.
    const [, onServer] = statusChecks("github.acme.example")?.requiredChecks ?? [];
    assert.deepEqual(onServer, { context: PLATFORM_CHECK });
    // Without the workflow, such a check would block every merge.
    assert.deepEqual(statusChecks("github.com", { checks: [], pullRequest: false })?.requiredChecks.length, 1);
    const { protection, owners } = repository;
    assert.doesNotMatch(JSON.stringify(platformRulesets({ protection, owners }, "github.com")), /requiredStatusChecks/);
  });

  it("protect by owners of everything, and the security team's of what reaches each cluster", () => {
    const lines = (security: readonly string[]) =>
      platformOwners({ ...repository, owners: { platform: ["@acme/platform"], security } });
    assert.deepEqual(lines([]), [{ pattern: "*", owners: ["@acme/platform"] }]);
    const patterns = lines(["@acme/security"]).map(({ pattern }) => pattern);
    // The last pattern that matches a path counts.
    assert.deepEqual(patterns, ["*", "/fleet/", "/.github/"]);
    assert.deepEqual(platformOwners(repository), []);
  });
});

describe("codeownersFiles", () => {
  it("has the lines in their order, under a word about who writes them", () => {
    const lines = [...owners, { pattern: "/deploy/", owners: ["@ann", "bob@example.com"] }];
    const { ".github/CODEOWNERS": content = "" } = codeownersFiles(lines, "the tenant's file");
    assert.match(content, /^# [^\n]+the tenant's file[^\n]+\n\* @acme\/shop\n\/deploy\/ @ann bob@example\.com\n$/);
  });

  it("is none without lines", () => {
    assert.deepEqual(codeownersFiles([], "the tenant's file"), {});
  });
});
