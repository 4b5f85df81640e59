import assert from "node:assert/strict";
import { problemLine } from "../../../lib/diagnostics/problem.js";
import type { Part } from "../../../promotion/content.js";
import { type GateArgs, judgeUpdate } from "../../../promotion/gate.js";
import { heldBack, withoutTenants } from "../../../promotion/held-back.js";
import { nextProof, nextTenantProof, parseProof } from "../../../promotion/proof.js";
import { withLook } from "../../../promotion/ready.js";
import {
  commit,
  content,
  hour,
  look,
  needsReady,
  newer,
  older,
  pin,
  plain,
  proofOf,
  staging,
  start,
} from "../../support/unit/promotion-gate.js";

const base: GateArgs = {
  stack: "prod",
  promotion: plain,
  content: content(),
  own: undefined,
  predecessor: staging(proofOf(content())),
  removed: [],
  now: start + hour,
};
const held = (args: Partial<GateArgs>) =>
  heldBack({ ...base, ...args }).map(({ tenant, problems }) => [tenant, problems.map(problemLine).join(" ")] as const);

describe("tenants that hold back an update", () => {
  it("are none when something else does: a shared part, an unread predecessor, a freeze, a removal", () => {
    const freezes = [{ from: "2026-01-01T00:00", until: "2026-01-02T00:00", reason: "x", timeZone: "UTC" }];
    const removed = [{ kind: "tenant", name: "team-b" } as const];
    const others: Partial<GateArgs>[] = [
      { content: content({ program: "2", flux: "2" }) },
      { predecessor: { stack: "staging", reason: "x" } },
      { predecessor: staging(undefined) },
      { promotion: { ...plain, freezes } },
      { removed, content: content().filter(({ name }) => name !== "team-b") },
    ];
    for (const args of others) {
      assert.notDeepEqual(judgeUpdate({ ...base, ...args }).problems, []);
      assert.deepEqual(held(args), []);
    }
  });

  it("are none while an override lets the update pass", () => {
    const override = { reason: "Urgent", until: "2026-01-02T00:00", timeZone: "UTC" };
    const changed = { content: content({ "tenant team-b": "2" }) };
    assert.equal(held(changed).length, 1);
    assert.deepEqual(held({ ...changed, promotion: { ...plain, override } }), []);
  });

  it("are named with each reason: a base file, a pin, a tenant that was never Ready", () => {
    const parts = [...content({ "tenant team-b": "2" }), pin("team-a/team-a", newer), pin("platform", newer)];
    const looked = withLook(
      proofOf(content({ "tenant team-b": "2" })),
      look(commit, { "team-b/team-b": "boom" }),
      start,
    );
    const found = held({ content: parts, promotion: needsReady, predecessor: staging(looked) });
    assert.deepEqual(
      found.map(([tenant]) => tenant),
      ["team-b", "team-a"],
    );
    assert.match(found[0]?.[1] ?? "", /was never Ready with it.*boom/);
    assert.match(found[1]?.[1] ?? "", /was never Ready with the revision c{40} of team-a/);
  });

  it("leave an update that passes without them, and no other tenant's parts out of it", () => {
    const parts = [...content({ "tenant team-b": "2" }), pin("team-bb/team-b", commit), pin("team-b/jobs", commit)];
    const rest = withoutTenants(parts, ["team-b"]);
    assert.deepEqual(
      parts.filter((part) => !rest.includes(part)).map(({ kind, name }) => `${kind} ${name}`),
      ["tenant team-b", "revision team-b/jobs"],
    );
    assert.deepEqual(judgeUpdate({ ...base, content: withoutTenants(content({ "tenant team-b": "2" }), ["team-b"]) }), {
      problems: [],
    });
  });
});

describe("the proof of an update that left out a tenant", () => {
  const before = proofOf([...content(), pin("team-b/team-b", older)]);
  const changed = [
    ...content({ program: "2", settings: "2", "tenant team-a": "2", "tenant team-b": "2" }),
    pin("team-b/team-b", newer),
    pin("team-b/more", newer),
  ];
  const now = start + hour;
  const leave = (args: Partial<Parameters<typeof nextProof>[0]> = {}) =>
    nextProof({ before, content: changed, now, leftOut: ["team-b"], ...args });

  it("has nothing new of it, nor of the settings with its overlay, and everything else", () => {
    const expected = proofOf(
      [...content({ program: "2", "tenant team-a": "2" }), pin("team-b/team-b", older)],
      now,
      before,
    );
    const next = leave();
    assert.deepEqual(next, { ...expected, leftOut: { "team-b": "2026-01-01T01:00:00Z" } });
    assert.deepEqual(parseProof(JSON.parse(JSON.stringify(next))), next);
  });

  it("keeps the time from which it is left out, and equals the one before when nothing changed", () => {
    const first = leave();
    assert.deepEqual(leave({ before: first, now: now + hour }), first);
  });

  it("forgets it once it is updated, with all or alone", () => {
    const first = leave();
    assert.equal(nextProof({ before: first, content: changed, now: now + hour }).leftOut, undefined);
    const alone = nextTenantProof({ before: first, content: changed, now: now + hour, tenant: "team-b" });
    assert.equal(alone?.leftOut, undefined);
    assert.ok(Object.values(alone?.tenants["team-b"] ?? {}).includes("2"));
    const other = nextTenantProof({ before: first, content: changed, now: now + hour, tenant: "team-a" });
    assert.deepEqual(other?.leftOut, first.leftOut);
  });

  it("does not have a tenant that the stack never had, and keeps the removal of one that it had before", () => {
    const without = (parts: readonly Part[]) => parts.filter(({ name }) => !name.startsWith("team-b"));
    const gone = proofOf(without(content()), start + 1000, before);
    const next = leave({ before: gone });
    assert.deepEqual(Object.keys(next.tenants), ["team-a"]);
    assert.deepEqual(next.pins, {});
    assert.deepEqual(next.removed, gone.removed);
    assert.ok(next.removed?.["tenant team-b"]);
    assert.deepEqual(leave({ before: undefined }).settings, {});
  });
});
