import assert from "node:assert/strict";
import { findGitHubDrift } from "../../../../operate/verify/github.js";
import { expectedRepositories, type LiveRepository } from "../../../../operate/verify/github-objects.js";
import { plannedObjects } from "../../../../operate/verify/planned-objects.js";
import { onGitHub, planned, planOf } from "../../../support/unit/plans.js";

const repository = "team-a";
const own = "fleet/staging (read-only)";
const rules = { deletion: true, pullRequest: { requiredApprovingReviewCount: 1 } };
const bypassActors = [{ actorId: 5, actorType: "RepositoryRole", bypassMode: "always" }];
const ruleset = {
  name: "fleet",
  enforcement: "active",
  target: "branch",
  conditions: { refName: { includes: ["~DEFAULT_BRANCH"], excludes: [] } },
  rules,
  bypassActors,
  repository,
};
const plan = planOf([
  onGitHub("Repository", "r", { name: repository }),
  onGitHub("RepositoryDeployKey", "k", { repository, title: own, readOnly: true }),
  onGitHub("RepositoryRuleset", "s", ruleset),
  onGitHub("RepositoryWebhook", "h", { repository, events: ["push"] }, { parent: "hook" }),
  planned(
    "source.toolkit.fluxcd.io/v1:GitRepository",
    { name: repository, namespace: "a" },
    {
      spec: {
        url: `ssh://git@github.com/acme/${repository}.git`,
        ref: { branch: "main" },
        secretRef: { name: "tenant-git" },
      },
    },
  ),
  planned("notification.toolkit.fluxcd.io/v1:Receiver", { name: "w", namespace: "a" }, {}, { parent: "hook" }),
]);
const objects = plannedObjects(plan);
const path = `/hook/${"a".repeat(64)}`;
const live = new Map(
  objects.map((one) => {
    const metadata = { ...one.metadata, labels: {}, annotations: {}, managedFields: [] };
    return [one.identity, { ...one.fields, metadata, status: { webhookPath: path } }] as const;
  }),
);
const expected = expectedRepositories(plan, {
  planned: objects,
  live,
  publicKeys: new Map([["a/tenant-git", "ssh-ed25519 AAAA own"]]),
  webhookUrl: "https://flux.example.com",
});

/** The repository as it must be. */
const sound: LiveRepository = {
  keys: [{ title: own, key: "ssh-ed25519 AAAA", readOnly: true, createdAt: "2026-11-01T00:00:00Z" }],
  rulesets: [
    {
      name: "fleet",
      enforcement: "active",
      target: "branch",
      include: ["~DEFAULT_BRANCH"],
      exclude: [],
      rules: { deletion: {}, pull_request: { required_approving_review_count: 1, allowed_merge_methods: ["merge"] } },
      bypass: [{ id: 5, type: "RepositoryRole", mode: "always" }],
    },
  ],
  hooks: [{ url: `https://flux.example.com${path}`, active: true, verifiesTls: true, events: ["push"] }],
  heads: new Map(),
};

function found(changed: Partial<LiveRepository>, maxKeyDays?: number): string[] {
  const args = {
    organisation: "acme",
    stack: "staging",
    stacks: ["staging", "prod-eu"],
    now: Date.UTC(2026, 10, 27),
    maxKeyDays,
  };
  const findings = findGitHubDrift(expected, new Map([[repository, { ...sound, ...changed }]]), args);
  return findings.map(({ kind, difference }) => `${kind}: ${difference}`);
}

const [key, foreign] = [sound.keys[0], { title: "mine", key: "ssh-ed25519 BBBB", readOnly: false }];
const [first] = sound.rulesets ?? [];
const [hook] = sound.hooks ?? [];
assert.ok(key && first && hook);

describe("deploy keys, rulesets and webhooks at GitHub", () => {
  it("have no finding where they are those of the plan, keys of other stacks among them", () => {
    const others = ["fleet/prod-eu (read-only)", "fleet/prod-eu (image updates)"].map((title, index) => {
      return { title, key: "ssh-ed25519 CCCC", readOnly: index === 0 };
    });
    assert.deepEqual(found({ keys: [key, ...others] }), []);
    assert.deepEqual(found({ rulesets: undefined }), []);
  });

  for (const [title, changed, text] of [
    ["a key that may push", { keys: [{ ...key, readOnly: false }] }, "key-writable: may push"],
    ["no key", { keys: [] }, "key-missing: does not exist"],
    [
      "another key",
      { keys: [{ ...key, key: "ssh-ed25519 BBBB" }] },
      "key-other: is not the public half of the key in the Secret",
    ],
    ["a key by hand", { keys: [key, foreign] }, "key-foreign: no file asks for it, and it may push"],
    [
      "a key of a former state",
      { keys: [key, { ...key, key: "ssh-ed25519 DDDD" }] },
      "key-foreign: no file asks for it, and it may read",
    ],
    [
      "a key of a stack that no file has",
      { keys: [key, { ...foreign, title: "fleet/gone (read-only)", readOnly: true }] },
      "key-foreign: no file asks for it, and it may read",
    ],
    [
      "a key of another stack that may push",
      { keys: [key, { ...foreign, title: "fleet/prod-eu (read-only)" }] },
      "key-foreign: no file asks for it, and it may push",
    ],
    ["no ruleset", { rulesets: [] }, "ruleset-missing: does not exist"],
    [
      "a disabled ruleset",
      { rulesets: [{ ...first, enforcement: "disabled" }] },
      "ruleset-changed: enforcement is disabled instead of active",
    ],
    [
      "a ruleset of another branch",
      { rulesets: [{ ...first, include: [] }] },
      "ruleset-changed: branches are none without exceptions",
    ],
    [
      "a ruleset that more may bypass",
      { rulesets: [{ ...first, bypass: [] }] },
      "ruleset-changed: no actor may bypass it instead of RepositoryRole 5 (always)",
    ],
    [
      "a ruleset without a rule",
      { rulesets: [{ ...first, rules: { deletion: {} } }] },
      "ruleset-changed: lacks the rule pull_request",
    ],
    [
      "a ruleset with another number",
      { rulesets: [{ ...first, rules: { ...first.rules, pull_request: { required_approving_review_count: 0 } } }] },
      "ruleset-changed: pull_request.required_approving_review_count is 0 instead of 1",
    ],
    ["a ruleset by hand", { rulesets: [first, { ...first, name: "mine" }] }, "ruleset-foreign: no file asks for it"],
    ["no webhook", { hooks: [] }, "webhook-missing: does not exist"],
    [
      "a webhook without TLS",
      { hooks: [{ ...hook, verifiesTls: false }] },
      "webhook-changed: does not verify the certificate of the cluster",
    ],
    ["a webhook that sleeps", { hooks: [{ ...hook, active: false }] }, "webhook-changed: is not active"],
    [
      "a webhook by hand",
      { hooks: [hook, { ...hook, url: "https://evil.example.com/" }] },
      "webhook-foreign: no file asks for it",
    ],
  ] as const) {
    it(`has a finding about ${title}`, () => assert.deepEqual(found(changed), [text]));
  }

  it("has a finding about a key that is older than allowed", () => {
    assert.deepEqual(found({}, 25), ["key-too-old: is 26 days old, and 25 are allowed"]);
    assert.deepEqual(found({}, 26), []);
  });
});
