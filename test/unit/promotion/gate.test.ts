import assert from "node:assert/strict";
import { problemLine } from "../../../lib/diagnostics/problem.js";
import type { Part } from "../../../promotion/content.js";
import { type GateArgs, judgeUpdate, type Predecessor } from "../../../promotion/gate.js";
import { nextProof, nextTenantProof, type Proof, parseProof } from "../../../promotion/proof.js";
import { type ReadyLook, withLook } from "../../../promotion/ready.js";

const start = Date.UTC(2026, 0, 1);
const hour = 3_600_000;

/** The parts of a stack with two tenants. @param values other values than "1", by kind and name */
function content(values: Readonly<Record<string, string>> = {}): readonly Part[] {
  const part = (kind: Part["kind"], name: string, file: string): Part => {
    return { kind, name, value: values[`${kind} ${name}`.trim()] ?? "1", file, path: "" };
  };
  return [
    part("flux", "", "Pulumi.prod.yaml"),
    part("program", "", "index.ts"),
    part("tenant", "team-a", "stacks/base/tenants/team-a.yaml"),
    part("tenant", "team-b", "stacks/base/tenants/team-b.yaml"),
    part("chart", "HelmRelease x/y", "fleet/y.yaml"),
    part("settings", "", "Pulumi.prod.yaml"),
  ];
}

function proofOf(parts: readonly Part[], now = start, before?: Proof): Proof {
  return nextProof({ before, content: parts, now });
}

function staging(proved: Proof | undefined): Predecessor {
  return { stack: "staging", proved };
}

const plain: GateArgs["promotion"] = {
  from: "staging",
  needs: "applied",
  soak: "0s",
  freezes: [],
  longestOverride: "2160h",
};

/** The refusals of an update, an hour after the start. */
function refusals(args: Partial<GateArgs>): string[] {
  return judge(args).problems.map(problemLine);
}

function judge(args: Partial<GateArgs>) {
  const defaults = { stack: "prod", promotion: plain, content: content(), own: undefined };
  return judgeUpdate({ ...defaults, predecessor: staging(proofOf(content())), now: start + hour, ...args });
}

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

const [commit, older, newer] = ["a", "b", "c"].map((digit) => digit.repeat(40)) as [string, string, string];
const needsReady = { ...plain, needs: "ready" } as const;

/** A look at staging. @param waiting sources that are not Ready, in Flux's words */
function look(revision: string, waiting: ReadyLook["waiting"] = {}): ReadyLook {
  const revisions = Object.entries({
    platform: `main@sha1:${revision}`,
    "team-a/team-a": `main@sha1:${revision}`,
    "team-b/team-b": `refs/tags/v1.4.2@sha1:${revision}`,
  });
  return { revisions: Object.fromEntries(revisions.filter(([name]) => !Object.hasOwn(waiting, name))), waiting };
}

/** The pin of a source in prod's files. */
function pin(name: string, value: string): Part {
  return { kind: "revision", name, value, file: "stacks/prod/tenants/team-a.yaml", path: "sync.ref" };
}

describe("promotion that needs a Ready predecessor refuses", () => {
  it("all that was applied and never looked at, each by name", () => {
    const lines = refusals({ promotion: needsReady });
    assert.equal(lines.length, 5, lines.join("\n"));
    assert.match(
      lines[1] ?? "",
      /^index\.ts: the stack staging has applied this version of the program, and was never Ready with it\. Run npx fleet wait staging, and correct first what it names\.$/,
    );
  });

  it("the tenant that was not Ready, in Flux's words, and no other", () => {
    const words = "Kustomization team-b/team-b: quota exceeded";
    const proved = withLook(proofOf(content()), look(commit, { "team-b/team-b": words }), start);
    const lines = refusals({ promotion: needsReady, predecessor: staging(proved) });
    assert.equal(lines.length, 1, lines.join("\n"));
    assert.match(
      lines[0] ?? "",
      /has applied this base file of the tenant team-b, and was never Ready with it \(team-b: Kustomization team-b\/team-b: quota exceeded\)/,
    );
    const own = content().filter(({ name }) => name !== "team-b");
    assert.deepEqual(refusals({ promotion: needsReady, predecessor: staging(proved), content: own }), []);
  });

  it("Flux, program and charts when the platform was not Ready", () => {
    const proved = withLook(proofOf(content()), look(commit, { platform: "GitRepository: boom" }), start);
    const lines = refusals({ promotion: needsReady, predecessor: staging(proved) });
    assert.deepEqual(
      lines.map((line) => /has applied (Flux|this version|HelmRelease).* \(platform: GitRepository: boom\)/.test(line)),
      [true, true, true],
    );
  });

  it("a base file that was applied after the last look, and a soak that begins with the look", () => {
    const first = withLook(proofOf(content()), look(commit), start + hour / 2);
    const proved = proofOf(content({ "tenant team-a": "2" }), start + hour / 2, first);
    const after = { promotion: needsReady, predecessor: staging(proved), content: content({ "tenant team-a": "2" }) };
    assert.match(
      refusals(after).join(),
      /team-a\.yaml: the stack staging has applied this base file of the tenant team-a, and was/,
    );
    const soaking = { promotion: { ...needsReady, soak: "45m" }, predecessor: staging(first) };
    assert.match(refusals(soaking).join(), /has run this version of the program for 30m, and fleet:soak is 45m/);
  });

  it("a tag with the name of a branch that the predecessor follows: it may lead to any commit", () => {
    const proved = withLook(proofOf(content()), look(commit), start);
    const args = { promotion: needsReady, predecessor: staging(proved), own: proofOf(content()) };
    const lines = refusals({ ...args, content: [...content(), pin("team-a/team-a", "main")] });
    assert.match(lines.join(), /the stack staging was never Ready with the revision main of team-a/);
  });

  it("a pinned revision that was never Ready, and one that was for less than the soak", () => {
    const proved = withLook(withLook(proofOf(content()), look(older), start), look(commit), start + hour / 2);
    const args = { promotion: needsReady, predecessor: staging(proved), own: proofOf(content()) };
    assert.deepEqual(refusals({ ...args, content: [...content(), pin("team-a/team-a", newer)] }), [
      `stacks/prod/tenants/team-a.yaml: sync.ref: the stack staging was never Ready with the revision ${newer} of team-a. Run npx fleet wait staging, then npx fleet promote staging prod --tenant team-a.`,
    ]);
    assert.match(
      refusals({ ...args, content: [...content(), pin("platform", newer)] }).join(),
      /was never Ready with the platform's commit c+\. Run .* promote staging prod --platform/,
    );
    const soaked = { ...args, promotion: { ...needsReady, soak: "45m" } };
    assert.match(
      refusals({ ...soaked, content: [...content(), pin("team-a/team-a", commit)] }).join(),
      /has run the revision a+ of team-a for 30m, and fleet:soak is 45m/,
    );
  });
});

describe("promotion that needs a Ready predecessor lets pass", () => {
  it("a record by a clock that is ahead, where no soak is set", () => {
    const proved = withLook(proofOf(content()), look(commit), start + 2 * hour);
    const args = { predecessor: staging(proved), now: start + hour };
    assert.deepEqual(refusals({ ...args, promotion: needsReady }), []);
    assert.match(
      refusals({ ...args, promotion: { ...needsReady, soak: "1h" } }).join(),
      / for 0s, and fleet:soak is 1h/,
    );
  });

  it("all that was Ready, with the commit, the tag and older revisions of its record", () => {
    const proved = withLook(withLook(proofOf(content()), look(older), start), look(commit), start + hour / 2);
    const pins = [pin("platform", older), pin("team-a/team-a", commit), pin("team-b/team-b", "v1.4.2")];
    const args = { promotion: needsReady, predecessor: staging(proved) };
    assert.deepEqual(refusals({ ...args, content: [...content(), ...pins] }), []);
  });

  it("a pin that the stack has already, and every pin where applied is enough", () => {
    const pins = [...content(), pin("team-a/team-a", newer)];
    assert.deepEqual(refusals({ content: pins }), []);
    const proved = withLook(proofOf(content()), look(commit), start);
    const args = { promotion: needsReady, predecessor: staging(proved) };
    assert.deepEqual(refusals({ ...args, content: pins, own: proofOf(pins) }), []);
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

describe("a proof", () => {
  it("stays equal after an update without a change, with the times of the first", () => {
    const first = proofOf(content());
    assert.deepEqual(proofOf(content(), start + hour, first), first);
  });

  it("keeps used overrides, and drops tenants that are gone", () => {
    const override = { reason: "Urgent", until: "2026-01-02T00:00:00Z", passed: ["x"] };
    const first = nextProof({ before: undefined, content: content(), now: start, override });
    const fewer = content().filter(({ name }) => name !== "team-b");
    const second = nextProof({ before: first, content: fewer, now: start + hour });
    assert.deepEqual(second.overrides, [{ at: "2026-01-01T00:00:00Z", ...override }]);
    assert.deepEqual(Object.keys(second.tenants), ["team-a"]);
  });

  it("keeps pins, and the record of the last looks, and drops what is gone", () => {
    const [first, next] = [
      proofOf([...content(), pin("team-a/team-a", older)]),
      [...content(), pin("team-a/team-a", commit)],
    ];
    const looked = withLook(first, look(older), start);
    const second = proofOf(next, start + hour, looked);
    assert.deepEqual(Object.values(second.pins["team-a/team-a"] ?? {}), [older, commit]);
    assert.deepEqual(second.ready, looked.ready);
    const gone = proofOf(
      content().filter(({ name }) => name !== "team-b"),
      start + hour,
      looked,
    );
    const { "team-b/team-b": _, ...revisions } = look(older).revisions;
    assert.deepEqual(Object.keys(withLook(gone, { revisions, waiting: {} }, start + hour).ready?.tenants ?? {}), [
      "team-a",
    ]);
    assert.deepEqual(Object.keys(withLook(gone, { revisions, waiting: {} }, start).ready?.revisions ?? {}), [
      "platform",
      "team-a/team-a",
    ]);
  });

  it("keeps the record of a tenant that the stack runs, and the checkout of the look lacks", () => {
    const looked = withLook(proofOf(content()), look(commit), start);
    const { "team-b/team-b": kept, ...revisions } = look(newer).revisions;
    const { ready } = withLook(looked, { revisions, waiting: {} }, start + hour);
    assert.deepEqual(Object.values(ready?.revisions["team-b/team-b"] ?? {}), [`refs/tags/v1.4.2@sha1:${commit}`]);
    assert.ok(kept);
  });

  it("stays equal after a look without news, and keeps the record of what is not Ready any more", () => {
    const looked = withLook(proofOf(content()), look(commit), start);
    assert.deepEqual(withLook(looked, look(commit), start + hour), looked);
    const waiting = { "team-a/team-a": "boom" };
    const { ready } = withLook(looked, look(newer, waiting), start + hour);
    assert.deepEqual(Object.values(ready?.revisions["team-a/team-a"] ?? {}), [`main@sha1:${commit}`]);
    assert.deepEqual(ready?.waiting, waiting);
  });

  it("of one tenant's update has its base file and its pins alone, and none without an update of all", () => {
    const first = proofOf([...content(), pin("team-b/team-b", older)]);
    const now = start + hour;
    const changed = [
      ...content({ program: "2", "tenant team-a": "2", "tenant team-b": "2" }),
      pin("team-a/team-a", commit),
      pin("team-b/team-b", commit),
    ];
    const next = nextTenantProof({ before: first, content: changed, now, tenant: "team-a" });
    const expected = proofOf(
      [...content({ "tenant team-a": "2" }), pin("team-a/team-a", commit), pin("team-b/team-b", older)],
      now,
      first,
    );
    assert.deepEqual(next, expected);
    assert.equal(nextTenantProof({ before: undefined, content: changed, now, tenant: "team-a" }), undefined);
  });

  it("is read from outputs as it was written, and not from anything else", () => {
    const written = proofOf(content());
    assert.deepEqual(parseProof(JSON.parse(JSON.stringify(written))), written);
    for (const other of [undefined, null, {}, "proved", [], { flux: "v2" }, { flux: { yesterday: "v2" } }]) {
      assert.equal(parseProof(other), undefined);
    }
  });
});
