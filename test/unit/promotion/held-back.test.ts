import assert from "node:assert/strict";
import { problemLine } from "../../../lib/diagnostics/problem.js";
import type { Part } from "../../../promotion/content.js";
import { type GateArgs, judgeUpdate } from "../../../promotion/gate.js";
import { heldBack, withoutTenants } from "../../../promotion/held-back.js";
import { nextProof, nextTenantProof, type Proof, parseProof } from "../../../promotion/proof.js";
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
    const rest = withoutTenants(parts, ["team-b"], undefined);
    assert.deepEqual(
      parts.filter((part) => !rest.includes(part)).map(({ kind, name }) => `${kind} ${name}`),
      ["tenant team-b", "revision team-b/jobs"],
    );
    assert.deepEqual(
      judgeUpdate({ ...base, content: withoutTenants(content({ "tenant team-b": "2" }), ["team-b"], undefined) }),
      {
        problems: [],
      },
    );
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

  it("has nothing new of it, and everything else", () => {
    const expected = proofOf(
      [...content({ program: "2", settings: "2", "tenant team-a": "2" }), pin("team-b/team-b", older)],
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
  });
});

describe("the settings of an update that leaves out a tenant", () => {
  const freezes = [{ from: "2026-01-01T00:00", until: "2026-01-02T00:00", reason: "x", timeZone: "UTC" }];
  /** The settings of a stack with an overlay of each tenant. */
  const settings = (own: string, overlays: Readonly<Record<string, string>>): readonly Part[] => {
    const without = (tenants: readonly string[]) => {
      const counted = Object.entries(overlays).filter(([name]) => !tenants.includes(name));
      return JSON.stringify([own, counted]);
    };
    const others = content().filter(({ kind }) => kind !== "settings");
    return [...others, { kind: "settings", name: "", value: without([]), without, file: "Pulumi.prod.yaml", path: "" }];
  };
  const [first, second] = [settings("1", { "team-b": "1" }), settings("2", { "team-b": "2" })];
  const left = (parts: readonly Part[], before: Proof | undefined, ...leftOut: string[]) =>
    nextProof({ before, content: parts, now: start + hour / 2, leftOut });
  const inFreeze = (parts: readonly Part[], own: Proof, ...tenants: string[]) =>
    judgeUpdate({ ...base, promotion: { ...plain, freezes }, own, content: withoutTenants(parts, tenants, own) })
      .problems.map(problemLine)
      .join();

  it("are others in a freeze when they go back to those that the stack ran before", () => {
    const own = left(second, proofOf(first), "team-b");
    for (const tenants of [["team-b"], []]) {
      assert.match(
        inFreeze(first, own, ...tenants),
        /nothing may change .* changes the settings, defaults and overlays/,
      );
    }
  });

  it("are the same in a freeze, whatever the overlay of a tenant that stays out says, and others when it comes", () => {
    const own = left(second, proofOf(first), "team-b");
    assert.equal(inFreeze(second, own, "team-b"), "");
    assert.equal(inFreeze(settings("2", { "team-b": "3" }), own, "team-b"), "");
    assert.match(inFreeze(second, own), /changes the settings/);
  });

  it("are the same in a freeze when a tenant is left out for the first time, unless its overlay changed", () => {
    assert.equal(inFreeze(first, proofOf(first), "team-b"), "");
    assert.match(inFreeze(settings("1", { "team-b": "2" }), proofOf(first), "team-b"), /changes the settings/);
  });
});

describe("a tenant that the predecessor left out", () => {
  const changed = content({ program: "2" });
  const there = nextProof({ before: proofOf(content()), content: changed, now: start, leftOut: ["team-b"] });
  const args = { predecessor: staging(there), content: changed };

  it("is held back while the program or Flux changes, on a stack that leaves it out, and on one without it", () => {
    const own = proofOf(content());
    const left = nextProof({ before: own, content: changed, now: start, leftOut: ["team-b"] });
    const withoutIt = proofOf(changed.filter(({ name }) => name !== "team-b"));
    for (const before of [own, left, withoutIt]) {
      const found = held({ ...args, own: before });
      assert.deepEqual(
        found.map(([tenant]) => tenant),
        ["team-b"],
      );
      assert.match(
        found[0]?.[1] ?? "",
        /the stack staging leaves the tenant team-b as it was since 2026-01-01T00:00:00Z, so/,
      );
    }
  });

  it("passes with the program that the stack runs it with already", () => {
    assert.deepEqual(judgeUpdate({ ...base, ...args, own: proofOf(changed) }).problems, []);
  });
});
