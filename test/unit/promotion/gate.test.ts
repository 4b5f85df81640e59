import assert from "node:assert/strict";
import { problemLine } from "../../../lib/diagnostics/problem.js";
import type { Part } from "../../../promotion/content.js";
import { content, hour, judge, plain, proofOf, refusals, staging, start } from "../../support/unit/promotion-gate.js";

describe("promotion refuses", () => {
  it("all that the predecessor has never run, each by name", () => {
    const other = { flux: "v2 x", program: "2", "tenant team-b": "2", "chart HelmRelease x/y": "y 2" };
    const lines = refusals({ content: content(other) });
    assert.equal(lines.length, 4, lines.join("\n"));
    const [flux, program, tenant, chart] = lines;
    assert.match(
      flux ?? "",
      /^Pulumi\.prod\.yaml: the stack staging has never run Flux v2 as flux\.lock\.json pins it\. Run/,
    );
    assert.match(program ?? "", /^index\.ts: the stack staging has never run this version of the program\./);
    assert.match(tenant ?? "", /team-b\.yaml: the stack staging has never run this base file of the tenant team-b\./);
    assert.match(chart ?? "", /fleet\/y\.yaml: the stack staging has never run HelmRelease x\/y with the chart y 2\./);
  });

  it("a tenant that the predecessor does not have, also one with an inherited name", () => {
    for (const name of ["team-c", "constructor"]) {
      const added: Part = { kind: "tenant", name, value: "1", file: "c.yaml", path: "" };
      const lines = refusals({ content: [...content(), added] });
      assert.equal(lines.length, 1);
      assert.match(lines[0] ?? "", new RegExp(`never run this base file of the tenant ${name}`));
    }
  });

  it("a change that the predecessor has run for less than the soak, and says how long to wait", () => {
    const proved = proofOf(content({ "tenant team-a": "2" }), start + hour / 2, proofOf(content()));
    const lines = refusals({
      promotion: { ...plain, soak: "1h" },
      content: content({ "tenant team-a": "2" }),
      predecessor: staging(proved),
    });
    assert.deepEqual(lines, [
      "stacks/base/tenants/team-a.yaml: the stack staging has run this base file of the tenant team-a for 30m, and fleet:soak is 1h. Wait for another 30m, while it stays in force there.",
    ]);
  });

  it("a change that the predecessor took back before the soak was over, however long ago", () => {
    const broken = content({ "tenant team-a": "broken" });
    const proved = proofOf(content(), start + hour / 2, proofOf(broken));
    const args = { promotion: { ...plain, soak: "1h" }, content: broken, predecessor: staging(proved) };
    assert.match(refusals({ ...args, now: start + 9999 * hour }).join(), /team-a for 30m, and fleet:soak is 1h/);
  });

  it("everything when the predecessor cannot be read, or has proved nothing, even without a change", () => {
    const own = proofOf(content());
    const unread = refusals({ own, predecessor: { stack: "staging", reason: 'unknown stack "staging"' } });
    assert.match(
      unread.join(),
      /promotesFrom: the outputs of the stack staging could not be read \(unknown stack "staging"\)/,
    );
    assert.equal(unread.length, 1);
    assert.match(refusals({ own, predecessor: staging(undefined) }).join(), /has no output that says what it has run/);
  });

  it("every change during a freeze, in the freeze's own time zone", () => {
    // 00:00 UTC is 01:00 in Berlin.
    const freeze = {
      from: "2026-01-01T01:30",
      until: "2026-01-01T03:00",
      reason: "Closing",
      timeZone: "Europe/Berlin",
    };
    const at = (minutes: number) =>
      refusals({ promotion: { ...plain, freezes: [freeze] }, now: start + minutes * 60_000 }).join();
    assert.equal(at(29), "");
    assert.match(
      at(30),
      /fleet:freezes\[0\]: nothing may change until 2026-01-01T03:00 Europe\/Berlin \(Closing\), and/,
    );
    assert.match(at(119), /this update changes Flux 1 .*, the settings, defaults and overlays of the stack\./);
    assert.equal(at(120), "");
  });

  it("a change of the stack's own settings during a freeze, on a stack without predecessor too", () => {
    const freeze = { from: "2026-01-01T00:00", until: "2026-01-02T00:00", reason: "Closing", timeZone: "UTC" };
    const args = {
      promotion: { needs: "applied", soak: "0s", freezes: [freeze], longestOverride: "2160h" } as const,
      predecessor: undefined,
      own: proofOf(content()),
    };
    assert.match(
      refusals({ ...args, content: content({ settings: "2" }) }).join(),
      /changes the settings, defaults and overlays/,
    );
    assert.deepEqual(refusals(args), []);
  });

  it("a change of the repositories of other stacks' tenants during a freeze, and at no other time", () => {
    const freeze = { from: "2026-01-01T00:00", until: "2026-01-02T00:00", reason: "Closing", timeZone: "UTC" };
    const elsewhere = (value: string): Part => ({ kind: "elsewhere", name: "", value, file: "x.yaml", path: "" });
    const args = { own: proofOf([...content(), elsewhere("1")]), content: [...content(), elsewhere("2")] };
    assert.deepEqual(refusals(args), []);
    assert.match(
      refusals({ ...args, promotion: { ...plain, freezes: [freeze] } }).join(),
      /this update changes the repositories of tenants that only other stacks run\./,
    );
  });

  it("as before when the override lasts too long, and says how long it may", () => {
    const far = { reason: "Urgent", until: "2026-04-02T00:00", timeZone: "UTC" };
    const at = (longestOverride: string, until = far.until) =>
      judge({
        promotion: { ...plain, longestOverride, override: { ...far, until } },
        content: content({ program: "2" }),
      });
    const { problems, override } = at("2160h");
    assert.equal(override, undefined);
    assert.match(
      problems.map(problemLine).join("\n"),
      /promotionOverride\.until: ends in 90d 23h, and fleet:longestOverride is 2160h, so it lets nothing pass\. Write an end that is at most 90d away/,
    );
    assert.equal(at("24h", "2026-01-03T00:00").problems.length, 2);
    assert.deepEqual(at("2160h", "2026-04-01T00:00").problems, []);
  });

  it("as before when the override has ended, and says so", () => {
    const override = { reason: "Urgent", until: "2026-01-01T01:00", timeZone: "UTC" };
    const { problems, override: used } = judge({
      promotion: { ...plain, override },
      content: content({ program: "2" }),
      now: start + hour,
    });
    assert.equal(used, undefined);
    assert.match(
      problems.map(problemLine).join("\n"),
      /Override\.until: ended at 2026-01-01T01:00:00Z, so it lets nothing pass/,
    );
    assert.equal(problems.length, 2);
  });
});

describe("promotion lets pass", () => {
  it("all that the predecessor has run for long enough, the settings of the stack, and an older value in its history", () => {
    const older = content({ program: "0", settings: "own" });
    const proved = proofOf(content(), start + 2 * hour, proofOf(older));
    const promotion = { ...plain, soak: "2h" };
    assert.deepEqual(refusals({ promotion, content: older, predecessor: staging(proved), now: start + 3 * hour }), []);
  });

  it("an update without a change, whatever the predecessor runs by now", () => {
    const own = proofOf(content({ program: "old" }));
    assert.deepEqual(refusals({ own, content: content({ program: "old" }) }), []);
  });

  it("refusals by an override until its end, each in words", () => {
    const override = { reason: "Urgent", until: "2026-01-01T02:00", timeZone: "UTC" };
    const promotion = { ...plain, override };
    const verdict = judge({ promotion, content: content({ program: "2" }) });
    assert.deepEqual(verdict, {
      problems: [],
      override: {
        reason: "Urgent",
        until: "2026-01-01T02:00:00Z",
        passed: ["the stack staging has never run this version of the program"],
      },
    });
    assert.deepEqual(judge({ promotion }), { problems: [] });
  });
});
