import assert from "node:assert/strict";
import fc from "fast-check";
import { type StackFiles, UpdatedStack, type UpdateOptions } from "../../support/unit/updated-stack.js";

const [small, large] = [{ limits: { size: "small" } }, { limits: { size: "large" } }] as const;
const first: StackFiles = { overlays: { "team-a": small, "team-b": small } };
/** The same with another overlay of team-a. */
const ofA: StackFiles = { overlays: { "team-a": large, "team-b": small } };
/** The same with another overlay of team-b. */
const ofB: StackFiles = { overlays: { "team-a": small, "team-b": large } };
const both: StackFiles = { overlays: { "team-a": large, "team-b": large } };
const onlyA = { only: "team-a" };
const onlyB = { only: "team-b" };

/** A stack after updates. */
async function updated(...updates: readonly (readonly [StackFiles, UpdateOptions?])[]): Promise<UpdatedStack> {
  const stack = new UpdatedStack();
  for (const [files, options] of updates) await stack.update(files, options);
  return stack;
}

const altered = (tenant: string) =>
  new RegExp(
    `nothing may change until .*, and this update changes the settings or connections of the tenant ${tenant}\\.`,
  );

describe("A freeze after an update of one tenant", () => {
  it("refuses to take back the overlay that the update applied, for the whole stack and for this tenant", async () => {
    for (const applied of [ofA, both]) {
      const stack = await updated([first], [applied, onlyA]);
      assert.match(await stack.refusalInFreeze(first, onlyA), altered("team-a"));
      assert.notEqual(await stack.refusalInFreeze(first), "");
    }
    // Changes of team-b were left out, so the settings in the proof are still the first ones.
    const stack = await updated([first], [both, onlyA]);
    assert.match(await stack.refusalInFreeze(first), altered("team-a"));
  });

  it("refuses to take back a setting that reached this tenant alone, and passes the others, which never had it", async () => {
    const stack = await updated([first], [{ ...first, secrets: ["ca"] }, onlyA]);
    for (const options of [{}, onlyA]) assert.match(await stack.refusalInFreeze(first, options), altered("team-a"));
    assert.equal(await stack.refusalInFreeze(first, onlyB), "");
  });

  it("refuses another chart of first files, which is a setting of the stack", async () => {
    const stack = await updated([first]);
    const [one, two] = [1, 2].map((chart) => ({ ...first, chart })) as [StackFiles, StackFiles];
    assert.match(await stack.refusalInFreeze(one, onlyA), altered("team-a"));
    await stack.update(one, onlyA);
    assert.equal(Object.keys(stack.proved?.settings ?? {}).length, 1);
    assert.match(await stack.refusalInFreeze(two, onlyA), altered("team-a"));
    assert.notEqual(await stack.refusalInFreeze(one), "");
  });

  it("refuses to take back repositories of a tenant that only other stacks run", async () => {
    const elsewhere = (topic: string): StackFiles => ({
      ...first,
      elsewhere: { "team-c": { repository: { topics: [topic] } }, "team-d": { repository: { topics: [topic] } } },
    });
    const [one, two] = [elsewhere("one"), elsewhere("two")];
    const stack = await updated([one], [two, { only: "team-c" }]);
    for (const options of [{}, { only: "team-c" }]) {
      assert.match(await stack.refusalInFreeze(one, options), altered("team-c"));
    }
  });

  it("refuses the other side of a connection that the update left out", async () => {
    const pods = { service: "web", pods: { app: "web" }, port: 80 };
    const importing = { imports: { web: { tenant: "team-b", export: "web" } } };
    const exporting = { exports: { web: { ...pods, to: ["team-a"] } } };
    const alone: StackFiles = { overlays: { "team-a": small, "team-b": exporting } };
    const connected: StackFiles = { overlays: { "team-a": importing, "team-b": exporting } };
    const stack = await updated([alone], [connected, onlyA]);
    assert.match(await stack.refusalInFreeze(connected, onlyB), altered("team-b"));
    assert.notEqual(await stack.refusalInFreeze(connected), "");
    await stack.update(connected);
    for (const options of [{}, onlyA, onlyB]) assert.equal(await stack.refusalInFreeze(connected, options), "");
  });

  it("refuses the changes of this tenant, and none that the update leaves out", async () => {
    const stack = await updated([first]);
    assert.match(await stack.refusalInFreeze(ofA, onlyA), altered("team-a"));
    assert.match(await stack.refusalInFreeze({ ...first, secrets: ["ca"] }, onlyA), altered("team-a"));
    assert.equal(await stack.refusalInFreeze(ofB, onlyA), "");
    assert.match(await stack.refusalInFreeze(both, onlyA), altered("team-a"));
  });

  it("passes an update without a change, of the tenant and of the whole stack", async () => {
    const stack = await updated([first], [ofA, onlyA]);
    const time = (one: UpdatedStack) => Object.keys(one.proved?.settings ?? {});
    assert.equal(time(stack).length, 2);
    for (const options of [{}, onlyA, onlyB]) assert.equal(await stack.refusalInFreeze(ofA, options), "");
    await stack.update(ofA);
    assert.equal(time(stack).length, 2);
    const later = await updated([first], [both, onlyA], [both, onlyB]);
    assert.equal(await later.refusalInFreeze(both), "");
  });

  it("refuses the changes that the update left out, in words", async () => {
    const stack = await updated([first], [both, onlyA]);
    assert.equal(Object.keys(stack.proved?.settings ?? {}).length, 1);
    assert.match(await stack.refusalInFreeze(both), /changes the settings, defaults and overlays of the stack\./);
    assert.match(await stack.refusalInFreeze(both, onlyB), altered("team-b"));
    assert.equal(await stack.refusalInFreeze(both, onlyA), "");
  });

  it("passes the whole stack after a tenant that had been left out was updated alone", async () => {
    const leftOut = ["team-b"];
    const stack = await updated([first], [both, { leftOut }]);
    assert.equal(await stack.refusalInFreeze(both, { leftOut }), "");
    assert.notEqual(await stack.refusalInFreeze(both), "");
    await stack.update(both, onlyB);
    assert.equal(await stack.refusalInFreeze(both), "");
    assert.notEqual(await stack.refusalInFreeze(ofA), "");
  });

  it("names a tenant once, by its base file", async () => {
    const stack = await updated([first]);
    const refused = await stack.refusalInFreeze({ ...ofA, base: "2" }, onlyA);
    assert.match(refused, /this update changes this base file of the tenant team-a\./);
  });
});

describe("A freeze names a change once", () => {
  const changes = (refused: string) => /and this update changes (.*)\. Wait for the end/.exec(refused)?.[1];
  const shared: Readonly<Record<string, readonly [files: StackFiles, name: string]>> = {
    Flux: [{ ...first, flux: "v2.9.3" }, "Flux v2.9.3 as flux.lock.json pins it"],
    "the platform's revision": [{ ...first, commit: "c".repeat(40) }, `the platform's commit ${"c".repeat(40)}`],
    "the repositories of other stacks' tenants": [
      { ...first, elsewhere: { "team-c": { repository: { topics: ["one"] } } } },
      "the repositories of tenants that only other stacks run",
    ],
  };
  for (const [what, [files, name]] of Object.entries(shared)) {
    it(`of ${what}, without the tenants whose digests have it`, async () => {
      assert.equal(changes(await (await updated([first])).refusalInFreeze(files)), name);
    });
  }

  it("of settings that the proof has never had, with ten tenants at most", async () => {
    const names = Array.from({ length: 12 }, (_, index) => `team-${index + 10}`);
    const all: StackFiles = { overlays: Object.fromEntries(names.map((name) => [name, small])) };
    const steps = names.map((only) => [{ ...all, secrets: ["ca"] }, { only }] as const);
    const stack = await updated([all], ...steps.slice(0, -1));
    const [ten, others] = [names.slice(0, 10).join(", "), "1 more"];
    assert.equal(
      changes(await stack.refusalInFreeze(all)),
      `the settings or connections of the tenants ${ten} and ${others}`,
    );
  });
});

describe("Updates of one tenant, in any order", () => {
  const size = fc.constantFrom<"small" | "large">("small", "large");
  const files = fc.record({ a: size, b: size, secret: fc.boolean() });
  const options = fc.constantFrom<UpdateOptions>({}, onlyA, onlyB, { leftOut: ["team-b"] });
  const filesOf = ({ a, b, secret }: { a: "small" | "large"; b: "small" | "large"; secret: boolean }): StackFiles => ({
    overlays: { "team-a": { limits: { size: a } }, "team-b": { limits: { size: b } } },
    secrets: secret ? ["ca"] : [],
  });
  const updatedBy = ({ only, leftOut = [] }: UpdateOptions) =>
    ["team-a", "team-b"].filter((name) => (only === undefined ? !leftOut.includes(name) : name === only));
  const wanted = ({ overlays, secrets }: StackFiles, name: string) => JSON.stringify([overlays[name], secrets]);

  it("never let a freeze pass a change, and let it pass a tenant without one", async () => {
    const step = fc.tuple(files, options);
    await fc.assert(
      fc.asyncProperty(files, fc.array(step, { maxLength: 4 }), step, async (start, steps, [last, how]) => {
        const all: readonly (readonly [StackFiles, UpdateOptions])[] = [
          [filesOf(start), {}],
          ...steps.map(([one, options]) => [filesOf(one), options] as const),
        ];
        const applied = new Map<string, string>();
        for (const [one, options] of all) for (const name of updatedBy(options)) applied.set(name, wanted(one, name));
        const stack = await updated(...all);
        const attempt = filesOf(last);
        const isSame = updatedBy(how).every((name) => applied.get(name) === wanted(attempt, name));
        const refused = await stack.refusalInFreeze(attempt, how);
        if (!isSame) assert.notEqual(refused, "");
        if (isSame && how.only !== undefined) assert.equal(refused, "");
      }),
      { numRuns: 60 },
    );
  });
});

describe("An update of one tenant by another program than that of the last update", () => {
  const other = { ...first, program: "2" };
  const line = /fleet up: --tenant team-a: the program is another one than in the last update of the whole stack/;

  it("is refused, with an override too: the proof has one program for all tenants", async () => {
    const stack = await updated([first]);
    const override = { reason: "Urgent", until: "2026-01-02T00:00", timeZone: "UTC" };
    for (const options of [onlyA, { ...onlyA, override }]) assert.match(await stack.refusal(other, options), line);
    assert.equal(await stack.refusal(other), "");
    await stack.update(other);
    assert.equal(await stack.refusal(other, onlyA), "");
  });

  it("names the way that leaves the other tenants as they are, which passes in a freeze too with an override", async () => {
    const stack = await updated([first]);
    assert.match(await stack.refusal(other, onlyA), /in a checkout of the commit that the stack ran last/);
    const override = { reason: "Incident", until: "2026-02-03T00:00", timeZone: "UTC" };
    assert.equal(await stack.refusalInFreeze(ofA, { ...onlyA, override }), "");
    assert.match(await stack.refusalInFreeze({ ...ofA, program: "2" }, { ...onlyA, override }), line);
  });

  it("is refused in the words of a preview", async () => {
    const [sentence, ...more] = await (await updated([first])).preview(other, onlyA);
    assert.match(sentence ?? "", new RegExp(`^pulumi up would be refused: ${line.source}`));
    assert.deepEqual(more, []);
  });
});
