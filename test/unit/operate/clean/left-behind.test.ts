import assert from "node:assert/strict";
import fc from "fast-check";
import {
  hooksLeftBehind,
  keysLeftBehind,
  type LeftBehindArgs,
  type RegisteredHook,
  type RegisteredKey,
} from "../../../../operate/clean/left-behind.js";

const day = 86_400_000;
const now = Date.UTC(2026, 10, 27);
const title = "fleet/staging (read-only)";
const lost: RegisteredKey = {
  repository: "team-a",
  id: 1,
  title,
  key: "ssh-ed25519 AAAALOST",
  readOnly: true,
  created: now - 90 * day,
  lastUsed: now - 30 * day,
};
const path = (digit: string) => `/hook/${digit.repeat(64)}`;
const address = "https://flux.example.com";
const lostHook: RegisteredHook = {
  repository: "team-a",
  id: 5,
  url: `${address}${path("a")}`,
  created: now - 90 * day,
  isAnswered: false,
};

const args = (overrides: Partial<LeftBehindArgs> = {}): LeftBehindArgs => ({
  cluster: "staging",
  webhookUrl: address,
  state: { keys: new Set(), hooks: new Set() },
  secretKeys: new Map(),
  receiverPaths: new Set(),
  unusedMs: 7 * day,
  now,
  ...overrides,
});
const removedKeys = (keys: readonly RegisteredKey[], overrides: Partial<LeftBehindArgs> = {}) => {
  return keysLeftBehind(keys, args(overrides)).filter(({ stays }) => stays === undefined);
};

describe("the deploy keys that a lost state left behind", () => {
  for (const [name, key] of [
    ["of another cluster", { title: "fleet/prod-eu (read-only)" }],
    ["of a cluster whose name begins alike", { title: "fleet/staging-2 (read-only)" }],
    ["of a person, with a title that looks alike", { title: "fleet/staging (read-only) " }],
    ["in other letters", { title: "Fleet/Staging (read-only)" }],
    ["with a letter of another script", { title: "fleet/st\u0430ging (read-only)" }],
    ["without the use", { title: "fleet/staging" }],
    ["that may push, though its title says that it reads", { readOnly: false }],
    ["that reads, though its title is that of image updates", { title: "fleet/staging (image updates)" }],
    ["of a type that the program does not generate", { key: "ssh-rsa AAAALOST" }],
  ] as const) {
    it(`are not one ${name}`, () => {
      assert.deepEqual(keysLeftBehind([{ ...lost, ...key }], args({ unusedMs: 0 })), []);
    });
  }

  it("are not one of the state, or of a Secret, whatever the comment", () => {
    const own = new Set(["ssh-ed25519 AAAALOST"]);
    const keys = [{ ...lost, key: "ssh-ed25519 AAAALOST ada@laptop" }];
    assert.deepEqual(keysLeftBehind(keys, args({ state: { keys: own, hooks: new Set() } })), []);
    const [kept] = keysLeftBehind(
      keys,
      args({ secretKeys: new Map([["ssh-ed25519 AAAALOST", "team-a/git"]]), unusedMs: 0 }),
    );
    assert.equal(kept?.stays, "in the Secret team-a/git");
  });

  for (const [name, key, reason] of [
    [
      "is used, such as by a cluster of the same name in another fleet",
      { lastUsed: now - 3 * 3_600_000 },
      "used 3 h ago",
    ],
    ["was registered a moment ago", { created: now - 1000, lastUsed: undefined }, "registered within the last hour"],
    ["has no known age", { created: Number.NaN, lastUsed: undefined }, "registered at an unknown time"],
    ["has an unknown last use", { lastUsed: Number.NaN }, "used at an unknown time"],
    ["was used in the future, by a wrong clock", { lastUsed: now + day }, "used within the last hour"],
  ] as const) {
    it(`stay while one ${name}`, () => {
      const [found] = keysLeftBehind([{ ...lost, ...key }], args());
      assert.equal(found?.stays, reason);
      assert.equal(removedKeys([{ ...lost, ...key }], { unusedMs: 0 }).length, 1);
    });
  }

  it("are those with the exact title that are not in use, and those of image updates", () => {
    const pushing = { ...lost, id: 2, title: "fleet/staging (image updates)", readOnly: false };
    const never = { ...lost, id: 3, lastUsed: undefined };
    assert.deepEqual(
      removedKeys([lost, pushing, never]).map(({ id }) => id),
      [1, 2, 3],
    );
    assert.match(removedKeys([lost])[0]?.fingerprint ?? "", /^SHA256:[\w+/]{43}$/);
  });

  it("never include a key of the state or of a Secret, or one without the exact title", () => {
    const content = fc.constantFrom("AAAA", "BBBB", "CCCC", "DDDD");
    const anyKey = fc.record({
      title: fc.constantFrom(title, "fleet/staging (image updates)", "fleet/prod (read-only)", "mine"),
      key: content.map((text) => `ssh-ed25519 ${text}`),
      readOnly: fc.boolean(),
      created: fc.integer({ min: now - 100 * day, max: now }),
      lastUsed: fc.option(fc.integer({ min: now - 100 * day, max: now }), { nil: undefined }),
    });
    const known = fc.array(content.map((text) => `ssh-ed25519 ${text}`)).map((list) => new Set(list));
    fc.assert(
      fc.property(fc.array(anyKey), known, known, fc.integer({ min: 0, max: 30 }), (keys, stated, used, days) => {
        const all = keys.map((one, id) => ({ ...one, id, repository: "team-a" }));
        const facts = {
          state: { keys: stated, hooks: new Set<string>() },
          secretKeys: new Map([...used].map((one) => [one, "a/b"])),
          unusedMs: days * day,
        };
        for (const { id } of removedKeys(all, facts)) {
          const one = all[id];
          assert.ok(one !== undefined);
          assert.ok(one.title.startsWith("fleet/staging (") && !stated.has(one.key) && !used.has(one.key));
          assert.ok(days === 0 || now - Math.max(one.created, one.lastUsed ?? 0) >= days * day);
        }
      }),
    );
  });
});

describe("the webhooks that a lost state left behind", () => {
  const found = (hook: Partial<RegisteredHook>, overrides: Partial<LeftBehindArgs> = {}) => {
    return hooksLeftBehind([{ ...lostHook, ...hook }], args(overrides));
  };

  for (const url of [
    "https://ci.example.com/hook",
    `https://flux.example.com.evil.example${path("a")}`,
    `http://flux.example.com${path("a")}`,
    `https://flux.example.com:8443${path("a")}`,
    `https://flux.example.com/hook/${"a".repeat(63)}`,
    `https://flux.example.com/ci${path("a")}`,
    `https://flux.example.com${path("a")}?token=1`,
    "not a url",
  ]) {
    it(`are none at ${url.slice(0, 60)}`, () => assert.deepEqual(found({ url }, { unusedMs: 0 }), []));
  }

  it("are none of the state, of a Receiver, or of a cluster without receivers", () => {
    assert.deepEqual(found({}, { state: { keys: new Set(), hooks: new Set(["5"]) } }), []);
    assert.deepEqual(found({}, { receiverPaths: new Set([path("a")]) }), []);
    assert.deepEqual(found({}, { webhookUrl: undefined }), []);
  });

  it("stay while one is answered, or young", () => {
    assert.equal(found({ isAnswered: true })[0]?.stays, "its last delivery was answered");
    assert.equal(found({ created: now - 2 * day })[0]?.stays, "registered 2 days ago");
    assert.equal(found({ isAnswered: true, created: now }, { unusedMs: 0 })[0]?.stays, undefined);
  });

  it("are those that no Receiver answers, without their path, which is a secret", () => {
    const [one] = found({});
    assert.deepEqual([one?.id, one?.title, one?.stays], [5, `${address}/hook/aaaaaaaa…`, undefined]);
  });
});
