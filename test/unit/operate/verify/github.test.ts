import assert from "node:assert/strict";
import { type LiveObject, liveIdentity } from "../../../../lib/kubernetes/live-object.js";
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

const others = [{ stack: "prod-eu", tenants: ["team-a"], webhookUrl: "https://prod.example.com" }];

function found(changed: Partial<LiveRepository>, maxKeyDays?: number): string[] {
  const args = {
    organisation: "acme",
    stack: "staging",
    others,
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
    const ofOther = ["fleet/prod-eu (read-only)", "fleet/prod-eu (image updates)"].map((title, index) => {
      return { title, key: "ssh-ed25519 CCCC", readOnly: index === 0 };
    });
    assert.deepEqual(found({ keys: [key, ...ofOther] }), []);
    const theirs = { ...hook, url: `https://prod.example.com/hook/${"b".repeat(64)}` };
    assert.deepEqual(found({ hooks: [hook, theirs] }), []);
  });

  it("have a finding about a key of a stack without the tenant, which no other stack judges", () => {
    const title = "fleet/prod-eu (image updates)";
    const tenants = expected.map((one) => ({ ...one, owner: { ...one.owner, tenant: "team-b" } }));
    const live = new Map([[repository, { ...sound, keys: [key, { ...foreign, title }] }]]);
    const findings = findGitHubDrift(tenants, live, { organisation: "acme", stack: "staging", others, now: 0 });
    assert.deepEqual(
      findings.map(({ object }) => object),
      [`deploy key "${title}" of acme/team-a`],
    );
  });

  it("name fleet clean for a key that a lost state left behind, and for no key of a person", () => {
    const keys = [key, { ...key, key: "ssh-ed25519 DDDD" }, foreign, { ...foreign, title: own }];
    const live = new Map([[repository, { ...sound, keys }]]);
    const findings = findGitHubDrift(expected, live, { organisation: "acme", stack: "staging", others, now: 0 });
    const byHand = "remove it in the settings of the repository (Deploy keys)";
    assert.deepEqual(
      findings.map(({ fix }) => fix),
      [`npx fleet clean staging, or ${byHand}`, byHand, byHand],
    );
    const hooks = [
      hook,
      ...["https://flux.example.com/hook", "https://ci.example.com/hook"].map((url) => {
        return { ...hook, url: `${url}/${"d".repeat(64)}` };
      }),
    ];
    const args = { organisation: "acme", stack: "staging", others, now: 0 };
    const [left, other] = findGitHubDrift(expected, new Map([[repository, { ...sound, hooks }]]), args);
    assert.match(left?.fix ?? "", /^npx fleet clean staging, or remove it/);
    assert.match(other?.fix ?? "", /^remove it/);
  });

  it("have a finding about a key whose Secret has lost its public half", () => {
    const place = { name: "tenant-git", namespace: "a" };
    const metadata = { ...place, labels: {}, annotations: {}, managedFields: [] };
    const identity = liveIdentity({ group: "core", version: "v1", kind: "Secret" }, place);
    const withSecret = new Map<string, LiveObject>([...live, [identity, { metadata }]]);
    const args = { planned: objects, live: withSecret, publicKeys: new Map(), webhookUrl: "https://flux.example.com" };
    const findings = findGitHubDrift(expectedRepositories(plan, args), new Map([[repository, sound]]), {
      organisation: "acme",
      stack: "staging",
      others,
      now: 0,
    });
    assert.deepEqual(
      findings.map(({ kind, difference }) => `${kind}: ${difference}`),
      ["key-other: cannot be compared: the Secret has no public half (identity.pub)"],
    );
  });

  it("show no address of another service, which often is a credential", () => {
    const told = (url: string) => {
      const live = new Map([[repository, { ...sound, hooks: [hook, { ...hook, url }] }]]);
      const [only] = findGitHubDrift(expected, live, { organisation: "acme", stack: "staging", others, now: 0 });
      return only?.object;
    };
    const of = "of acme/team-a";
    assert.equal(told("https://hooks.slack.com/services/T0/B0/hunter2"), `webhook https://hooks.slack.com/… ${of}`);
    assert.equal(told("https://me:hunter2@ci.example.com/"), `webhook https://ci.example.com/ ${of}`);
    assert.equal(told("https://ci.example.com/?token=hunter2"), `webhook https://ci.example.com/… ${of}`);
    assert.equal(told("hunter2"), `webhook without a valid address ${of}`);
    const path = `/hook/${"c".repeat(64)}`;
    assert.equal(told(`https://evil.example.com${path}`), `webhook https://evil.example.com/hook/cccccccc… ${of}`);
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
    ["rulesets that GitHub does not show", { rulesets: undefined }, "ruleset-missing: does not exist"],
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
