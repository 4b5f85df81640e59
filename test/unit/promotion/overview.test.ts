import assert from "node:assert/strict";
import fc from "fast-check";
import type { Part } from "../../../promotion/content.js";
import { inChainOrder, stackList } from "../../../promotion/overview.js";
import { nextProof, type Proof } from "../../../promotion/proof.js";
import { withLook } from "../../../promotion/ready.js";

const start = Date.UTC(2026, 0, 1);
const hour = 3_600_000;
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

function proofOf(tenant: string, now: number, before?: Proof): Proof {
  const at = { file: "", path: "" };
  const content: readonly Part[] = [
    { kind: "flux", name: "", value: `v2.9.2 ${digest("a")}`, ...at },
    { kind: "program", name: "", value: digest("b"), ...at },
    { kind: "tenant", name: "team-a", value: digest(tenant), ...at },
    { kind: "settings", name: "", value: digest("d"), ...at },
  ];
  return nextProof({ before, content, now });
}

describe("the list of stacks", () => {
  it("names a stack that cannot be read, or that has proved nothing", () => {
    const list = [
      { stack: "dev", soak: "0s", reason: "no stack named 'dev' found" },
      { stack: "new", soak: "0s" },
    ];
    assert.equal(
      stackList(list, start),
      "dev\n  outputs could not be read: no stack named 'dev' found\n\nnew\n  has proved nothing yet\n",
    );
  });

  it("has each part with its time, and what can follow", () => {
    const staging = proofOf("2", start + hour, proofOf("1", start));
    const list = [
      { stack: "prod", from: "staging", soak: "3h", proved: proofOf("1", start) },
      { stack: "staging", soak: "0s", proved: staging },
    ];
    const expected = (wait: string) => `staging
  Flux: v2.9.2 aaaaaaaa since 2026-01-01T00:00:00Z
  program: bbbbbbbb since 2026-01-01T00:00:00Z
  team-a: 22222222 since 2026-01-01T01:00:00Z

prod, promotes from staging after 3h
  Flux: v2.9.2 aaaaaaaa since 2026-01-01T00:00:00Z
  program: bbbbbbbb since 2026-01-01T00:00:00Z
  team-a: 11111111 since 2026-01-01T00:00:00Z; 22222222 ${wait}
`;
    assert.equal(stackList(list, start + 2 * hour), expected("can follow in 2h"));
    assert.equal(stackList(list, start + 4 * hour), expected("can follow"));
  });

  it("has what was Ready at the last look, and what was not, in Flux's words", () => {
    const revision = (digit: string) => `main@sha1:${digit.repeat(40)}`;
    const all = { platform: revision("c"), "team-a/team-a": revision("c"), "team-a/jobs": revision("c") };
    const first = withLook(proofOf("1", start), { revisions: all, waiting: {} }, start + hour);
    const { "team-a/jobs": _, ...fewer } = all;
    const proved = withLook(
      first,
      { revisions: fewer, waiting: { "team-a/jobs": "quota exceeded" } },
      start + 2 * hour,
    );
    const [, , , ...lines] = stackList([{ stack: "dev", soak: "0s", proved }], start)
      .trimEnd()
      .split("\n")
      .slice(1);
    assert.deepEqual(lines, [
      "  platform Ready at main@sha1:cccccccc since 2026-01-01T01:00:00Z",
      "  team-a Ready at main@sha1:cccccccc since 2026-01-01T01:00:00Z",
      "  team-a/jobs was not Ready: quota exceeded",
    ]);
  });

  it("has the tenants that the last update left out", () => {
    const before = proofOf("1", start);
    const part = { kind: "tenant", name: "team-a", value: digest("2"), file: "", path: "" } as const;
    const proved = nextProof({ before, content: [part], now: start + hour, leftOut: ["team-a"] });
    assert.match(
      stackList([{ stack: "prod", soak: "0s", proved }], start),
      /\n {2}team-a: 11111111 since 2026-01-01T00:00:00Z\n {2}team-a is left out since 2026-01-01T01:00:00Z\n/,
    );
  });

  it("has each stack once, also in circles and with predecessors that do not exist", () => {
    const names = fc.constantFrom("a", "b", "c", "d");
    const stacks = fc.uniqueArray(fc.record({ stack: names, from: fc.option(names, { nil: undefined }) }), {
      selector: ({ stack }) => stack,
    });
    fc.assert(
      fc.property(stacks, (given) => {
        const ordered = inChainOrder(given).map(({ stack }) => stack);
        assert.deepEqual([...ordered].sort(), given.map(({ stack }) => stack).sort());
      }),
    );
    const chain = [{ stack: "a", from: "b" }, { stack: "b", from: "c" }, { stack: "c" }];
    assert.deepEqual(
      inChainOrder(chain).map(({ stack }) => stack),
      ["c", "b", "a"],
    );
  });
});
